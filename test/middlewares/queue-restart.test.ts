import t from 'tap'
import { type Joined, Restarts, take } from '../lib/broker/restarts.js'

async function waiting(world: Restarts, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const peer = await world.join(id)
    await peer.subscribe('q/#', { qos: 2 })
    peer.cut()
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

t.test('what waits comes in its order, over pages and restarts', async t => {
  const world = await Restarts.begin(t)
  await waiting(world, 'c')
  await world.publish('q/1', numbers(0, 200), 1)
  await world.crash()
  await world.publish('q/2', numbers(200, 300), 2)
  await world.restart()
  await world.publish('q/1', numbers(300, 400), 1)
  const peer = await world.join('c', { properties: { receiveMaximum: 20 } })
  t.same(await take(peer, 150), numbers(0, 150))
  await world.settled(peer)
  const read = (peer: Joined) => peer.packets.filter(({ cmd }) => cmd === 'publish').length
  t.ok(read(peer) > 0 && read(peer) <= 20, 'the next ones are under way')
  await world.crash()
  // A small window: a large batch waits a moment for more, and the clock stands still.
  const back = await world.join('c', { properties: { receiveMaximum: 20 } })
  const found = await take(back, 250)
  // Of one topic and one QoS [5.0 MQTT-4.6.0-5].
  const isTwo = (payload: string) => Number(payload) >= 200 && Number(payload) < 300
  t.same(
    found.filter(payload => !isTwo(payload)),
    [...numbers(150, 200), ...numbers(300, 400)],
    'those under way first'
  )
  t.same(found.filter(isTwo), numbers(200, 300))
  await back.nothing()
  await world.settled()
  await world.crash()
  await (await world.join('c')).nothing()
})

t.test('the limit of messages counts what waits since before the restart', async t => {
  const world = await Restarts.begin(t, { maximumQueuedMessages: 3 })
  await waiting(world, 'c')
  await world.publish('q/a', ['1', '2'])
  await world.crash()
  await world.publish('q/b', ['3', '4'])
  t.same(world.dropped, ['queue-full q/b'])
  await world.restart()
  await world.publish('q/c', ['5'])
  t.same(world.dropped, ['queue-full q/c'])
  const peer = await world.join('c')
  t.same(await take(peer, 3), ['1', '2', '3'])
  await world.settled(peer)
  peer.cut()
  await world.crash()
  await world.publish('q/d', ['6', '7', '8', '9'])
  t.same(world.dropped, ['queue-full q/d'], 'and there is room again for three')
})

t.test('so do the limits of bytes, of a session and of all together', async t => {
  const world = await Restarts.begin(t, { maximumQueuedBytes: 10, maximumStoredBytes: 16 })
  await waiting(world, 'c')
  await world.publish('q/a', ['123456'])
  await world.crash()
  await world.publish('q/b', ['12345', '1234'])
  t.same(world.dropped, ['queue-full q/b'], 'of the session')
  await waiting(world, 'd')
  await world.crash()
  await world.publish('q/c', ['1234567'])
  t.same(
    world.dropped,
    ['queue-full q/c', 'queue-full q/c'],
    'of one by its own limit, of the other by that of all'
  )
  await world.publish('q/d', ['123456'])
  t.same(world.dropped.slice(2), ['queue-full q/d'])
  t.same(await take(await world.join('c'), 2), ['123456', '1234'])
  t.same(await take(await world.join('d'), 1), ['123456'])
})

t.test('a message for many waits for each of them, and its expiry runs on', async t => {
  const world = await Restarts.begin(t)
  await waiting(world, 'a', 'b', 'c')
  await world.publish('q/short', ['gone'], 1, { properties: { messageExpiryInterval: 30 } })
  await world.publish('q/long', ['left'], 2, { properties: { messageExpiryInterval: 100 } })
  await world.restart(60_000)
  for (const id of ['a', 'b']) {
    const { properties, payload } = await (await world.join(id)).next('publish')
    t.match(properties, { messageExpiryInterval: 40 })
    t.same(payload, Buffer.from('left'))
  }
  await world.settled()
  await world.crash()
  for (const id of ['a', 'b', 'c']) t.same(await take(await world.join(id), 1), ['left'])
  await world.settled()
  await world.crash()
  for (const id of ['a', 'b', 'c']) await (await world.join(id)).nothing()
})
