import t from 'tap'
import type { ConnackPacket, ConnectPacket } from '../../lib/index.js'
import { MqttError } from '../../lib/index.js'
import { RetainManager } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { message, texts } from '../support/messages.js'
import { hosted } from '../support/retain.js'

t.test('a retained message is stored before it is routed on, and waits for a slow backend', async t => {
  const { stack, retain, manager, client } = await hosted()
  t.equal(retain('a', 'sync'), undefined)
  let stored = false
  stack.handlers.storeRetainedMessage = async () => {
    await Promise.resolve()
    stored = true
  }
  const packet = message({ retain: true })
  const relayed = manager.relayMessage({ client: client.client, packet })
  t.equal(stored, false)
  await relayed
  t.equal(stored, true)
})

t.test('the newest message of a topic is kept [5.0 MQTT-3.3.1-5]', async t => {
  const { retain, subscribe, got } = await hosted()
  retain('a', 'one')
  retain('a', 'two')
  subscribe('a')
  t.same(got(), ['a two'])
})

t.test('an empty payload removes it and is not kept [5.0 MQTT-3.3.1-6] [5.0 MQTT-3.3.1-7]', async t => {
  const { manager, retain, subscribe, got } = await hosted()
  retain('a', 'one')
  retain('a', '')
  retain('b', '')
  subscribe('#')
  t.same(got(), [])
  t.same(manager.usage, { messages: 0, bytes: 0 })
})

t.test('a message with RETAIN 0 leaves it alone [5.0 MQTT-3.3.1-8]', async t => {
  const { stack, manager, client, retain, subscribe, got } = await hosted()
  retain('a', 'one')
  manager.relayMessage({ client: client.client, packet: message({ topic: 'a' }) })
  t.equal(stack.of('storeRetainedMessage').length, 1)
  subscribe('a')
  t.same(got(), ['a one'])
})

t.test('what is kept has bytes of its own and is not changed with the packet', async t => {
  const { stack, manager, client } = await hosted()
  const chunk = Buffer.alloc(65_536, 'x')
  const packet = message({ retain: true, qos: 1 })
  packet.payload = chunk.subarray(100, 105)
  manager.relayMessage({ client: client.client, packet })
  const [{ packet: kept }] = stack.of('storeRetainedMessage')
  t.equal(kept.payload.buffer.byteLength < 65_536, true)
  packet.retain = false
  packet.qos = 0
  t.match(kept, { retain: true, qos: 1 })
})

t.test(
  'Retain Handling 0 sends at every subscribe, 1 at a new one, 2 never [5.0 MQTT-3.3.1-9] [5.0 MQTT-3.3.1-10] [5.0 MQTT-3.3.1-11]',
  async t => {
    const { retain, subscribe, got } = await hosted()
    retain('a', 'm')
    const found = ([0, 1, 2] as const).map(rh =>
      [false, true].map(existed => {
        subscribe('a', { rh }, existed)
        return got().length
      })
    )
    t.same(found, [
      [1, 1],
      [1, 0],
      [0, 0]
    ])
  }
)

t.test('they go out with RETAIN 1, at the granted QoS, with the identifier, and hold nobody', async t => {
  const { retain, subscribe, forwarded, session } = await hosted()
  retain('a/b', 'm')
  subscribe('a/+', { qos: 1, identifier: 5 } as object)
  t.match(forwarded, [
    { session, retain: true, publisher: null, group: null, subscription: { qos: 1, identifiers: [5] } }
  ])
  t.same(texts(forwarded.map(({ packet }) => packet)), ['m'])
})

t.test('a shared subscription gets none', async t => {
  const { stack, retain, subscribe, got } = await hosted()
  retain('a', 'm')
  subscribe('$share/g/a')
  t.same(got(), [])
  t.same(
    stack.of('lookupRetainedMessages').filter(({ filter }) => filter !== '#'),
    []
  )
})

t.test('one that has expired is not sent, and removed after a while', async t => {
  const { stack, manager, retain, subscribe, got } = await hosted()
  retain('expires', 'm', stack.clock.now() + 500)
  retain('stays', 'm')
  t.equal(manager.usage.messages, 2)
  stack.clock.advance(500)
  subscribe('#')
  t.same(got(), ['stays m'])
  stack.clock.advance(1000)
  t.same(manager.usage, { messages: 1, bytes: 6 })
})

t.test('one that was replaced in time does not expire', async t => {
  const { stack, manager, retain, subscribe, got } = await hosted()
  retain('a', 'old', stack.clock.now() + 500)
  retain('a', 'new')
  retain('b', 'old', stack.clock.now() + 500)
  retain('b', 'new', stack.clock.now() + 60_000)
  stack.clock.advance(5000)
  subscribe('#')
  t.same(got(), ['a new', 'b new'])
  t.equal(manager.usage.messages, 2)
})

t.test('a hook that ends forwardMessage for one receiver is obeyed, one that fails is reported', async t => {
  const { stack, retain, subscribe } = await hosted()
  const errors: string[] = []
  stack.on('error', err => errors.push(err.message))
  retain('a', 'm')
  retain('b', 'm')
  let calls = 0
  stack.handlers.forwardMessage = () => {
    calls++
    throw new Error('no')
  }
  subscribe('#')
  t.equal(calls, 2)
  t.same(errors, ['no', 'no'])
})

const connect = { cmd: 'connect' } as ConnectPacket
const connack = (): ConnackPacket => ({
  cmd: 'connack',
  sessionPresent: false,
  reasonCode: 0,
  properties: {}
})

t.test(
  'when it is not available CONNACK says so, and retained messages and wills are refused with 0x9A',
  async t => {
    const { manager, client, retain, subscribe, got, stack } = await hosted({ available: false })
    client.connack = connack()
    manager.handle(client.client, connect)
    t.same(client.connack.properties, { retainAvailable: false })
    const will = { topic: 'w', payload: Buffer.alloc(0), qos: 0, retain: true } as const
    t.throws(() => manager.handle(client.client, { ...connect, will }), /a retained will is not supported/)
    manager.handle(client.client, { ...connect, will: { ...will, retain: false } })
    t.throws(() => retain('a', 'm'), new MqttError('RetainNotSupported'))
    subscribe('#')
    t.same(got(), [])
    t.same(stack.of('storeRetainedMessage'), [])
  }
)

t.test('a client of MQTT 3 cannot be told: its message is an ordinary one', async t => {
  const { stack, manager } = await hosted({ available: false })
  const client = new FakeClient(stack, { version: 4 })
  client.connack = connack()
  manager.handle(client.client, connect)
  t.same(client.connack.properties, {})
  const packet = message({ retain: true })
  manager.relayMessage({ client: client.client, packet })
  t.equal(packet.retain, false)
  t.same(stack.of('storeRetainedMessage'), [])
})

t.test('options out of range are told', async t => {
  t.same(new RetainManager().check(), [])
  t.match(new RetainManager({ pageSize: 0, maximumMessages: -1 }).check(), [/maximumMessages/, /pageSize/])
})
