import { scenario, scenarios, versions } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

type Seen = Array<[topic: string, payload: string, retain: boolean]>

async function seen(peer: StrictPeer): Promise<Seen> {
  const messages = await peer.messages()
  return messages
    .map(({ topic, payload, retain }): Seen[number] => [topic, payload.toString(), retain])
    .sort()
}

scenarios(
  versions,
  'keeps the last retained message of a topic, and nothing else changes it [5.0 MQTT-3.3.1-5] [5.0 MQTT-3.3.1-8] [3.1.1 MQTT-3.3.1-5] [3.1.1 MQTT-3.3.1-6] [3.1.1 MQTT-3.3.1-7] [3.1.1 MQTT-3.3.1-8] [3.1.1 MQTT-3.3.1-12]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    for (const topic of ['a/1', 'a/2', 'b']) {
      await publisher.publish(topic, 'old', { retain: true, qos: 1 })
      await publisher.publish(topic, 'new', { retain: true })
      await publisher.publish(topic, 'passing')
    }
    const one = await client(version, 'one')
    await one.subscribe('a/#')
    t.same(await seen(one), [
      ['a/1', 'new', true],
      ['a/2', 'new', true]
    ])
  }
)

scenarios(
  versions,
  'sends retained messages at their QoS, but not above the granted one [3.1.1 MQTT-3.3.1-5] [5.0 MQTT-3.8.4-8]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    await publisher.publish('t', 'x', { retain: true, qos: 1 })
    for (const qos of [0, 1, 2] as const) {
      const one = await client(version, `s${qos}`)
      await one.subscribe('t', { qos })
      t.equal((await one.next('publish')).qos, Math.min(1, qos))
    }
  }
)

scenarios(
  versions,
  'an empty retained message is delivered and removes what there was [5.0 MQTT-3.3.1-6] [5.0 MQTT-3.3.1-7] [3.1.1 MQTT-3.3.1-10] [3.1.1 MQTT-3.3.1-11]',
  async ({ client, broker }, t, version) => {
    const [publisher, live] = [await client(version, 'publisher'), await client(version, 'live')]
    await publisher.publish('t', 'x', { retain: true })
    await publisher.nothing()
    await live.subscribe('#')
    await live.next('publish')
    await publisher.publish('t', '', { retain: true })
    await publisher.publish('never', '', { retain: true })
    t.same(await live.payloads(), ['', ''])
    const late = await client(version, 'late')
    await late.subscribe('#')
    t.same(await late.payloads(), [])
    t.same(broker.stats().retained, { messages: 0, bytes: 0 })
  }
)

scenarios(
  versions,
  'live messages have RETAIN 0 [5.0 MQTT-3.3.1-12] [3.1.1 MQTT-3.3.1-9]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('t')
    await one.publish('t', 'x', { retain: true })
    t.equal((await one.next('publish')).retain, false)
  }
)

scenarios(
  versions,
  'retained messages are no part of a session [3.1.1 MQTT-3.1.2-7]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.publish('t', 'x', { retain: true, qos: 1 })
    one.send({ cmd: 'disconnect' })
    await one.end()
    const late = await client(version, 'late')
    await late.subscribe('t')
    t.same(await seen(late), [['t', 'x', true]])
  }
)

scenarios(
  versions,
  'sends retained messages again with each SUBSCRIBE [5.0 MQTT-3.3.1-9] [5.0 MQTT-3.8.4-4] [3.1.1 MQTT-3.8.4-3]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.publish('t', 'x', { retain: true })
    for (let i = 0; i < 3; i++) {
      await one.subscribe('t')
      t.same(await seen(one), [['t', 'x', true]])
    }
  }
)

scenario(
  '5.0: Retain As Published keeps the flag of the publisher [5.0 MQTT-3.3.1-13]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('t', { rap: true })
    await one.publish('t', 'a', { retain: true })
    await one.publish('t', 'b')
    t.same(await seen(one), [
      ['t', 'a', true],
      ['t', 'b', false]
    ])
  }
)

scenario(
  '5.0: what is sent at subscribe has RETAIN 1, also without Retain As Published',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.publish('t', 'a', { retain: true })
    await one.subscribe('t', { rap: false })
    t.same(await seen(one), [['t', 'a', true]])
  }
)

scenario(
  '5.0: of subscriptions that overlap one with Retain As Published keeps the flag',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('t/#', { rap: false })
    await one.subscribe('t/+', { rap: true })
    await one.publish('t/x', 'a', { retain: true })
    const flags = (await seen(one)).map(([, , retain]) => retain)
    t.ok(flags.includes(true))
  }
)

scenario(
  '5.0: Retain Handling 1 asks whether the subscription is new, 2 says never [5.0 MQTT-3.3.1-10] [5.0 MQTT-3.3.1-11]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.publish('t', 'x', { retain: true })
    const counts: number[] = []
    for (const rh of [1, 1, 2, 0, 1] as const) {
      await one.subscribe('t', { rh })
      counts.push((await one.messages()).length)
    }
    one.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['t'] })
    await one.next('unsuback')
    for (const rh of [2, 1] as const) {
      await one.subscribe('t', { rh })
      counts.push((await one.messages()).length)
    }
    t.same(counts, [1, 0, 0, 1, 0, 0, 0], 'after the UNSUBSCRIBE 2 comes first, so that 1 finds it again')
    await one.publish('t', 'live')
    t.same(await one.payloads(), ['live'])
  }
)

scenario(
  '5.0: retained messages carry the identifier of the subscription that asked',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.publish('t', 'x', { retain: true })
    await one.subscribe('#', {}, { subscriptionIdentifier: 4 })
    await one.next('publish')
    await one.subscribe('t', {}, { subscriptionIdentifier: 9 })
    t.equal((await one.next('publish')).properties?.subscriptionIdentifier, 9)
  }
)

scenario('5.0: shared subscriptions get no retained messages', async ({ client }) => {
  const one = await client(5, 'one')
  await one.publish('t', 'x', { retain: true })
  await one.subscribe('$share/g/t')
  await one.nothing()
})

scenario(
  '5.0: without retained messages a retained PUBLISH is refused with 0x9A, a will too [5.0 MQTT-3.2.2-13] [5.0 MQTT-3.2.2-14]',
  {
    retainAvailable: false
  },
  async ({ peer }, t) => {
    const one = peer()
    t.equal((await one.connect()).properties?.retainAvailable, false)
    one.send({ cmd: 'publish', topic: 't', payload: 'x', qos: 1, messageId: 1, retain: true, dup: false })
    t.equal(await one.ending(), 'disconnect 9a')
    const will = peer()
    const { reasonCode } = await will.connect({
      clientId: 'will',
      will: { topic: 't', payload: Buffer.from('x'), qos: 0, retain: true }
    })
    t.equal(reasonCode, 0x9a)
    t.equal(await will.ending(), 'closed')
  }
)

scenario(
  '5.0: a retained PUBLISH above the quota is refused with 0x97',
  { maximumRetainedMessages: 1 },
  async ({ client }, t) => {
    const one = await client(5, 'one')
    const retain = (topic: string, qos: 1 | 2) => one.publish(topic, 'x', { retain: true, qos })
    t.equal(await retain('a', 1), 0x10)
    t.equal(await retain('b', 1), 0x97)
    t.equal(await retain('b', 2), 0x97)
    t.equal(await retain('a', 2), 0x10, 'one that replaces another is taken')
  }
)
