import { type Duplex, duplexPair } from 'node:stream'
import t from 'tap'
import { rawConnect, rawPublish, rawSubscribe } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { leftovers } from '../support/leftovers.js'
import { World } from '../support/scenario.js'

/** A client that says things and never reads; the buffers between it and the broker are tiny. */
function deaf(world: World, bytes: readonly Buffer[]): Duplex {
  const [near, far] = duplexPair({ highWaterMark: 16 })
  near.on('error', () => {})
  world.broker.connect(far, { local: true })
  near.write(Buffer.concat(bytes))
  return near
}

const payload = Buffer.alloc(10_000, 'x')

for (const qos of [0, 1, 2]) {
  t.test(`QoS ${qos}: a client that never reads holds the others up for a second only`, async t => {
    const world = new World({ slowTimeout: 1000, maximumQueuedBytes: 1_000_000 }, [])
    await world.broker.start()
    const { broker, clock } = world
    const dropped = new Map<string, number>()
    broker.on('dropped', ({ reason }) => dropped.set(reason, (dropped.get(reason) ?? 0) + 1))
    const connect = rawConnect(5, { properties: [5, 0x11, 0, 0, 0, 0] })
    const slow = deaf(world, [connect, rawSubscribe(5, [['t', qos]])])
    await turn()
    const [publisher, reader] = [await world.client(5, 'publisher'), await world.client(5, 'reader')]
    await reader.subscribe('t', { qos: 0 })
    const before = process.memoryUsage().arrayBuffers
    let seen = 0
    for (let i = 0; i < 400; i++) {
      publisher.raw(rawPublish(5, 't', { qos, payload, ...(qos && { id: (i % 60_000) + 1 }) }))
      if (i % 50 === 0) {
        await world.pass(2)
        seen += (await reader.messages()).length
      }
    }
    await world.pass(3)
    seen += (await reader.messages()).length
    t.equal(seen, 400, 'the others got everything')
    t.ok(
      (dropped.get('slow-consumer') ?? 0) + (dropped.get('queue-full') ?? 0) > 0,
      'it lost what it did not read'
    )
    const grown = process.memoryUsage().arrayBuffers - before
    t.ok(grown < 40_000_000, `memory is bounded: ${grown}`)
    t.notOk(broker.clients.get('publisher')!.isHeld, 'nobody is held any more')
    slow.destroy()
    for (const client of broker.clients.values()) if (client.id === 'raw') client.close()
    await world.pass(4)
    t.equal(broker.clients.has('raw'), false)
    for (const peer of world.peers) peer.cut()
    await turn()
    await world.pass(4)
    t.same(await leftovers(broker.stack, ['raw', 'reader', 'publisher']), {})
    await broker.close()
    t.equal(clock.pending, 0)
    t.same(reader.violations, [])
  })
}

t.test('a client that never reads its own answers is bounded, too', async t => {
  const world = new World({}, [])
  await world.broker.start()
  const { broker, clock } = world
  const near = deaf(world, [rawConnect(5)])
  await turn()
  const before = process.memoryUsage().arrayBuffers
  const pings = Buffer.from('c000'.repeat(50_000), 'hex')
  for (let i = 0; i < 40; i++) {
    near.write(pings)
    await turn()
  }
  const other = await world.client(5, 'other')
  await other.nothing()
  const queued = [...broker.stack.connections].map(client => client.writer.pending)
  t.ok(Math.max(...queued) < 2_000_000, `${queued} bytes wait`)
  t.ok(process.memoryUsage().arrayBuffers - before < 60_000_000)
  near.destroy()
  for (const client of broker.clients.values()) client.close()
  await world.pass(4)
  t.equal(broker.stack.connections.size, 0, 'the sweep ends what does not read its last bytes')
  await broker.close()
  t.equal(clock.pending, 0)
})
