import type mqtt from 'mqtt-packet'
import t from 'tap'
import { type Joined, Restarts, take } from '../lib/broker/restarts.js'

const will = (id: string, delay = 0): mqtt.IConnectPacket['will'] => ({
  ...{ topic: `will/${id}`, payload: Buffer.from(id), qos: 1, retain: false },
  properties: { willDelayInterval: delay }
})

async function begin(t: Parameters<typeof Restarts.begin>[0]): Promise<Restarts> {
  const world = await Restarts.begin(t)
  await watch(world).then(peer => peer.subscribe('will/#', { qos: 1 }))
  return world
}

const watch = (world: Restarts): Promise<Joined> => world.join('watcher')

t.test('a delay goes on where it was, and one that was over meanwhile is due at the start', async t => {
  const world = await begin(t)
  const delays = { gone: 50, soon: 100, late: 200, back: 100 }
  for (const [id, delay] of Object.entries(delays)) {
    const peer = await world.join(id, { will: will(id, delay) })
    peer.cut()
  }
  await world.later(20_000)
  await world.crash(40_000)
  await world.later(250)
  const watcher = await watch(world)
  t.same(await take(watcher, 1), ['gone'], 'it waited for whom it was for')
  t.ok((await world.join('back')).present)
  await world.later(39_000)
  await watcher.nothing()
  await world.later(1000)
  t.same(await take(watcher, 1), ['soon'])
  await watcher.nothing()
  await world.settled(watcher)
  await world.crash(1_000_000)
  await world.later(250)
  const again = await watch(world)
  t.same(await take(again, 1), ['late'], 'and nothing twice')
  await again.nothing()
})

t.test('of a client that was connected when the process died', async t => {
  const world = await begin(t)
  await world.join('at-once', { will: will('at-once') })
  await world.join('delayed', { will: will('delayed', 60) })
  await world.join('back', { will: will('back', 60) })
  await world.join('ends', { will: will('ends', 60), expiry: 0 })
  const left = await world.join('left', { will: will('left') })
  left.send({ cmd: 'disconnect' })
  await left.end()
  await world.settled()
  await world.crash(30_000)
  const watcher = await watch(world)
  await watcher.nothing()
  await world.later(250)
  t.same((await take(watcher, 2)).sort(), ['at-once', 'ends'])
  await watcher.nothing()
  await world.later(30_000)
  const back = await world.join('back', { will: will('second') })
  t.ok(back.present)
  await world.later(40_000)
  t.same(await take(watcher, 1), ['delayed'], 'its delay began with the start')
  await watcher.nothing()
  back.cut()
  t.same(await take(watcher, 1), ['second'])
})

t.test('a stop publishes what is not delayed, to those who come later, too', async t => {
  const world = await begin(t)
  await world.join('at-once', { will: will('at-once') })
  await world.join('delayed', { will: will('delayed', 60) })
  await world.restart(50_000)
  const watcher = await watch(world)
  t.same(await take(watcher, 1), ['at-once'])
  await watcher.nothing()
  await world.later(11_000)
  t.same(await take(watcher, 1), ['delayed'])
  await world.settled(watcher)
  await world.restart()
  await world.later(1_000_000)
  await (await watch(world)).nothing()
})
