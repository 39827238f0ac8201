import t from 'tap'
import type { OutgoingMessage } from '../../lib/index.js'
import { message, texts, to } from '../support/messages.js'
import { ack, hosted, ids } from '../support/outbound.js'

t.test(
  'what was not acknowledged is sent again with DUP and its id, in the first order [5.0 MQTT-3.3.1-1]',
  async t => {
    const { outbound, client, session, disconnect, resume } = await hosted({}, {}, 300)
    const qos = [1, 2, 1, 2, 1] as const
    for (const [i, one] of qos.entries()) {
      outbound.forwardMessage(to(session, message({ qos: one, payload: `${i}` })))
    }
    ack(outbound, client, 'puback', 3)
    disconnect()
    const again = await resume()
    t.same(
      again.published.map(({ messageId, qos, dup }) => [messageId, qos, dup]),
      [
        [1, 1, true],
        [2, 2, true],
        [4, 2, true],
        [5, 1, true]
      ]
    )
    t.same(texts(again.published), ['0', '1', '3', '4'])
  }
)

t.test('after PUBREC it is the PUBREL that is sent again, never the message [5.0 MQTT-4.3.3-6]', async t => {
  const { outbound, client, session, disconnect, resume } = await hosted({}, {}, 300)
  for (const payload of ['a', 'b', 'c']) outbound.forwardMessage(to(session, message({ qos: 2, payload })))
  ack(outbound, client, 'pubrec', 2)
  disconnect()
  const again = await resume()
  t.same(texts(again.published), ['a', 'c'])
  t.same(again.sent, [{ cmd: 'pubrel', messageId: 2, reasonCode: 0 }])
  ack(outbound, again, 'pubcomp', 2)
  disconnect()
  t.same((await resume()).sent, [])
})

t.test('an acknowledgement of 0x80 or more counts: nothing is sent again [5.0 MQTT-4.4.0-2]', async t => {
  const { outbound, client, session, disconnect, resume } = await hosted({}, {}, 300)
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  outbound.forwardMessage(to(session, message({ qos: 2 })))
  ack(outbound, client, 'puback', 1, 0x80)
  ack(outbound, client, 'pubrec', 2, 0x80)
  disconnect()
  t.same((await resume()).published, [])
})

t.test('nothing is sent again on an open connection, however long it takes [5.0 MQTT-4.4.0-1]', async t => {
  const { stack, outbound, client, session } = await hosted({}, {}, 300)
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  outbound.clientDrained({ client: client.client })
  stack.clock.advance(3_600_000)
  t.equal(client.published.length, 1)
})

t.test('what is sent again stays within the window of the new connection [5.0 MQTT-4.9.0-2]', async t => {
  const { outbound, session, disconnect, resume } = await hosted({}, {}, 300)
  for (const payload of ['a', 'b', 'c']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  disconnect()
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'd' })))
  const again = await resume({ receiveMaximum: 2 })
  t.same(texts(again.published), ['a', 'b'])
  ack(outbound, again, 'puback', 1)
  t.same(texts(again.published), ['a', 'b', 'c'])
  ack(outbound, again, 'puback', 2)
  ack(outbound, again, 'puback', 3)
  t.same(
    again.published.map(({ payload, dup }) => [payload.toString(), dup]),
    [
      ['a', true],
      ['b', true],
      ['c', true],
      ['d', false]
    ]
  )
})

t.test('new identifiers avoid those that are still open', async t => {
  const { outbound, client, session, disconnect, resume } = await hosted({ maximumInflight: 65_535 }, {}, 300)
  outbound.forwardMessage(to(session, message({ qos: 2, payload: '' })))
  ack(outbound, client, 'pubrec', 1)
  disconnect()
  const again = await resume()
  again.buf = Buffer.alloc(2_000_000)
  for (let i = 0; i < 65_534; i++) outbound.forwardMessage(to(session, message({ qos: 1, payload: '' })))
  t.same(new Set(ids(again)), new Set(Array.from({ length: 65_534 }, (_, i) => i + 2)))
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'waits' })))
  t.equal(again.published.length, 65_534, 'no identifier is left, though there is quota')
  ack(outbound, again, 'pubcomp', 1)
  t.equal(ids(again).at(-1), 1)
})

const kept = (messageId: number, rest: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ packet: message({ qos: 2, payload: `${messageId}` }), qos: 2, retain: false, identifiers: null },
  ...{ messageId, released: false },
  ...rest
})

t.test('after a restart what is in flight comes from the backend, once', async t => {
  for (const late of [false, true]) {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    disconnect()
    stack.handlers.lookupInflight = (_, store) => {
      const { topic, payload } = message({ payload: 'plain' })
      const plain = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false, messageId: 0 }
      store.messages.push(
        kept(65_535),
        kept(3, { released: true }),
        kept(1, { packet: plain as never, qos: 1 })
      )
      return late ? Promise.resolve() : undefined
    }
    const again = await resume()
    t.same(ids(again), [65_535, 1])
    t.same(texts(again.published), ['65535', 'plain'])
    t.same(again.sent, [{ cmd: 'pubrel', messageId: 3, reasonCode: 0 }])
    outbound.forwardMessage(to(session, message({ qos: 1 })))
    t.equal(ids(again).at(-1), 2)
    disconnect()
    await resume()
    t.equal(stack.of('lookupInflight').length, 1)
  }
})

t.test(
  'a message that came after the restart and before the client does not hide what is in flight',
  async t => {
    const { stack, outbound, session, disconnect, resume } = await hosted({}, {}, 300)
    disconnect()
    stack.handlers.lookupInflight = (_, store) => {
      store.messages.push(kept(7))
    }
    outbound.forwardMessage(to(session, message({ qos: 1, payload: 'new' })))
    const again = await resume()
    t.same(texts(again.published), ['7', 'new'])
  }
)

t.test(
  'in flight messages are stored for sessions that outlive their connection, and only for them',
  async t => {
    for (const expiry of [300, 0]) {
      const { stack, outbound, client, session } = await hosted({}, {}, expiry)
      stack.handlers.storeInflight = () => {}
      stack.handlers.removeInflight = () => {}
      const released: boolean[] = []
      stack.handlers.storeInflight = ({ message }) => {
        released.push(message.released)
      }
      outbound.forwardMessage(to(session, message({ qos: 1 })))
      outbound.forwardMessage(to(session, message({ qos: 2 })))
      ack(outbound, client, 'puback', 1)
      ack(outbound, client, 'pubrec', 2)
      ack(outbound, client, 'pubcomp', 2)
      t.same(released, expiry > 0 ? [false, false, true] : [])
      t.same(
        stack.of('removeInflight').map(({ messageId }) => messageId),
        expiry > 0 ? [1, 2] : []
      )
    }
  }
)

t.test('a message too large for the new connection counts as over', async t => {
  const { outbound, session, disconnect, resume, dropped } = await hosted({}, {}, 300)
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'x'.repeat(100) })))
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'small' })))
  disconnect()
  const again = await resume({ maximumPacketSize: 50 })
  t.same(texts(again.published), ['small'])
  t.same(dropped, [`${'x'.repeat(100)} packet-too-large`])
  disconnect()
  t.same(texts((await resume()).published), ['small'])
})
