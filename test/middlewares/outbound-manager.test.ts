import t from 'tap'
import type { Packet } from '../../lib/index.js'
import { FakeClient } from '../support/fake-client.js'
import { attach, message, texts, to } from '../support/messages.js'
import { ack, hosted, ids } from '../support/outbound.js'

t.test('QoS 0 goes out at once, with DUP 0 and no retain flag of its own [5.0 MQTT-4.3.1-1]', async t => {
  const { outbound, client, session } = await hosted()
  outbound.forwardMessage(to(session, message({ payload: 'm', retain: true, dup: true })))
  t.match(client.published, [{ qos: 0, dup: false, retain: false, topic: 'a/b' }])
  t.same(texts(client.published), ['m'])
})

t.test('a message goes out at the lower of its own QoS and the granted one', async t => {
  const { outbound, client, session } = await hosted()
  for (const qos of [0, 1, 2] as const) {
    for (const granted of [0, 1, 2] as const) {
      const options = { subscription: { qos: granted, identifiers: null } }
      outbound.forwardMessage(to(session, message({ qos }), options))
    }
  }
  t.same(
    client.published.map(({ qos }) => qos),
    [0, 0, 0, 0, 1, 1, 0, 1, 2]
  )
})

t.test(
  'each open message has an identifier of its own, DUP 0 [5.0 MQTT-4.3.2-1] [5.0 MQTT-4.3.3-2]',
  async t => {
    const { outbound, client, session } = await hosted()
    for (const qos of [1, 2, 1, 2] as const) outbound.forwardMessage(to(session, message({ qos, dup: true })))
    t.same(ids(client), [1, 2, 3, 4])
    t.same(
      client.published.map(({ dup }) => dup),
      [false, false, false, false]
    )
  }
)

t.test('the window is the smaller of receive maximum and option [5.0 MQTT-4.9.0-1]', async t => {
  for (const [receiveMaximum, maximumInflight, sent] of [
    [2, 5, 2],
    [5, 3, 3]
  ] as const) {
    const { outbound, client, session } = await hosted({ maximumInflight }, { receiveMaximum })
    for (let i = 0; i < 10; i++) outbound.forwardMessage(to(session, message({ qos: 1, payload: `${i}` })))
    t.equal(client.published.length, sent)
  }
})

t.test('each PUBACK lets the next message go, in order [5.0 MQTT-3.3.4-9]', async t => {
  const { outbound, client, session } = await hosted({}, { receiveMaximum: 2 })
  for (const payload of ['a', 'b', 'c', 'd']) {
    outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  }
  t.same(texts(client.published), ['a', 'b'])
  ack(outbound, client, 'puback', 2)
  t.same(texts(client.published), ['a', 'b', 'c'])
  ack(outbound, client, 'puback', 1)
  t.same(texts(client.published), ['a', 'b', 'c', 'd'])
})

t.test('of QoS 2 only PUBCOMP, or a PUBREC of 0x80 and more, frees quota [5.0 MQTT-4.9.0-2]', async t => {
  const { outbound, client, session } = await hosted({}, { receiveMaximum: 1 })
  for (const payload of ['a', 'b', 'c']) {
    outbound.forwardMessage(to(session, message({ qos: 2, payload })))
  }
  ack(outbound, client, 'pubrec', 1)
  t.same(client.sent, [{ cmd: 'pubrel', messageId: 1, reasonCode: 0 }])
  t.same(texts(client.published), ['a'])
  ack(outbound, client, 'pubcomp', 1)
  t.same(texts(client.published), ['a', 'b'])
  ack(outbound, client, 'pubrec', 2, 0x80)
  t.same(texts(client.published), ['a', 'b', 'c'])
  t.equal(client.sent.length, 1, 'no PUBREL after an error [5.0 MQTT-4.3.3-4]')
})

t.test('acknowledgements of the wrong kind or of nothing change nothing', async t => {
  const { stack, outbound, client, session } = await hosted({}, { receiveMaximum: 2 })
  stack.handlers.messageDelivered = () => {}
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  outbound.forwardMessage(to(session, message({ qos: 2 })))
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  ack(outbound, client, 'puback', 2)
  ack(outbound, client, 'pubcomp', 2)
  ack(outbound, client, 'pubcomp', 1)
  ack(outbound, client, 'puback', 999)
  t.equal(client.published.length, 2)
  t.same(stack.of('messageDelivered'), [])
  t.same(client.sent, [])
})

t.test('a PUBREC for nothing gets PUBREL 0x92, a plain one in MQTT 3, none when it is an error', async t => {
  for (const [version, reasonCode] of [
    [5, 0x92],
    [4, 0]
  ] as const) {
    const { outbound, client, session } = await hosted({}, { version })
    ack(outbound, client, 'pubrec', 9)
    outbound.forwardMessage(to(session, message({ qos: 1 })))
    ack(outbound, client, 'pubrec', 1)
    ack(outbound, client, 'pubrec', 9, 0x80)
    t.same(client.sent, [
      { cmd: 'pubrel', messageId: 9, reasonCode },
      { cmd: 'pubrel', messageId: 1, reasonCode }
    ])
  }
})

t.test('a PUBREC that comes twice gets its PUBREL twice and delivers once', async t => {
  const { stack, outbound, client, session } = await hosted()
  stack.handlers.messageDelivered = () => {}
  outbound.forwardMessage(to(session, message({ qos: 2 })))
  for (const cmd of ['pubrec', 'pubrec', 'pubcomp', 'pubcomp'] as const) ack(outbound, client, cmd, 1)
  t.same(
    client.sent.map(({ cmd }) => cmd),
    ['pubrel', 'pubrel']
  )
  t.equal(stack.of('messageDelivered').length, 1)
})

t.test('delivered is told at once for QoS 0, with the acknowledgement for QoS 1 and 2', async t => {
  const { stack, outbound, client, session } = await hosted()
  stack.handlers.messageDelivered = () => {}
  for (const qos of [0, 1, 2] as const) outbound.forwardMessage(to(session, message({ qos })))
  const told = () => stack.of('messageDelivered').map(({ qos }) => qos)
  t.same(told(), [0])
  ack(outbound, client, 'puback', 1)
  t.same(told(), [0, 1])
  ack(outbound, client, 'pubrec', 2)
  t.same(told(), [0, 1])
  ack(outbound, client, 'pubcomp', 2)
  t.same(told(), [0, 1, 2])
})

t.test('a message the receiver refuses is reported and goes to nobody else [5.0 MQTT-4.8.2-6]', async t => {
  const { outbound, client, session, dropped, stack } = await hosted()
  stack.handlers.forwardToGroup = () => {}
  const group = { name: 'g' } as never
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'one' }), { group }))
  outbound.forwardMessage(to(session, message({ qos: 2, payload: 'two' }), { group }))
  ack(outbound, client, 'puback', 1, 0x97)
  ack(outbound, client, 'pubrec', 2, 0x83)
  t.same(dropped, ['one refused', 'two refused'])
  t.same(stack.of('forwardToGroup'), [])
  t.equal(stack.counters.messagesDropped, 2)
})

t.test('a session that is over gets nothing and nothing is kept for it', async t => {
  const { outbound, client, session, dropped } = await hosted()
  session.ended = true
  for (const qos of [0, 1] as const) outbound.forwardMessage(to(session, message({ qos })))
  t.same(client.published, [])
  t.same(dropped, [])
})

t.test('a plain object is sent like a Publish', async t => {
  const { outbound, client, session } = await hosted()
  const { cmd, topic, payload, qos, retain, dup, messageId } = message({ qos: 1, payload: 'plain' })
  const properties = { contentType: 'x' }
  outbound.forwardMessage(to(session, { cmd, topic, payload, qos, retain, dup, messageId, properties }))
  t.match(client.published, [{ topic: 'a/b', qos: 1, properties: { contentType: 'x' } }])
  t.same(texts(client.published), ['plain'])
})

t.test('who has the last word on what goes out can drop it: it is not waited for', async t => {
  const { stack, outbound, client, session, dropped } = await hosted({}, { receiveMaximum: 1 })
  stack.hasOutgoing = true
  let drops = true
  stack.outgoing = (<P extends Packet>(_: unknown, packet: P) => (drops ? null : packet)) as never
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'dropped' })))
  drops = false
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'sent' })))
  t.same(dropped, ['dropped refused'])
  t.same(texts(client.published), ['sent'])
})

t.test('state goes over to the one that replaces it', async t => {
  const { stack, outbound, client, session } = await hosted({}, { receiveMaximum: 1 })
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'one' })))
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'two' })))
  const other = Object.assign(new (outbound.constructor as new () => typeof outbound)(), { stack })
  other.start()
  other.importState(outbound.exportState() as never)
  ack(other, client, 'puback', 1)
  t.same(texts(client.published), ['one', 'two'])
})

t.test('acknowledgements on a later connection belong to the session', async t => {
  const { stack, outbound, client, session, disconnect, connect } = await hosted({}, {}, 300)
  stack.handlers.messageDelivered = () => {}
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  disconnect()
  const again = new FakeClient(stack)
  attach(again, session)
  connect(again)
  ack(outbound, again, 'puback', 1)
  t.equal(stack.of('messageDelivered').length, 1)
  t.equal(client.published.length, 1)
})
