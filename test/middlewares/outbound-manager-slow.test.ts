import t from 'tap'
import { FakeClient } from '../support/fake-client.js'
import { message, texts, to } from '../support/messages.js'
import { ack, hosted } from '../support/outbound.js'

const longBacklog = 2048

async function slow(options: Partial<FakeClient> = {}, expiry = 0) {
  const all = await hosted({ slowTimeout: 1000 }, options, expiry)
  const { stack, outbound, client, session } = all
  const publisher = new FakeClient(stack, { id: 'publisher' })
  const publish = (qos: 0 | 1 | 2, payload = 'm', from = publisher) =>
    outbound.forwardMessage(to(session, message({ qos, payload }), { publisher: from.client }))
  const congest = () => {
    client.congested = true
    outbound.clientCongested({ client: client.client })
  }
  const drain = () => {
    client.congested = false
    outbound.clientDrained({ client: client.client })
  }
  return { ...all, publisher, publish, congest, drain }
}

t.test('who publishes to a receiver that does not read is held until it drains', async t => {
  const { stack, session, client, publisher, publish, congest, drain } = await slow()
  publish(0)
  t.equal(publisher.holds, 0)
  congest()
  t.equal(session.ready, false)
  publish(0)
  publish(0)
  t.equal(publisher.holds, 1, 'held once, not once a message')
  stack.clock.advance(900)
  drain()
  t.equal(publisher.holds, 0)
  t.equal(session.ready, true)
  t.same(stack.of('sessionReady'), [{ session }])
  t.equal(client.published.length, 3)
})

t.test('one that stays stuck holds nobody any more: QoS 0 is lost, QoS 1 and 2 wait', async t => {
  const { stack, client, publisher, publish, congest, drain, dropped } = await slow()
  congest()
  publish(0, 'in time')
  stack.clock.advance(1500)
  t.equal(publisher.holds, 0, 'released after slowTimeout')
  publish(0, 'zero')
  publish(1, 'one')
  publish(2, 'two')
  const other = new FakeClient(stack, { id: 'other' })
  publish(1, 'three', other)
  t.equal(publisher.holds + other.holds, 0)
  t.same(dropped, ['zero slow-consumer'])
  t.same(texts(client.published), ['in time'])
  drain()
  t.same(texts(client.published), ['in time', 'one', 'two', 'three'])
  publish(0, 'again')
  t.equal(texts(client.published).at(-1), 'again')
})

t.test('nobody is held again until it has drained, and then anybody', async t => {
  const { stack, publisher, publish, congest, drain } = await slow()
  congest()
  stack.clock.advance(1500)
  congest()
  publish(0)
  t.equal(publisher.holds, 0)
  drain()
  congest()
  publish(0)
  t.equal(publisher.holds, 1)
})

t.test('a long line of unacknowledged messages slows publishers down like a full socket', async t => {
  const { stack, outbound, client, session, publisher, publish, dropped } = await slow({ receiveMaximum: 1 })
  for (let i = 0; i <= longBacklog; i++) publish(1, `${i}`)
  t.equal(session.ready, false)
  t.equal(publisher.holds, 1)
  for (let id = 1; id <= longBacklog / 2; id++) ack(outbound, client, 'puback', id)
  t.equal(publisher.holds, 0, 'half of it is enough')
  t.equal(session.ready, true)
  t.equal(stack.of('sessionReady').length, 1)
  t.same(dropped, [])
})

t.test('the time a receiver has is bounded, also when it moves a little', async t => {
  const { stack, outbound, client, publisher, publish } = await slow({ receiveMaximum: 1 })
  for (let i = 0; i <= longBacklog; i++) publish(1)
  for (let id = 1; id <= 3; id++) {
    stack.clock.advance(500)
    ack(outbound, client, 'puback', id)
  }
  t.equal(publisher.holds, 0)
  publish(1)
  t.equal(publisher.holds, 0, 'it is stuck until the line is short again')
})

t.test('what waits for a stuck receiver is bounded, too', async t => {
  const { stack, outbound, client, session, dropped } = await hosted({ maximumQueuedMessages: 3 })
  client.congested = true
  outbound.clientCongested({ client: client.client })
  stack.clock.advance(2000)
  for (let i = 0; i < 5; i++) outbound.forwardMessage(to(session, message({ qos: 1, payload: `${i}` })))
  t.same(dropped, ['3 queue-full', '4 queue-full'])
})

t.test('a publisher that is its own slow subscriber is not kept from acknowledging', async t => {
  const { client, session, publish } = await slow({ receiveMaximum: 1 })
  for (let i = 0; i <= longBacklog; i++) publish(1, 'm', client)
  t.equal(session.ready, false)
  t.equal(client.holds, 0)
})

t.test('a publisher that does not read its own messages is held for the same bounded time', async t => {
  const { stack, client, publish, congest } = await slow()
  congest()
  publish(0, 'm', client)
  t.equal(client.holds, 1)
  stack.clock.advance(1500)
  t.equal(client.holds, 0)
})

t.test('publishers are let go when the receiver leaves, and not held for one that is leaving', async t => {
  const { outbound, session, publisher, publish, congest, disconnect, resume } = await slow({}, 300)
  congest()
  publish(0)
  const released: number[] = []
  publisher.release = () => {
    publisher.holds--
    // What it had sent meanwhile arrives at once.
    publish(1, 'at once')
    released.push(publisher.holds)
  }
  disconnect()
  t.same(released, [0])
  const again = await resume()
  t.same(texts(again.published), ['at once'])
  outbound.forwardMessage(to(session, message(), { publisher: publisher.client }))
  t.equal(publisher.holds, 0)
})

t.test('a long queue of one that is leaving or coming holds nobody', async t => {
  const { client, publisher, publish } = await slow({ receiveMaximum: 1 }, 300)
  for (const state of ['closing', 'new'] as const) {
    client.state = state
    for (let i = 0; i <= longBacklog; i++) publish(1)
    t.equal(publisher.holds, 0, state)
  }
})

t.test('a publisher that disconnected while it was held is let go like the others', async t => {
  const { publisher, publish, congest, drain } = await slow()
  congest()
  publish(0)
  publisher.state = 'closed'
  publish(0)
  t.equal(publisher.holds, 1)
  drain()
  t.equal(publisher.holds, 0)
  congest()
  publish(0)
  t.equal(publisher.holds, 0, 'a closed one is not held')
})

t.test('wills, retained messages and the server hold nobody', async t => {
  const { client, session, outbound, congest } = await slow()
  congest()
  outbound.forwardMessage(to(session, message()))
  t.equal(client.published.length, 1)
})

t.test('a receiver still over its mark is not ready when its line becomes short', async t => {
  const { outbound, client, session, publish, congest } = await slow()
  publish(1)
  congest()
  ack(outbound, client, 'puback', 1)
  t.equal(session.ready, false)
})

t.test('messages of QoS 1 wait for a full socket to drain, in order', async t => {
  const { client, publish, congest, drain } = await slow()
  publish(1, 'a')
  congest()
  publish(1, 'b')
  publish(2, 'c')
  t.same(texts(client.published), ['a'])
  drain()
  t.same(texts(client.published), ['a', 'b', 'c'])
})
