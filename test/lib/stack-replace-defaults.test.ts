import t, { type Test } from 'tap'
import { type AnyMiddleware, createBroker, type Subscription } from '../../lib/index.js'
import {
  LastWill,
  MemoryBackend,
  PacketEmitter,
  RetainManager,
  Router,
  SessionManager
} from '../../middlewares/index.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'

async function running(t: Test) {
  const clock = new FakeClock()
  const broker = createBroker({ clock })
  t.teardown(() => broker.close())
  await broker.start()
  return { broker, clock, stack: broker.stack }
}

const kept = { clean: false, properties: { sessionExpiryInterval: 100 } }
const will = { topic: 'will', payload: Buffer.from('x'), qos: 0 as const, retain: false }

/** A router of somebody else: exact topics only, and it hands nothing over. */
function plainRouter(): AnyMiddleware & { topics: Map<string, Set<unknown>> } {
  const topics = new Map<string, Set<unknown>>()
  const router = {
    name: 'PlainRouter',
    topics,
    subscribeTopic({ session, subscription }: { session: unknown; subscription: Subscription }) {
      const known = topics.get(subscription.topic) ?? new Set()
      topics.set(subscription.topic, known.add(session))
    },
    unsubscribeTopic() {},
    relayMessage() {}
  }
  return router
}

t.test('sessions stay the same objects when SessionManager is replaced', async t => {
  const { stack } = await running(t)
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a', ...kept })
  await peer.subscribe('x')
  const session = stack.sessions.get('a')
  await stack.replace('SessionManager', new SessionManager())
  t.ok(stack.sessions.get('a') === session)
  t.equal(session?.client, peer.client)
  await stack.publish({ topic: 'x' })
  await peer.next('publish')
})

t.test('a SessionManager put into a running stack ends the sessions that others made', async t => {
  const { stack, clock } = await running(t)
  const gone = new Peer(stack)
  await gone.connect({ clientId: 'gone', ...kept })
  const there = new Peer(stack)
  await there.connect({ clientId: 'there', ...kept })
  const session = stack.sessions.get('there')
  gone.stream.end()
  while (stack.clients.has('gone')) await turn()
  await stack.replace('SessionManager', { name: 'Nobody', claimClientId() {} })
  await stack.replace('Nobody', new SessionManager())
  t.ok(stack.sessions.get('there') === session)
  clock.advance(101_000)
  t.same([...stack.sessions.keys()], ['there'])
})

t.test('the will of a connected client waits for its end when LastWill is replaced', async t => {
  const { stack, clock } = await running(t)
  const watcher = new Peer(stack)
  await watcher.connect({ clientId: 'w' })
  await watcher.subscribe('will')
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a', will })
  await stack.replace('LastWill', new LastWill())
  clock.advance(1000)
  await watcher.nothing()
  peer.stream.end()
  await watcher.next('publish')
  await watcher.nothing()
})

t.test('a LastWill that was handed nothing knows the wills that are stored', async t => {
  const { stack, clock } = await running(t)
  const watcher = new Peer(stack)
  await watcher.connect({ clientId: 'w' })
  await watcher.subscribe('will')
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a', will })
  await stack.replace('LastWill', { name: 'Nobody' })
  await stack.replace('Nobody', new LastWill())
  clock.advance(1000)
  await watcher.nothing()
  peer.stream.end()
  await watcher.next('publish')
})

t.test('parts of a composite hand over to those of their name', async t => {
  const { stack, broker } = await running(t)
  await broker.retained.set('a', 'x')
  await stack.replace('MemoryBackend', new MemoryBackend())
  t.equal((await broker.retained.get('a'))?.payload.toString(), 'x')
})

t.test('what has taken the place of a part hands over, not the part', async t => {
  const { stack, broker } = await running(t)
  await broker.retained.set('a', 'old')
  const { parts } = new MemoryBackend()
  const retained = parts.find(({ name }) => name === 'MemoryRetained')!
  await stack.replace('MemoryRetained', retained)
  await broker.retained.set('a', 'new')
  await stack.replace('MemoryBackend', new MemoryBackend())
  t.equal((await broker.retained.get('a'))?.payload.toString(), 'new')
})

t.test('a Router in the place of one that hands nothing over routes what sessions have', async t => {
  const { stack } = await running(t)
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  await peer.subscribe('x/#')
  const offline = new Peer(stack)
  await offline.connect({ clientId: 'b', ...kept })
  await offline.subscribe('x/+', { qos: 1 })
  offline.stream.end()
  while (stack.clients.has('b')) await turn()
  await stack.replace('Router', plainRouter())
  await stack.publish({ topic: 'x/1' })
  await peer.nothing()
  const router = new Router()
  await stack.replace('PlainRouter', router)
  t.equal(router.size, 2)
  t.same(await stack.publish({ topic: 'x/1', qos: 1 }), { matched: 2 })
  await peer.next('publish')
})

t.test('a Router brings sessions back of a stack without SessionManager', async t => {
  const { stack } = await running(t)
  await stack.replace('SessionManager', { name: 'Nobody' })
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  await peer.subscribe('x')
  await stack.replace('Router', plainRouter())
  await stack.replace('PlainRouter', new Router())
  t.same(await stack.publish({ topic: 'x' }), { matched: 1 })
})

t.test('a router of somebody else finds the subscriptions with the sessions', async t => {
  const { stack } = await running(t)
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  await peer.subscribe('x')
  const other = plainRouter()
  await stack.replace('Router', other)
  t.same(
    [...stack.sessions.values()].flatMap(session => [...session.subscriptions.keys()]),
    ['x']
  )
  await peer.subscribe('y')
  t.same([...other.topics.keys()], ['y'])
})

t.test('who listens to the broker goes on listening when PacketEmitter is replaced', async t => {
  const { stack, broker } = await running(t)
  const heard: string[] = []
  broker.on('connect', ({ client }) => heard.push(client.id))
  broker.on('error', err => heard.push(err.message))
  await stack.replace('PacketEmitter', new PacketEmitter())
  await new Peer(stack).connect({ clientId: 'a' })
  stack.emit('error', new Error('told'), null, null)
  t.same(heard, ['a', 'told'])
  broker.on('publish', ({ packet }) => heard.push(packet.topic))
  await broker.publish('x', '')
  t.same(heard, ['a', 'told', 'x'])
})

t.test('a PacketEmitter in the place of something else begins anew', async t => {
  const { stack, broker } = await running(t)
  await stack.replace('PacketEmitter', { name: 'Other', exportState: () => 'a state of its own' })
  await stack.replace('Other', new PacketEmitter())
  const heard: string[] = []
  broker.on('publish', ({ packet }) => heard.push(packet.topic))
  await broker.publish('x', '')
  t.same(heard, ['x'])
})

t.test('retained messages that are being sent all come when RetainManager is replaced', async t => {
  const { stack, broker } = await running(t)
  await stack.replace('RetainManager', new RetainManager({ pageSize: 1 }))
  for (const name of ['a', 'b', 'c', 'd']) await broker.retained.set(`x/${name}`, name)
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'a' })
  await peer.subscribe('x/#')
  await stack.replace('RetainManager', new RetainManager({ pageSize: 1 }))
  for (let i = 0; i < 10; i++) await turn()
  t.same(
    peer.packets.map(packet => 'topic' in packet && packet.topic),
    ['x/a', 'x/b', 'x/c', 'x/d']
  )
})
