import t from 'tap'
import type { OutgoingMessage, Session } from '../../lib/index.js'
import { message, to } from '../support/messages.js'
import { backed, settled } from '../support/offline.js'
import { ack, hosted } from '../support/outbound.js'

const group = { name: 'g' } as never

async function shared(expiry = 300, client = {}) {
  const all = await hosted({}, client, expiry)
  const { stack, outbound, session } = all
  /** What other members got. */
  const passedOn: string[] = []
  stack.handlers.forwardToGroup = ({ packet }, store) => {
    passedOn.push(packet.payload.toString())
    store.matched++
  }
  const give = (qos: 0 | 1 | 2, payload: string, to_ = group) =>
    outbound.forwardMessage(to(session, message({ qos, payload }), { group: to_ }))
  const end = (one: Session = session) => {
    one.ended = true
    one.client = null
    outbound.sessionEnded({ session: one, reason: 'expired' })
  }
  return { ...all, passedOn, give, end }
}

t.test('when a member’s session ends its QoS 1 messages go to another, in order', async t => {
  const { stack, outbound, client, disconnect, passedOn, dropped, give, end } = await shared(300, {
    receiveMaximum: 3
  })
  for (const payload of ['acked', 'in flight', 'open', 'queued', 'queued too']) give(1, payload)
  ack(outbound, client, 'puback', 1)
  disconnect()
  give(1, 'offline')
  end()
  t.same(passedOn, ['in flight', 'open', 'queued', 'queued too', 'offline'])
  t.same(dropped, [])
  t.equal(stack.counters.messagesDropped, 0)
})

t.test(
  'a QoS 2 delivery that has begun goes to nobody else, one that waits does [5.0 MQTT-4.8.2-5]',
  async t => {
    const { outbound, client, disconnect, passedOn, dropped, give, end } = await shared(300, {
      receiveMaximum: 2
    })
    for (const payload of ['begun', 'received', 'waits']) give(2, payload)
    ack(outbound, client, 'pubrec', 2)
    disconnect()
    end()
    t.same(passedOn, ['waits'])
    t.same(dropped, ['begun session-ended'], 'after PUBREC the client has it')
  }
)

t.test('until its session ends a member keeps what it was sent [5.0 MQTT-4.8.2-4]', async t => {
  const { disconnect, resume, passedOn, give } = await shared()
  give(1, 'one')
  give(2, 'two')
  disconnect()
  const again = await resume()
  t.same(passedOn, [])
  t.equal(again.published.length, 2)
})

t.test('what no other member takes, and what is of no group, is reported as lost', async t => {
  const { stack, disconnect, dropped, give, end } = await shared()
  stack.handlers.forwardToGroup = () => {}
  give(1, 'nobody else')
  give(1, 'own', null as never)
  disconnect()
  give(1, 'own and queued', null as never)
  end()
  t.same(dropped, ['nobody else session-ended', 'own session-ended', 'own and queued session-ended'])
})

t.test('what waits in a backend is passed on before it is removed', async t => {
  for (const late of [false, true]) {
    const { stack, disconnect, passedOn, give, end } = await shared()
    const { offline } = backed(stack, late)
    give(1, 'in flight')
    disconnect()
    for (let i = 0; i < 300; i++) give(1, `${i}`)
    await settled()
    end()
    const remove = () => offline.removeSession({ clientId: 'c1' })
    if (late) setImmediate(remove)
    else remove()
    await settled()
    t.same(passedOn, ['in flight', ...Array.from({ length: 300 }, (_, i) => `${i}`)])
  }
})

t.test(
  'a session that came back with the broker, and nobody resumed, reports what the backend kept',
  async t => {
    const { stack, outbound, session, disconnect, dropped } = await hosted({}, {}, 300)
    const { inflight, offline } = backed(stack)
    disconnect()
    const kept = (payload: string, rest: Partial<OutgoingMessage>): OutgoingMessage => ({
      ...{ packet: message({ qos: 1, payload }), qos: 1, retain: false, identifiers: null },
      ...{ messageId: 0, released: false },
      ...rest
    })
    inflight.storeInflight({ clientId: 'c1', message: kept('in flight', { messageId: 1 }) })
    inflight.storeInflight({
      clientId: 'c1',
      message: kept('received', { messageId: 2, qos: 2, released: true })
    })
    offline.storeOfflineMessage({ clientId: 'c1', message: kept('queued', {}) }, { refused: false })
    session.ended = true
    outbound.sessionEnded({ session, reason: 'clean-start' })
    t.same(dropped, ['in flight session-ended', 'queued session-ended'])
  }
)

t.test('a session of one connection leaves nothing in a backend to be asked for', async t => {
  const { stack, disconnect, dropped, give, end } = await shared(0, { receiveMaximum: 1 })
  backed(stack)
  give(1, 'sent', null as never)
  give(1, 'queued', null as never)
  disconnect()
  end()
  t.same(dropped, ['sent session-ended', 'queued session-ended'])
  t.same(stack.of('lookupOfflineMessages'), [])
  t.same(stack.of('lookupInflight'), [])
})

t.test('publishers that were held for a session go on after what it left behind', async t => {
  const { outbound, client, session, passedOn, give, end } = await shared()
  const order: string[] = []
  const publisher = { isOpen: true, hold() {}, release: () => order.push(`${passedOn.length} passed on`) }
  give(1, 'left behind')
  client.congested = true
  outbound.clientCongested({ client: client.client })
  outbound.forwardMessage(to(session, message(), { publisher: publisher as never }))
  end()
  t.same(order, ['1 passed on'])
  t.equal(session.ready, false)
})
