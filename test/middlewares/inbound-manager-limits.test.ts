import t from 'tap'
import type { ConnackPacket, ConnectPacket, PublishPacket } from '../../lib/index.js'
import { MqttError } from '../../lib/index.js'
import { InboundManager, type InboundManagerConfig } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { attach, message, sessionOf } from '../support/messages.js'

async function hosted(config: Partial<InboundManagerConfig>, version: 3 | 4 | 5 = 5) {
  const relayed: PublishPacket[] = []
  const stack = new FakeStack({
    relayMessage: ({ packet }) => {
      relayed.push(packet)
    }
  })
  const inbound = await stack.host(new InboundManager(config))
  const client = new FakeClient(stack, { version })
  sessionOf(client, 300)
  return { stack, inbound, client, relayed }
}

function refusal(fn: () => unknown): { reason: number; fatal: boolean } | null {
  try {
    fn()
    return null
  } catch (err) {
    if (!(err instanceof MqttError)) throw err
    return { reason: err.reason, fatal: err.fatal }
  }
}

const connect = { cmd: 'connect', will: undefined } as unknown as ConnectPacket
const connack = (): ConnackPacket => ({
  cmd: 'connack',
  sessionPresent: false,
  reasonCode: 0,
  properties: {}
})

t.test('more open QoS 2 messages than the receive maximum end the connection [5.0 MQTT-3.3.4-7]', async t => {
  const { inbound, client, relayed } = await hosted({ receiveMaximum: 2 })
  inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
  inbound.handle(client.client, message({ qos: 2, messageId: 2 }))
  inbound.handle(client.client, message({ qos: 2, messageId: 2, dup: true }))
  const third = () => inbound.handle(client.client, message({ qos: 2, messageId: 3 }))
  t.same(refusal(third), { reason: 0x93, fatal: true })
  t.equal(relayed.length, 2)
})

t.test('PUBREL makes room again', async t => {
  const { inbound, client, relayed } = await hosted({ receiveMaximum: 1 })
  for (const messageId of [1, 2, 3]) {
    inbound.handle(client.client, message({ qos: 2, messageId }))
    inbound.handle(client.client, { cmd: 'pubrel', messageId, reasonCode: 0 })
  }
  t.equal(relayed.length, 3)
})

t.test('a QoS 1 message above the maximum is refused before anybody gets it', async t => {
  const { inbound, client, relayed } = await hosted({ receiveMaximum: 1 })
  inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
  const second = () => inbound.handle(client.client, message({ qos: 1, messageId: 2 }))
  t.same(refusal(second), { reason: 0x93, fatal: true })
  t.equal(relayed.length, 1)
})

t.test('what a session had open on its last connection counts only when it is sent again', async t => {
  const { stack, inbound, client, relayed } = await hosted({ receiveMaximum: 2 })
  inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
  inbound.handle(client.client, message({ qos: 2, messageId: 2 }))
  const again = new FakeClient(stack)
  attach(again, client.session!)
  inbound.handle(again.client, message({ qos: 2, messageId: 3 }))
  inbound.handle(again.client, message({ qos: 2, messageId: 1, dup: true }))
  t.equal(relayed.length, 3)
  const third = () => inbound.handle(again.client, message({ qos: 2, messageId: 2, dup: true }))
  t.equal(refusal(third)?.reason, 0x93)
})

t.test('MQTT 3 has no receive maximum', async t => {
  const { inbound, client, relayed } = await hosted({ receiveMaximum: 1 }, 4)
  for (const messageId of [1, 2, 3]) inbound.handle(client.client, message({ qos: 2, messageId }))
  t.equal(relayed.length, 3)
})

t.test('a refused QoS 2 message frees its id and its place [5.0 MQTT-4.3.3-9]', async t => {
  for (const late of [false, true]) {
    const { stack, inbound, client } = await hosted({ receiveMaximum: 1 })
    const taken: PublishPacket[] = []
    const no = new MqttError('NotAuthorized')
    stack.handlers.relayMessage = () => {
      if (late) return Promise.reject(no)
      throw no
    }
    const refused = async () => inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
    await t.rejects(refused(), /Not authorized/)
    stack.handlers.relayMessage = ({ packet }) => {
      taken.push(packet)
    }
    inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
    t.equal(taken.length, 1, 'the same id is a new message')
  }
})

t.test('a QoS above the maximum is refused in MQTT 5 [5.0 MQTT-3.2.2-11]', async t => {
  for (const [maximumQoS, reasons] of [
    [0, [null, 0x9b, 0x9b]],
    [1, [null, null, 0x9b]],
    [2, [null, null, null]]
  ] as const) {
    const { inbound, client } = await hosted({ maximumQoS })
    const found = ([0, 1, 2] as const).map(
      qos => refusal(() => inbound.handle(client.client, message({ qos, messageId: qos })))?.reason ?? null
    )
    t.same(found, reasons)
  }
})

t.test('MQTT 3 cannot be told: the message is acknowledged and relayed at the maximum', async t => {
  const { inbound, client, relayed } = await hosted({ maximumQoS: 1 }, 4)
  inbound.handle(client.client, message({ qos: 2, messageId: 3 }))
  t.equal(relayed[0]?.qos, 1)
  t.match(client.sent, [{ cmd: 'pubrec', messageId: 3, reasonCode: 0 }])
})

t.test('a payload that is announced as UTF-8 and is not is refused, when asked for', async t => {
  const bad = () =>
    message({ payload: Buffer.from([0xc0, 0x80]), properties: { payloadFormatIndicator: true } })
  const strict = await hosted({ validatePayloadFormat: true })
  t.same(
    refusal(() => strict.inbound.handle(strict.client.client, bad())),
    { reason: 0x99, fatal: false }
  )
  const good = message({ payload: 'ü', properties: { payloadFormatIndicator: true } })
  strict.inbound.handle(strict.client.client, good)
  strict.inbound.handle(strict.client.client, message({ payload: Buffer.from([0xc0, 0x80]) }))
  t.equal(strict.relayed.length, 2)
  const lenient = await hosted({})
  lenient.inbound.handle(lenient.client.client, bad())
  t.equal(lenient.relayed.length, 1)
})

t.test(
  'clients do not speak for the server: $SYS/ and $share/ are refused, other $ topics are not',
  async t => {
    const { inbound, client, relayed } = await hosted({})
    for (const topic of ['$SYS/uptime', '$share/g/t']) {
      const publish = () => inbound.handle(client.client, message({ topic }))
      t.same(refusal(publish), { reason: 0x87, fatal: false }, topic)
    }
    for (const topic of ['$SYSTEM/x', '$aws/x', 'a/$SYS/x']) inbound.handle(client.client, message({ topic }))
    t.equal(relayed.length, 3)
  }
)

t.test('a bridge may say whether it is connected, and nothing else under $SYS/', async t => {
  const { inbound, client, relayed } = await hosted({})
  inbound.handle(client.client, message({ topic: '$SYS/broker/connection/b/state' }))
  t.equal(relayed.length, 1)
  for (const topic of ['$SYS/broker/connection/b', '$SYS/broker/state', '$SYS/broker/connection/state']) {
    t.same(
      refusal(() => inbound.handle(client.client, message({ topic }))),
      { reason: 0x87, fatal: false },
      topic
    )
  }
})

t.test('CONNACK says what differs from the protocol’s defaults', async t => {
  const { stack, inbound } = await hosted({ receiveMaximum: 10, maximumQoS: 1, topicAliasMaximum: 3 })
  const client = new FakeClient(stack)
  client.connack = connack()
  inbound.handle(client.client, connect)
  t.same(client.connack.properties, { receiveMaximum: 10, maximumQoS: 1, topicAliasMaximum: 3 })
  t.ok(client.aliases)
  const plain = await hosted({ topicAliasMaximum: 0 })
  const other = new FakeClient(plain.stack)
  other.connack = connack()
  plain.inbound.handle(other.client, connect)
  t.same(other.connack.properties, {})
  t.equal(other.aliases, null)
})

t.test('a will above the maximum QoS is refused with its CONNECT [5.0 MQTT-3.2.2-12]', async t => {
  const { stack, inbound } = await hosted({ maximumQoS: 1 })
  const client = new FakeClient(stack)
  client.connack = connack()
  const will = { topic: 'w', payload: Buffer.alloc(0), qos: 2, retain: false } as const
  t.equal(refusal(() => inbound.handle(client.client, { ...connect, will }))?.reason, 0x9b)
  t.equal(
    refusal(() => inbound.handle(client.client, { ...connect, will: { ...will, qos: 1 } })),
    null
  )
})

t.test('options out of range are told', t => {
  t.match(new InboundManager({ receiveMaximum: 0, maximumQoS: 3 }).check(), [/receiveMaximum/, /maximumQoS/])
  t.same(new InboundManager().check(), [])
  t.end()
})
