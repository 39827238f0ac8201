import t from 'tap'
import type { PublishPacket } from '../../lib/index.js'
import { DONE } from '../../lib/index.js'
import { InboundManager } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { message, sessionOf, texts } from '../support/messages.js'

async function hosted(matched = 1, version: 4 | 5 = 5) {
  const relayed: PublishPacket[] = []
  const stack = new FakeStack({
    relayMessage: ({ packet }, store) => {
      relayed.push(packet)
      store.matched = matched
    }
  })
  const inbound = await stack.host(new InboundManager())
  const client = new FakeClient(stack, { version })
  sessionOf(client, 300)
  return { stack, inbound, client, relayed }
}

const pubrel = (messageId: number) => ({ cmd: 'pubrel', messageId, reasonCode: 0 }) as const

t.test('QoS 0 is relayed and not answered [5.0 MQTT-3.3.4-1]', async t => {
  const { stack, inbound, client, relayed } = await hosted()
  t.equal(inbound.handle(client.client, message({ payload: 'm' })), DONE)
  t.same(texts(relayed), ['m'])
  t.same(client.sent, [])
  t.equal(stack.counters.messagesReceived, 1)
})

t.test('QoS 1 is relayed and answered with PUBACK of its id [5.0 MQTT-4.3.2-4]', async t => {
  const { inbound, client, relayed } = await hosted()
  inbound.handle(client.client, message({ qos: 1, messageId: 77 }))
  t.equal(relayed.length, 1)
  t.same(client.sent, [{ cmd: 'puback', messageId: 77, reasonCode: 0 }])
})

t.test('after PUBACK the same id is a new message, whatever DUP says [5.0 MQTT-4.3.2-5]', async t => {
  const { inbound, client, relayed } = await hosted()
  inbound.handle(client.client, message({ qos: 1, messageId: 1, payload: 'one' }))
  inbound.handle(client.client, message({ qos: 1, messageId: 1, payload: 'two', dup: true }))
  t.same(texts(relayed), ['one', 'two'])
})

t.test('QoS 2 is relayed once however often it comes before PUBREL [5.0 MQTT-4.3.3-10]', async t => {
  const { inbound, client, relayed } = await hosted()
  for (const dup of [false, true, false]) {
    inbound.handle(client.client, message({ qos: 2, messageId: 5, dup }))
  }
  t.equal(relayed.length, 1)
  t.same(client.sent, Array(3).fill({ cmd: 'pubrec', messageId: 5, reasonCode: 0 }))
})

t.test('DUP on the first sending of a QoS 2 message changes nothing', async t => {
  const { inbound, client, relayed } = await hosted()
  inbound.handle(client.client, message({ qos: 2, messageId: 5, dup: true }))
  t.equal(relayed.length, 1)
})

t.test(
  'PUBREL is answered with PUBCOMP and frees the id [5.0 MQTT-4.3.3-11] [5.0 MQTT-4.3.3-12]',
  async t => {
    const { inbound, client, relayed } = await hosted()
    inbound.handle(client.client, message({ qos: 2, messageId: 5, payload: 'one' }))
    inbound.handle(client.client, pubrel(5))
    inbound.handle(client.client, message({ qos: 2, messageId: 5, payload: 'two' }))
    t.same(
      client.sent.map(({ cmd }) => cmd),
      ['pubrec', 'pubcomp', 'pubrec']
    )
    t.same(client.sent[1], { cmd: 'pubcomp', messageId: 5, reasonCode: 0 })
    t.same(texts(relayed), ['one', 'two'])
  }
)

t.test('a PUBREL for an id that is not open gets 0x92 in MQTT 5 and a plain PUBCOMP in MQTT 3', async t => {
  const five = await hosted()
  five.inbound.handle(five.client.client, pubrel(9))
  t.same(five.client.sent, [{ cmd: 'pubcomp', messageId: 9, reasonCode: 0x92 }])
  const four = await hosted(1, 4)
  four.inbound.handle(four.client.client, pubrel(9))
  t.same(four.client.sent, [{ cmd: 'pubcomp', messageId: 9, reasonCode: 0 }])
})

t.test('a publisher of MQTT 5 hears when nobody listens, one of MQTT 3 does not', async t => {
  for (const [version, reasonCode] of [
    [5, 0x10],
    [4, 0]
  ] as const) {
    const { inbound, client } = await hosted(0, version)
    inbound.handle(client.client, message({ qos: 1, messageId: 1 }))
    inbound.handle(client.client, message({ qos: 2, messageId: 2 }))
    t.same(client.sent, [
      { cmd: 'puback', messageId: 1, reasonCode },
      { cmd: 'pubrec', messageId: 2, reasonCode }
    ])
  }
})

t.test('each accepted message is told once, with how many it matched', async t => {
  const { stack, inbound, client } = await hosted(3)
  stack.handlers.messagePublished = () => {}
  inbound.handle(client.client, message())
  inbound.handle(client.client, message({ qos: 1, messageId: 1 }))
  inbound.handle(client.client, message({ qos: 2, messageId: 2 }))
  inbound.handle(client.client, message({ qos: 2, messageId: 2, dup: true }))
  t.same(
    stack.of('messagePublished').map(({ matched }) => matched),
    [3, 3, 3]
  )
  t.equal(stack.counters.messagesReceived, 3)
})

t.test('a relay that takes its time is waited for before the acknowledgement', async t => {
  let go = () => {}
  const stack = new FakeStack({ relayMessage: () => new Promise<void>(resolve => (go = resolve)) })
  const inbound = await stack.host(new InboundManager())
  const client = new FakeClient(stack)
  sessionOf(client)
  for (const qos of [0, 1, 2] as const) {
    const handled = inbound.handle(client.client, message({ qos, messageId: qos }))
    const before = client.sent.length
    t.equal(before, Math.max(0, qos - 1), 'nothing so far')
    go()
    t.equal(await handled, DONE)
  }
  t.same(
    client.sent.map(({ cmd }) => cmd),
    ['puback', 'pubrec']
  )
})

t.test('identifiers of a session outlive its connection [5.0 MQTT-4.3.3-10]', async t => {
  const { stack, inbound, client, relayed } = await hosted()
  inbound.handle(client.client, message({ qos: 2, messageId: 5 }))
  const again = new FakeClient(stack)
  again.session = client.session
  await inbound.sessionResumed({ client: again.client, session: client.session! })
  inbound.handle(again.client, message({ qos: 2, messageId: 5, dup: true }))
  t.equal(relayed.length, 1)
  t.same(again.sent, [{ cmd: 'pubrec', messageId: 5, reasonCode: 0 }])
})

t.test('after a restart the open identifiers come from the backend', async t => {
  for (const late of [false, true]) {
    const { stack, inbound, client, relayed } = await hosted()
    stack.handlers.lookupIncoming = (_, store) => {
      store.messageIds.push(5, 6)
      return late ? Promise.resolve() : undefined
    }
    await inbound.sessionResumed({ client: client.client, session: client.session! })
    t.same(stack.of('lookupIncoming'), [{ clientId: 'c1' }])
    inbound.handle(client.client, message({ qos: 2, messageId: 5, dup: true }))
    t.equal(relayed.length, 0)
    inbound.handle(client.client, pubrel(6))
    t.same(client.sent[1], { cmd: 'pubcomp', messageId: 6, reasonCode: 0 })
  }
})

t.test('identifiers are stored for sessions that outlive their connection, and only for them', async t => {
  for (const [expiry, stored] of [
    [300, 1],
    [0, 0]
  ] as const) {
    const { stack, inbound, client } = await hosted()
    client.session!.expiryInterval = expiry
    stack.handlers.storeIncoming = () => {}
    stack.handlers.removeIncoming = () => {}
    inbound.handle(client.client, message({ qos: 2, messageId: 5 }))
    inbound.handle(client.client, pubrel(5))
    inbound.handle(client.client, pubrel(5))
    t.same(stack.of('storeIncoming'), Array(stored).fill({ clientId: 'c1', messageId: 5 }))
    t.same(stack.of('removeIncoming'), Array(stored).fill({ clientId: 'c1', messageId: 5 }))
  }
})

t.test('what one hands over, another goes on with', async t => {
  const { stack, inbound, client, relayed } = await hosted()
  inbound.handle(client.client, message({ qos: 2, messageId: 5 }))
  const other = new InboundManager()
  other.stack = inbound.stack
  other.start()
  other.importState(inbound.exportState() as never)
  other.handle(client.client, message({ qos: 2, messageId: 5, dup: true }))
  t.equal(relayed.length, 1)
  t.equal(stack.counters.messagesReceived, 1)
})

t.test(
  'a QoS 2 message of a session that ended while it was relayed leaves no identifier behind',
  async t => {
    const stored: number[] = []
    let relayed = () => {}
    const stack = new FakeStack({
      relayMessage: () => new Promise<void>(resolve => (relayed = resolve)),
      storeIncoming: ({ messageId }) => void stored.push(messageId)
    })
    const inbound = await stack.host(new InboundManager())
    const client = new FakeClient(stack, { version: 5 })
    const session = sessionOf(client, 300)
    const first = inbound.handle(client.client, message({ qos: 2, messageId: 1 }))
    relayed()
    await first
    t.same(stored, [1], 'one that lives is stored')
    const second = inbound.handle(client.client, message({ qos: 2, messageId: 2 }))
    session.ended = true
    relayed()
    await second
    t.same(stored, [1])
  }
)
