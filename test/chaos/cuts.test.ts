import t from 'tap'
import {
  field,
  packet,
  properties,
  raw,
  rawConnect,
  rawPublish,
  rawSubscribe,
  rawUnsubscribe,
  u16,
  u32
} from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { leftovers } from '../support/leftovers.js'
import { type Version, versions, World } from '../support/scenario.js'

/** A long and valid conversation of one client, with a will and a session, as its bytes. */
function conversation(version: Version): Buffer[] {
  const five = version === 5
  const will = raw(field('raw'), five ? [0] : [], field('will'), field('bye'))
  const connect = rawConnect(version, {
    ...{ flags: 0x04 | 0x08, payload: will, keepalive: 60 },
    properties: properties([0x11], u32(100), [0x21], u16(20), [0x22], u16(5))
  })
  const alias = (topic: string) => rawPublish(version, topic, { properties: properties([0x23], u16(1)) })
  return [
    connect,
    rawSubscribe(version, [
      ['a/+', 2],
      ['#', 1],
      ['$share/g/a/#', 1]
    ]),
    rawPublish(version, 'a/b', { qos: 0, payload: 'zero' }),
    rawPublish(version, 'a/b', { qos: 1, id: 1, payload: 'one', retain: true }),
    rawPublish(version, 'a/c', { qos: 2, id: 2, payload: 'two' }),
    packet(0x62, u16(2)),
    ...(five ? [alias('a/alias'), alias('')] : []),
    packet(0xc0),
    packet(0x50, u16(3)),
    packet(0x40, u16(1)),
    packet(0x40, u16(2)),
    rawUnsubscribe(version, ['a/+', 'none']),
    rawPublish(version, 'a/d', { qos: 2, id: 9, payload: 'open' }),
    packet(0xe0)
  ]
}

for (const version of versions) {
  const name = { 3: '3.1', 4: '3.1.1', 5: '5.0' }[version]

  t.test(`${name}: a connection that is cut after any byte leaves nothing`, async t => {
    const world = new World({}, [])
    await world.broker.start()
    const { broker, clock } = world
    const timers = clock.pending
    const bytes = Buffer.concat(conversation(version))
    for (let length = 0; length <= bytes.length; length++) {
      const peer = world.peer(version)
      peer.check.limits.topicAliasMaximum = 5
      peer.raw(bytes.subarray(0, length))
      await turn()
      peer.cut()
      await turn()
      // Ends the session that the conversation left.
      const last = world.peer(version)
      last.raw(rawConnect(version))
      await last.next('connack')
      last.cut()
      await turn()
      const left = await leftovers(broker.stack, ['raw'])
      const same =
        Object.keys(left).length === 0 && broker.stats().subscriptions === 0 && clock.pending === timers
      if (!same)
        t.same([left, broker.stats().subscriptions, clock.pending], [{}, 0, timers], `after ${length} bytes`)
      const wrong = [...peer.violations, ...last.violations]
      if (wrong.length > 0) t.same(wrong, [], `after ${length} bytes`)
    }
    t.same(world.errors, [])
    t.ok(bytes.length > 120)
    await broker.close()
    t.equal(clock.pending, 0)
  })

  t.test(`${name}: the same bytes one at a time get the same answer [5.0 MQTT-4.2.0-1]`, async t => {
    const packets = conversation(version)
    const answers: string[] = []
    for (const size of [1, 2, 7, 100_000]) {
      const world = new World({}, [])
      await world.broker.start()
      const peer = world.peer(version)
      peer.check.limits.topicAliasMaximum = 5
      // Packet after packet: what the broker coalesces within a turn does not change what it says.
      for (const bytes of packets) {
        for (let at = 0; at < bytes.length; at += size) {
          peer.raw(bytes.subarray(at, at + size))
          if (size < 7) await turn()
        }
        await turn()
      }
      answers.push(peer.bytes.toString('hex'))
      t.same(peer.violations, [])
      await world.broker.close()
    }
    t.ok(answers[0]!.length > 100)
    t.same(new Set(answers).size, 1)
  })
}
