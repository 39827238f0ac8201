import t from 'tap'
import { createBroker, type PublishPacket } from '../../../lib/index.js'
import { turn } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'
import { told } from '../../support/told.js'

t.test('publish() reaches clients and functions, and says how many', async t => {
  await using broker = createBroker()
  t.same(await broker.publish('a/b', 'nobody'), { matched: 0 }, 'it starts the broker')
  const peer = new Peer(broker.stack, 5)
  await peer.connect()
  await peer.subscribe('a/+', { qos: 2 })
  const heard: string[] = []
  await broker.subscribe('a/#', packet => heard.push(`${packet.topic} ${packet.payload}`))
  const properties = {
    ...{ contentType: 'text/plain', responseTopic: 'r', correlationData: Buffer.from('c') },
    ...{ userProperties: [['b', '1'] as const, ['a', '2'] as const, ['b', '3'] as const] }
  }
  t.same(await broker.publish('a/b', 'hi', { qos: 1, properties }), { matched: 2 })
  const message = await peer.next('publish')
  t.match(message, { topic: 'a/b', qos: 1, retain: false, payload: Buffer.from('hi') })
  t.match(message.properties, {
    ...{ contentType: 'text/plain', responseTopic: 'r', correlationData: Buffer.from('c') },
    userProperties: { b: ['1', '3'], a: '2' }
  })
  t.same(heard, ['a/b hi'])
})

t.test('the payload is copied: what happens to the buffer later changes nothing', async t => {
  await using broker = createBroker()
  let heard: PublishPacket | undefined
  await broker.subscribe('#', packet => {
    heard = packet
  })
  const payload = Buffer.from('before')
  await broker.publish('a', payload)
  payload.fill('x')
  t.equal(String(heard!.payload), 'before')
  await broker.publish('a', new Uint8Array([104, 105]))
  t.equal(String(heard!.payload), 'hi')
})

t.test('what cannot be published is a clear error', async t => {
  await using broker = createBroker()
  for (const [topic, payload, options, message] of [
    ['a/#', 'x', {}, "'a/#' is no topic name: it is empty or has wildcards"],
    ['', 'x', {}, "'' is no topic name: it is empty or has wildcards"],
    ['a', 5, {}, 'the payload is 5: give a string or a Uint8Array'],
    ['a', undefined, {}, 'the payload is undefined: give a string or a Uint8Array'],
    ['a', 'x', { qos: 3 }, 'qos is 3: give 0, 1 or 2'],
    [
      'a',
      'x',
      { properties: { messageExpiryInterval: -1 } },
      'the message is to expire after -1 s: give an integer from 0 to 4294967295'
    ]
  ] as const) {
    await t.rejects(broker.publish(topic, payload as string, options as object), {
      code: 'STACK_INVALID_OPTIONS',
      message: `[STACK_INVALID_OPTIONS] ${message}`
    })
  }
})

t.test('subscribe() gets what clients publish, and not what was retained before', async t => {
  await using broker = createBroker()
  await broker.retained.set('a/old', 'retained')
  const heard: string[] = []
  await broker.subscribe('a/#', packet => heard.push(packet.topic))
  const peer = new Peer(broker.stack, 4)
  await peer.connect()
  for (const qos of [0, 1, 2] as const) {
    peer.send({
      ...{ cmd: 'publish', topic: `a/${qos}`, payload: 'x', qos, dup: false, retain: false },
      ...(qos > 0 && { messageId: qos })
    })
  }
  await peer.next('puback')
  await peer.next('pubrec')
  t.same(heard, ['a/0', 'a/1', 'a/2'])
})

t.test('what subscribe() returned ends it, and only it', async t => {
  await using broker = createBroker()
  const heard: string[] = []
  const end = await broker.subscribe('a', () => heard.push('first'))
  await broker.subscribe('a', () => heard.push('second'))
  t.equal(broker.stats().subscriptions, 2)
  await broker.publish('a', '1')
  await end()
  t.equal(broker.stats().subscriptions, 1)
  t.same(await broker.publish('a', '2'), { matched: 1 })
  await end()
  t.equal(broker.stats().subscriptions, 1, 'twice is once')
  t.same(heard, ['first', 'second', 'second'])
})

t.test('a handler that ends its own subscription gets nothing more', async t => {
  await using broker = createBroker()
  let calls = 0
  const end = await broker.subscribe('a', () => {
    calls++
    return end()
  })
  await broker.publish('a', '1')
  await broker.publish('a', '2')
  t.equal(calls, 1)
})

t.test('a handler that throws or rejects is reported, and disturbs nobody', async t => {
  const seen: string[] = []
  await using broker = createBroker({ onError: err => seen.push(`onError ${err.message}`) })
  broker.on('error', err => seen.push(`event ${err.message}`))
  const heard: string[] = []
  await broker.subscribe('a', () => {
    throw new Error('sync')
  })
  await broker.subscribe('a', async () => {
    throw new Error('async')
  })
  await broker.subscribe('a', packet => heard.push(String(packet.payload)))
  t.same(await broker.publish('a', 'x'), { matched: 3 })
  await turn()
  t.same(seen, ['onError sync', 'event sync', 'onError async', 'event async'])
  t.same(heard, ['x'])
})

t.test('nobody waits for an async handler', async t => {
  await using broker = createBroker()
  let letGo = () => {}
  await broker.subscribe('a', () => new Promise<void>(resolve => (letGo = resolve)))
  t.same(await broker.publish('a', 'x'), { matched: 1 })
  letGo()
})

t.test('a filter that is none, or a handler that is none, is a clear error', async t => {
  await using broker = createBroker()
  await t.rejects(
    broker.subscribe('a/#/b', () => {}),
    { code: 'STACK_INVALID_OPTIONS', message: /'a\/#\/b' is no topic filter/ }
  )
  await t.rejects(broker.subscribe('a', 'log' as never), {
    code: 'STACK_INVALID_OPTIONS',
    message: /the handler of 'a' is log: give a function/
  })
})

t.test('messages of the server are events without a client', async t => {
  await using broker = createBroker()
  const published = told(broker, 'publish')
  await broker.publish('a', 'x')
  t.match(await published, { client: null, matched: 0, packet: { topic: 'a' } })
})
