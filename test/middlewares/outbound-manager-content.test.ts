import t from 'tap'
import { message, texts, to } from '../support/messages.js'
import { ack, hosted } from '../support/outbound.js'

t.test('a message too large for the client is dropped, reported, and the next ones flow', async t => {
  const { outbound, client, session, dropped } = await hosted(
    {},
    { maximumPacketSize: 30, receiveMaximum: 1 }
  )
  const large = 'x'.repeat(40)
  for (const qos of [0, 1, 2, 1] as const)
    outbound.forwardMessage(to(session, message({ qos, payload: large })))
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'fits' })))
  t.same(dropped, Array(4).fill(`${large} packet-too-large`))
  t.same(texts(client.published), ['fits'])
})

t.test('one that waits and is too large does not hold up what is behind it', async t => {
  const { outbound, client, session, dropped } = await hosted(
    {},
    { maximumPacketSize: 30, receiveMaximum: 1 }
  )
  for (const payload of ['one', 'x'.repeat(40), 'two']) {
    outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  }
  ack(outbound, client, 'puback', 1)
  t.same(texts(client.published), ['one', 'two'])
  t.equal(dropped.length, 1)
})

t.test('the expiry interval is counted down by what the message waited [5.0 MQTT-3.3.2-6]', async t => {
  const { stack, outbound, client, session } = await hosted({}, { receiveMaximum: 1 })
  const expiring = message({ qos: 1, payload: 'late' })
  expiring.expiresAt = stack.clock.now() + 10_000
  outbound.forwardMessage(to(session, message({ qos: 1 })))
  outbound.forwardMessage(to(session, expiring))
  stack.clock.advance(3500)
  ack(outbound, client, 'puback', 1)
  t.equal(client.published[1]?.properties?.messageExpiryInterval, 7)
})

t.test('a message that expires before its first sending is dropped [5.0 MQTT-3.3.2-5]', async t => {
  const { stack, outbound, client, session, dropped } = await hosted({}, { receiveMaximum: 1 })
  for (const [payload, seconds] of [
    ['first', 0],
    ['expires', 5],
    ['stays', 0]
  ] as const) {
    const packet = message({ qos: 1, payload })
    if (seconds > 0) packet.expiresAt = stack.clock.now() + seconds * 1000
    outbound.forwardMessage(to(session, packet))
  }
  stack.clock.advance(5000)
  ack(outbound, client, 'puback', 1)
  t.same(texts(client.published), ['first', 'stays'])
  t.same(dropped, ['expires expired'])
})

t.test('once sent it does not expire: it is sent again however late [5.0 MQTT-4.3.3-7]', async t => {
  const { stack, outbound, session, disconnect, resume, dropped } = await hosted({}, {}, 300)
  const packet = message({ qos: 2, payload: 'sent' })
  packet.expiresAt = stack.clock.now() + 1000
  outbound.forwardMessage(to(session, packet))
  disconnect()
  stack.clock.advance(60_000)
  const again = await resume()
  t.match(again.published, [{ dup: true, properties: { messageExpiryInterval: 0 } }])
  t.same(dropped, [])
})

t.test('an alias is set up with the first message of a topic and used for the next ones', async t => {
  const { outbound, client, session } = await hosted({}, { topicAliasMaximum: 2 })
  for (const topic of ['long/topic/a', 'long/topic/b', 'long/topic/c', 'long/topic/a', 'long/topic/b']) {
    outbound.forwardMessage(to(session, message({ topic })))
  }
  t.same(
    client.published.map(({ topic, properties }) => [topic, properties?.topicAlias]),
    [
      ['long/topic/a', 1],
      ['long/topic/b', 2],
      // All aliases are taken [5.0 MQTT-3.1.2-26].
      ['long/topic/c', undefined],
      ['', 1],
      ['', 2]
    ]
  )
})

t.test('aliases end with their connection, and are not used for those who take none', async t => {
  const { outbound, client, session, disconnect, resume } = await hosted({}, { topicAliasMaximum: 1 }, 300)
  outbound.forwardMessage(to(session, message({ topic: 'topic', qos: 1 })))
  disconnect()
  const again = await resume({ topicAliasMaximum: 1 })
  t.match(again.published, [{ topic: 'topic', dup: true, properties: { topicAlias: 1 } }])
  disconnect()
  const none = await resume({ topicAliasMaximum: 0 })
  outbound.forwardMessage(to(session, message({ topic: 'topic' })))
  t.same(
    none.published.map(({ topic, properties }) => [topic, properties?.topicAlias]),
    [
      ['topic', undefined],
      ['topic', undefined]
    ]
  )
  t.equal(client.published[0]?.properties?.topicAlias, 1)
  const off = await hosted({ topicAliases: false }, { topicAliasMaximum: 5 })
  off.outbound.forwardMessage(to(off.session, message({ topic: 'topic' })))
  t.equal(off.client.published[0]?.properties?.topicAlias, undefined)
})

t.test('a message that only fits without an alias is sent without one', async t => {
  const payload = 'x'.repeat(10)
  // 2 bytes of header, 2 + 3 of topic, 1 of property length, the payload.
  const { outbound, client, session, dropped } = await hosted(
    {},
    { topicAliasMaximum: 5, maximumPacketSize: 18 }
  )
  outbound.forwardMessage(to(session, message({ payload })))
  t.same(dropped, [])
  t.match(client.published, [{ topic: 'a/b' }])
  t.equal(client.published[0]?.properties?.topicAlias, undefined)
  outbound.forwardMessage(to(session, message({ payload: '' })))
  t.match(client.published[1], { topic: 'a/b', properties: { topicAlias: 1 } }, 'it was not set up before')
})

t.test('subscription identifiers go to MQTT 5 clients, at any QoS [5.0 MQTT-3.3.4-3]', async t => {
  const subscription = { qos: 1, identifiers: [7, 268_435_455] } as const
  for (const qos of [0, 1] as const) {
    const five = await hosted()
    five.outbound.forwardMessage(to(five.session, message({ qos }), { subscription }))
    t.same(five.client.published[0]?.properties?.subscriptionIdentifier, [7, 268_435_455])
    const four = await hosted({}, { version: 4 })
    four.outbound.forwardMessage(to(four.session, message({ qos, payload: 'm' }), { subscription }))
    t.same(texts(four.client.published), ['m'])
  }
})

t.test('identifiers, retain flag and expiry also go through hooks on outgoing packets', async t => {
  const { stack, outbound, client, session } = await hosted({}, { topicAliasMaximum: 5 })
  stack.hasOutgoing = true
  const packet = message({
    qos: 1,
    properties: { contentType: 'x', topicAlias: 9, messageExpiryInterval: 99 }
  })
  packet.expiresAt = stack.clock.now() + 5000
  const subscription = { qos: 1, identifiers: [7] } as const
  outbound.forwardMessage(to(session, packet, { subscription, retain: true }))
  t.match(client.published, [{ qos: 1, retain: true, messageId: 1, topic: 'a/b' }])
  t.same(
    { ...client.published[0]?.properties },
    { contentType: 'x', messageExpiryInterval: 5, subscriptionIdentifier: 7 }
  )
})

t.test('options out of range are told', async t => {
  const { outbound } = await hosted()
  t.same(outbound.check(), [])
  const wrong = new (outbound.constructor as new (config: object) => typeof outbound)({
    ...{ maximumInflight: 0, slowTimeout: -1, maximumQueuedMessages: -1 }
  })
  t.match(wrong.check(), [/maximumInflight/, /maximumQueuedMessages/, /slowTimeout/])
})
