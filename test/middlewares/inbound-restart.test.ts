import t from 'tap'
import { publish, Restarts, take } from '../lib/broker/restarts.js'

/** Somebody who is away and gets everything later. */
async function away(world: Restarts): Promise<void> {
  const peer = await world.join('away')
  await peer.subscribe('t/#', { qos: 2 })
  peer.cut()
}

/** What waits for that one. */
async function got(world: Restarts, count: number): Promise<string[]> {
  const peer = await world.join('away')
  const found = await take(peer, count)
  await peer.nothing()
  return found
}

t.test('what was acknowledged is there after a crash: QoS 1 and 2', async t => {
  const world = await Restarts.begin(t)
  await away(world)
  const peer = await world.join('p')
  peer.send(publish('t/1', 'one'), publish('t/2', 'two', { qos: 2, messageId: 2 }))
  await peer.next('puback')
  await peer.next('pubrec')
  await world.crash()
  t.same(await got(world, 2), ['one', 'two'])
})

for (const version of [4, 5] as const) {
  t.test(`after PUBREC an identifier is one message across a crash, MQTT ${version}`, async t => {
    const world = await Restarts.begin(t)
    await away(world)
    const first = await world.join('p', { version })
    const message = publish('t/2', 'once', { qos: 2, messageId: 7 })
    first.send(message)
    await first.next('pubrec')
    await world.crash()
    const second = await world.join('p', { version })
    t.ok(second.present)
    for (const dup of [true, false]) {
      second.send({ ...message, dup })
      t.notOk(((await second.next('pubrec')).reasonCode ?? 0) >= 0x80, 'whatever DUP says')
    }
    await world.crash()
    const third = await world.join('p', { version })
    third.send({ ...message, dup: true })
    await third.next('pubrec')
    third.send({ cmd: 'pubrel', messageId: 7 })
    t.notOk((await third.next('pubcomp')).reasonCode)
    await world.crash()
    const fourth = await world.join('p', { version })
    fourth.send({ cmd: 'pubrel', messageId: 7 })
    const { reasonCode = 0 } = await fourth.next('pubcomp')
    t.equal(reasonCode, version === 5 ? 0x92 : 0, 'it is over')
    fourth.send({ ...message, payload: 'another' })
    await fourth.next('pubrec')
    t.same(await got(world, 2), ['once', 'another'])
  })
}

t.test('a message whose PUBREC never went out is taken once: with its id or without a trace', async t => {
  const world = await Restarts.begin(t)
  await away(world)
  const peer = await world.join('p')
  const message = publish('t/2', 'x', { qos: 2, messageId: 3 })
  peer.send(message)
  // The crash comes in the same turn: whatever was written is a whole.
  while (world.broker.stats().messages.received === 0) await new Promise(setImmediate)
  await world.crash()
  const again = await world.join('p')
  again.send({ ...message, dup: true })
  await again.next('pubrec')
  again.send({ cmd: 'pubrel', messageId: 3 })
  await again.next('pubcomp')
  t.same(await got(world, 1), ['x'])
})

t.test('open identifiers end with their session', async t => {
  const world = await Restarts.begin(t)
  await away(world)
  const peer = await world.join('p', { expiry: 10 })
  peer.send(publish('t/2', 'old', { qos: 2, messageId: 4 }))
  await peer.next('pubrec')
  peer.send({ cmd: 'disconnect' })
  await peer.end()
  await world.settled()
  await world.crash(11_000)
  await world.later(1000)
  const next = await world.join('p', { expiry: 10 })
  t.notOk(next.present)
  next.send(publish('t/2', 'new', { qos: 2, messageId: 4 }))
  await next.next('pubrec')
  t.same(await got(world, 2), ['old', 'new'])
})
