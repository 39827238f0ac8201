import t from 'tap'
import { type Broker, createBroker, Publish, Retained, Stack } from '../../../lib/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'

async function topics(broker: Broker, filter: string): Promise<string[]> {
  const found: string[] = []
  for await (const packet of broker.retained.match(filter)) found.push(packet.topic)
  return found.sort()
}

t.test('set() reaches subscribers of now and of later', async t => {
  await using broker = createBroker()
  await broker.retained.set('early', 'it starts the broker')
  const peer = new Peer(broker.stack, 5)
  await peer.connect()
  await peer.subscribe('a/#', { qos: 1, rap: true })
  const properties = { contentType: 'text/plain', userProperties: [['k', 'v'] as const] }
  await broker.retained.set('a/b', 'hi', { qos: 1, properties })
  t.match(await peer.next('publish'), { topic: 'a/b', retain: true, qos: 1 })
  const late = new Peer(broker.stack, 5)
  await late.connect({ clientId: 'late' })
  await late.subscribe('a/b', { qos: 2 })
  const message = await late.next('publish')
  t.match(message, { topic: 'a/b', retain: true, qos: 1, payload: Buffer.from('hi') })
  t.match(message.properties, { contentType: 'text/plain', userProperties: { k: 'v' } })
})

t.test('get() finds one, match() all that match', async t => {
  await using broker = createBroker()
  t.equal(await broker.retained.get('a/1'), undefined)
  for (const topic of ['a/1', 'a/2', 'a/b/c', 'other', '$SYS/x'])
    await broker.retained.set(topic, `of ${topic}`)
  const found = await broker.retained.get('a/1')
  t.match(found, { topic: 'a/1', retain: true, qos: 0 })
  t.equal(String(found!.payload), 'of a/1')
  t.same(await topics(broker, 'a/+'), ['a/1', 'a/2'])
  t.same(await topics(broker, 'a/#'), ['a/1', 'a/2', 'a/b/c'])
  t.same(await topics(broker, '#'), ['a/1', 'a/2', 'a/b/c', 'other'], 'no $ topics [5.0 MQTT-4.7.2-1]')
  await broker.retained.set('a/1', 'newer')
  t.equal(String((await broker.retained.get('a/1'))!.payload), 'newer')
  t.equal(broker.stats().retained.messages, 5)
})

t.test('match() goes through more than a page', async t => {
  await using broker = createBroker()
  const all = Array.from({ length: 1234 }, (_, i) => `many/${String(i).padStart(4, '0')}`)
  for (const topic of all) await broker.retained.set(topic, 'x')
  t.same(await topics(broker, 'many/+'), all)
})

t.test('delete() removes, and tells subscribers with an empty message', async t => {
  await using broker = createBroker()
  await broker.retained.set('a', 'x')
  const peer = new Peer(broker.stack, 4)
  await peer.connect()
  await peer.subscribe('a')
  t.match(await peer.next('publish'), { payload: Buffer.from('x') })
  await broker.retained.delete('a')
  t.match(await peer.next('publish'), { topic: 'a', payload: Buffer.alloc(0), retain: false })
  t.equal(await broker.retained.get('a'), undefined)
  t.same(broker.stats().retained, { messages: 0, bytes: 0 })
  await broker.retained.set('a', 'again')
  await broker.retained.set('a', '')
  t.equal(await broker.retained.get('a'), undefined, 'an empty payload removes')
})

t.test('ttl: a message is there until its seconds are over', async t => {
  const clock = new FakeClock()
  await using broker = createBroker({ clock })
  await broker.retained.set('a', 'x', { ttl: 10 })
  await broker.retained.set('b', 'x')
  clock.advance(9_999)
  t.same(await topics(broker, '#'), ['a', 'b'])
  const peer = new Peer(broker.stack, 5)
  await peer.connect()
  await peer.subscribe('a')
  t.equal((await peer.next('publish')).properties?.messageExpiryInterval, 1, 'seconds that are left')
  clock.advance(1)
  t.equal(await broker.retained.get('a'), undefined)
  t.same(await topics(broker, '#'), ['b'])
})

t.test('what cannot be retained or looked for is a clear error', async t => {
  await using broker = createBroker()
  const code = 'STACK_INVALID_OPTIONS'
  await t.rejects(broker.retained.set('a/+', 'x'), { code, message: /'a\/\+' is no topic name/ })
  await t.rejects(broker.retained.delete('a/#'), { code, message: /'a\/#' is no topic name/ })
  await t.rejects(broker.retained.get('a/#'), { code, message: /no topic name: match\(\) takes filters/ })
  await t.rejects(broker.retained.match('a/#/b').next(), { code, message: /is no topic filter/ })
  await t.rejects(broker.retained.match('$share/g/a').next(), { code, message: /is no topic filter/ })
  await t.rejects(broker.retained.set('a', 'x', { ttl: 1.5 }), { code, message: /expire after 1.5 s/ })
  await t.rejects(broker.retained.set('a', 'x', { ttl: -1 }), { code, message: /expire after -1 s/ })
})

t.test('a backend may keep what has expired: it is not shown', async t => {
  const clock = new FakeClock()
  await using stack = new Stack({ clock })
  const [gone, there] = ['gone', 'there'].map(topic => Publish.from({ topic, payload: Buffer.from('x') }))
  gone!.expiresAt = clock.now()
  there!.expiresAt = clock.now() + 1
  stack.use({ lookupRetainedMessages: (_ctx, { items }) => void items.push(gone!, there!) })
  await stack.start()
  const shown: string[] = []
  for await (const { topic } of new Retained(stack).match('#')) shown.push(topic)
  t.same(shown, ['there'])
})
