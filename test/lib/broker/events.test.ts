import t from 'tap'
import { createBroker } from '../../../lib/index.js'
import type { BrokerEvents } from '../../../middlewares/index.js'
import { FakeClock, turn } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'
import { told } from '../../support/told.js'

t.test('connect and disconnect say who, and how it ended', async t => {
  await using broker = createBroker()
  await broker.start()
  const connected = told(broker, 'connect')
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c1', properties: { sessionExpiryInterval: 60 } })
  const client = broker.clients.get('c1')!
  t.match(await connected, { client, sessionPresent: false, packet: { cmd: 'connect', clientId: 'c1' } })
  const gone = told(broker, 'disconnect')
  peer.send({ cmd: 'disconnect' })
  t.match(await gone, { client, clean: true, err: null })
  const resumed = told(broker, 'connect')
  const again = new Peer(broker.stack, 5)
  await again.connect({ clientId: 'c1', clean: false })
  t.match(await resumed, { sessionPresent: true })
  const broken = told(broker, 'disconnect')
  again.raw([0xf0, 0x01, 0x99])
  t.match(await broken, { clean: false, err: { name: 'MqttError' } })
})

t.test('subscribe and unsubscribe say what', async t => {
  await using broker = createBroker()
  await broker.start()
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c1' })
  const client = broker.clients.get('c1')!
  const first = told(broker, 'subscribe')
  await peer.subscribe('a/#', { qos: 1, nl: true }, { subscriptionIdentifier: 7 })
  t.match(await first, {
    ...{ client, existed: false, session: { id: 'c1' } },
    subscription: { topic: 'a/#', qos: 1, nl: true, rap: false, rh: 0, identifier: 7 }
  })
  const second = told(broker, 'subscribe')
  await peer.subscribe('a/#', { qos: 2 })
  t.match(await second, { existed: true, subscription: { qos: 2 } })
  const ended = told(broker, 'unsubscribe')
  peer.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a/#'] })
  t.match(await ended, { client, topic: 'a/#', session: { id: 'c1' } })
})

t.test('publish, delivered and dropped follow a message', async t => {
  await using broker = createBroker({ maximumQueuedMessages: 1 })
  await broker.start()
  const sleeper = new Peer(broker.stack, 5)
  await sleeper.connect({ clientId: 'sleeper', properties: { sessionExpiryInterval: 60 } })
  await sleeper.subscribe('a', { qos: 1 })
  const gone = told(broker, 'disconnect')
  sleeper.send({ cmd: 'disconnect' })
  await gone
  const reader = new Peer(broker.stack, 5)
  await reader.connect({ clientId: 'reader' })
  await reader.subscribe('a', { qos: 1 })
  const writer = new Peer(broker.stack, 4)
  await writer.connect({ clientId: 'writer' })
  const message = { cmd: 'publish', topic: 'a', payload: 'x', qos: 1, dup: false, retain: false } as const

  const published = told(broker, 'publish')
  const delivered = told(broker, 'delivered')
  const dropped = told(broker, 'dropped')
  writer.send({ ...message, messageId: 1 })
  await writer.next('puback')
  t.match(await published, { client: { id: 'writer' }, matched: 2, packet: { topic: 'a', qos: 1 } })
  const { messageId } = await reader.next('publish')
  reader.send({ cmd: 'puback', messageId: messageId! })
  t.match(await delivered, { client: { id: 'reader' }, qos: 1, packet: { topic: 'a' } })
  writer.send({ ...message, messageId: 2 })
  t.match(await dropped, { client: null, clientId: 'sleeper', reason: 'queue-full', packet: { topic: 'a' } })
})

t.test('error tells what went wrong, and with whom', async t => {
  await using broker = createBroker()
  broker.use({
    pingreq() {
      throw new Error('a bug of mine')
    }
  })
  await broker.start()
  const errors: Array<[string, string | undefined]> = []
  broker.on('error', (err, client) => errors.push([err.message, client?.id]))
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c1' })
  peer.send({ cmd: 'pingreq' })
  t.equal((await peer.next('disconnect')).reasonCode, 0x80)
  t.same(errors, [['a bug of mine', 'c1']])
})

t.test('off() ends it, once() is once, and nobody listening costs nothing', async t => {
  await using broker = createBroker()
  await broker.start()
  let on = 0
  let once = 0
  const listener = (_event: BrokerEvents['publish'][0]) => {
    on++
  }
  t.equal(broker.on('publish', listener), broker)
  t.equal(
    broker.once('publish', () => once++),
    broker
  )
  await broker.publish('a', '1')
  await broker.publish('a', '2')
  t.equal(broker.off('publish', listener), broker)
  await broker.publish('a', '3')
  t.same([on, once], [2, 1])
  t.notOk(broker.stack.handles('messagePublished'), 'it is not even in the plan')
})

t.test('events of a broker without PacketEmitter are a clear error', async t => {
  await using broker = createBroker()
  await broker.stack.remove('PacketEmitter')
  t.throws(() => broker.on('connect', () => {}), {
    message: '[STACK_UNHANDLED_CALLBACK] this needs PacketEmitter, which was removed from the stack'
  })
})

t.test('stats() counts what was and what is', async t => {
  const clock = new FakeClock()
  await using broker = createBroker({ clock })
  t.match(broker.stats(), { uptime: 0, clients: { connected: 0, total: 0 } })
  await broker.start()
  clock.advance(5_999)
  const reader = new Peer(broker.stack, 4)
  await reader.connect({ clientId: 'reader', clean: false })
  await reader.subscribe('a/#', { qos: 1 })
  await reader.subscribe('b')
  const writer = new Peer(broker.stack, 4)
  await writer.connect({ clientId: 'writer' })
  writer.send({
    cmd: 'publish',
    topic: 'a/1',
    payload: 'hello',
    qos: 1,
    messageId: 1,
    dup: false,
    retain: true
  })
  await writer.next('puback')
  const { messageId } = await reader.next('publish')
  reader.send({ cmd: 'puback', messageId: messageId! })
  await reader.nothing()
  t.match(broker.stats(), {
    uptime: 5,
    clients: { connected: 2, total: 2 },
    sessions: 2,
    subscriptions: 2,
    retained: { messages: 1, bytes: 8 },
    messages: { received: 1, sent: 1, dropped: 0 },
    bytes: { sent: reader.bytes.length + writer.bytes.length }
  })
  reader.cut()
  await turn()
  writer.send({ cmd: 'disconnect' })
  await writer.end()
  await turn()
  t.match(broker.stats(), { clients: { connected: 0, total: 2 }, sessions: 1, subscriptions: 2 })
})

t.test('bytes received are those that came', async t => {
  await using broker = createBroker()
  await broker.start()
  const peer = new Peer(broker.stack, 4)
  peer.raw('100e00044d5154540402000000027231')
  await peer.next('connack')
  peer.raw('c000')
  await peer.next('pingresp')
  t.same(broker.stats().bytes, { received: 18, sent: 6 })
})
