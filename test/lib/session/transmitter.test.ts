import t from 'tap'
import {
  MqttError,
  type Packet,
  Publish,
  type PublishPacket,
  type PublishProperties,
  type QoS
} from '../../../lib/index.js'
import { OutboundAliases } from '../../../lib/session/outbound-aliases.js'
import { Outgoing } from '../../../lib/session/outgoing.js'
import { Transmitter } from '../../../lib/session/transmitter.js'
import { FakeClient } from '../../support/fake-client.js'
import { FakeStack } from '../../support/fake-stack.js'

function made(version: 4 | 5 = 5) {
  const stack = new FakeStack()
  const fake = new FakeClient(stack, { version })
  const transmitter = new Transmitter(stack as never)
  const message = (properties?: PublishProperties, payload = 'hi') =>
    Publish.from({ topic: 'a/b', payload: Buffer.from(payload), ...(properties && { properties }) })
  /** Sends with what matters to a test. */
  const send = (packet: Publish, how: Partial<How> = {}) => {
    const { qos, retain, dup, messageId, identifiers, aliases } = { ...plainly, ...how }
    return transmitter.send(fake.client, packet, qos, retain, dup, messageId, identifiers, aliases)
  }
  return { stack, fake, transmitter, message, send }
}

interface How {
  qos: QoS
  retain: boolean
  dup: boolean
  messageId: number
  identifiers: number[] | null
  aliases: OutboundAliases | null
}
const plainly: How = { qos: 0, retain: false, dup: false, messageId: 0, identifiers: null, aliases: null }

t.test('a copy goes out as it is said and is counted', async t => {
  const { stack, fake, message, send } = made()
  t.equal(send(message(), { qos: 2, retain: true, dup: true, messageId: 9, identifiers: [4, 5] }), null)
  t.equal(send(message()), null)
  const [first, second] = fake.published
  t.match(first, { topic: 'a/b', qos: 2, retain: true, dup: true, messageId: 9 })
  t.strictSame(first!.properties!.subscriptionIdentifier, [4, 5])
  t.match(second, { qos: 0, retain: false, dup: false }, 'nothing is left of the copy before')
  t.equal(second!.properties?.subscriptionIdentifier, undefined)
  t.equal(stack.counters.messagesSent, 2)
})

t.test('MQTT 3 gets no identifiers', async t => {
  const { fake, message, send } = made(4)
  t.equal(send(message(), { identifiers: [4] }), null)
  t.equal(fake.published[0]!.payload.toString(), 'hi')
})

t.test('the expiry is counted down in whole seconds [5.0 MQTT-3.3.2-6]', async t => {
  const { stack, fake, message, send } = made()
  const now = stack.clock.now()
  const rows: Array<[left: number, seconds: number]> = [
    [60_000, 60],
    [59_001, 60],
    [1, 1],
    [0xffff_ffff * 1000, 0xffff_ffff],
    [0xffff_ffff * 1000 + 5000, 0xffff_ffff]
  ]
  for (const [left] of rows) {
    t.equal(send(Object.assign(message(), { expiresAt: now + left })), null)
  }
  t.strictSame(
    fake.published.map(({ properties }) => properties?.messageExpiryInterval),
    rows.map(([, seconds]) => seconds),
    'a clock that was set back does no harm'
  )
})

t.test('what has expired does not go out; what was sent before does [5.0 MQTT-3.3.2-5]', async t => {
  const { stack, fake, message, send } = made()
  const packet = Object.assign(message(), { expiresAt: stack.clock.now() + 1000 })
  stack.clock.advance(1000)
  t.equal(send(packet), 'expired')
  t.equal(fake.published.length, 0)
  t.equal(send(packet, { qos: 1, dup: true, messageId: 1 }), null)
  t.equal(fake.published[0]!.properties!.messageExpiryInterval, 0)
  t.equal(stack.counters.messagesSent, 1)
})

t.test('what is too large is not sent and not counted [5.0 MQTT-3.1.2-24]', async t => {
  const { stack, fake, message, send } = made()
  fake.maximumPacketSize = 20
  t.equal(send(message(undefined, 'a payload that is long')), 'packet-too-large')
  t.equal(send(message()), null)
  t.equal(fake.published.length, 1)
  t.equal(stack.counters.messagesSent, 1)
})

t.test('an alias is set up with the topic and used without it', async t => {
  const { fake, message, send } = made()
  const aliases = new OutboundAliases(1)
  for (let i = 0; i < 2; i++) t.equal(send(message(), { aliases }), null)
  t.equal(send(Publish.from({ topic: 'other' }), { aliases }), null)
  t.strictSame(
    fake.published.map(({ topic, properties }) => [topic, properties?.topicAlias]),
    [
      ['a/b', 1],
      ['', 1],
      ['other', undefined]
    ]
  )
})

t.test('an alias whose message was too large is not known to the client', async t => {
  const { fake, message, send } = made()
  const aliases = new OutboundAliases(5)
  fake.maximumPacketSize = 12
  t.equal(send(message(undefined, 'too large'), { aliases }), 'packet-too-large')
  t.equal(aliases.known('a/b'), 0)
  fake.maximumPacketSize = 10
  t.equal(send(message(), { aliases }), null, 'without the alias it just fits')
  t.match(fake.published[0], { topic: 'a/b' })
  t.equal(fake.published[0]!.properties?.topicAlias, undefined)
  t.equal(aliases.known('a/b'), 0)
  fake.maximumPacketSize = 100
  t.equal(send(message(), { aliases }), null)
  t.match(fake.published[1], { topic: 'a/b', properties: { topicAlias: 1 } })
})

t.test('hooks see a packet of their own for each copy', async t => {
  const { stack, fake, message, send } = made()
  stack.hasOutgoing = true
  const seen: PublishPacket[] = []
  let last: (packet: PublishPacket) => Packet | null = packet => packet
  stack.outgoing = (<P>(_client: unknown, packet: P) => {
    seen.push(packet as PublishPacket)
    return last(packet as PublishPacket)
  }) as typeof stack.outgoing
  const packet = message({ contentType: 'c', topicAlias: 5, messageExpiryInterval: 9 })
  packet.expiresAt = stack.clock.now() + 3000
  t.equal(send(packet, { qos: 1, messageId: 3, identifiers: [8] }), null)
  const properties = { contentType: 'c', messageExpiryInterval: 3, subscriptionIdentifier: [8] }
  t.match(seen[0], { cmd: 'publish', topic: 'a/b', qos: 1, messageId: 3 })
  t.strictSame(seen[0]!.properties, properties)
  t.match(fake.published[0], { topic: 'a/b', messageId: 3, properties: { contentType: 'c' } })

  last = packet => ({ ...packet, topic: 'changed' })
  t.equal(send(message()), null)
  t.equal(fake.published[1]!.topic, 'changed')

  last = () => null
  t.equal(send(message()), 'refused', 'dropped by a hook')
  last = packet => ({ ...packet, payload: Buffer.alloc(500) })
  fake.maximumPacketSize = 100
  t.equal(send(message()), 'packet-too-large')
  t.equal(fake.published.length, 2)
  t.equal(stack.counters.messagesSent, 2)
})

t.test('a hook that throws ends the connection of the receiver, not of the publisher', async t => {
  const { stack, fake, message, send } = made()
  stack.hasOutgoing = true
  const refused: unknown[] = []
  Object.assign(stack, {
    refuse: (client: unknown, packet: unknown, err: unknown) => refused.push([client, packet, err])
  })
  const err = new MqttError('QuotaExceeded')
  stack.outgoing = () => {
    throw err
  }
  t.equal(send(message()), 'refused')
  t.strictSame(refused, [[fake, null, err]])
  stack.outgoing = (<P>(_client: unknown, packet: P) => ({ ...packet, messageId: -1, qos: 1 })) as never
  t.equal(send(message()), 'refused', 'also what cannot be encoded')
  t.equal(refused.length, 2)
  t.equal(stack.counters.messagesSent, 0)
})

t.test('what is sent again has its identifier and DUP [5.0 MQTT-3.3.1-1]', async t => {
  const { fake, transmitter, message } = made()
  const whole = Object.assign(new Outgoing(message(), 1, true, [2], null), { messageId: 77 })
  t.equal(transmitter.sendOutgoing(fake.client, whole, false, null), null)
  t.equal(transmitter.sendOutgoing(fake.client, whole, true, null), null)
  t.strictSame(
    fake.published.map(({ messageId, dup, retain, qos }) => [messageId, dup, retain, qos]),
    [
      [77, false, true, 1],
      [77, true, true, 1]
    ]
  )
})
