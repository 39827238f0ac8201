import t from 'tap'
import { asPublish, Publish } from '../../../lib/codec/publish.js'
import { type Delivery, deliver } from '../../../lib/codec/publish-deliver.js'
import type { PublishPacket, PublishProperties, QoS } from '../../../lib/packets.js'
import { decoded, propertyBytes, publishBytes, sourceOf, type Wanted } from './publishes.js'
import { decodePacket } from './wire.js'

const props: PublishProperties = { contentType: 'text', userProperties: [['k', 'v']] }
const wanted: Wanted = {
  ...{ topic: 'a/b', payload: Buffer.from('payload'), qos: 1, retain: true, dup: true, messageId: 7 },
  properties: props
}

function received(change: Partial<Wanted> = {}, version: 4 | 5 = 5): Publish {
  return decoded(publishBytes(version, { ...wanted, ...change }), sourceOf(version, 5))
}

const plainly: Delivery = {
  ...{ qos: 1, retain: false, dup: false, messageId: 9 },
  ...{ alias: 0, bare: false, identifiers: null, expiry: -1 }
}

/** What a receiver of MQTT 5 gets, decoded. */
function sent(packet: Publish, change: Partial<Delivery> = {}): PublishPacket {
  let out = Buffer.alloc(0)
  const sink = {
    buf: Buffer.alloc(0),
    reserve: (bytes: number) => {
      out = sink.buf = Buffer.alloc(bytes)
      return 0
    },
    append: (block: Buffer) => {
      out = Buffer.concat([sink.buf, block])
    }
  }
  deliver(sink, packet, true, 1e9, { ...plainly, ...change })
  return decodePacket(out, 5) as PublishPacket
}

/** All that one can see of a packet. */
function seen({ topic, payload, qos, retain, dup, messageId, properties, expiresAt, wireQos }: Publish) {
  const text = payload.toString('hex')
  return { topic, text, qos, retain, dup, messageId, properties, expiresAt, wireQos }
}

t.test('the payload is a view of the chunk', async t => {
  const packet = received()
  t.equal(packet.payload.buffer, packet.buf.buffer)
  t.equal(packet.payloadLength, 7)
  t.equal(received({ payload: Buffer.alloc(0) }).payload.length, 0)
})

t.test('what is assigned is what goes out', async t => {
  const topic = received()
  topic.topic = 'other/ü'
  t.match(sent(topic), { topic: 'other/ü', payload: wanted.payload, properties: props })

  const payload = received()
  payload.payload = Buffer.from('another, longer payload')
  t.equal(payload.payload.toString(), 'another, longer payload')
  t.equal(payload.payloadLength, 23)
  t.match(sent(payload), { topic: 'a/b', payload: Buffer.from('another, longer payload'), properties: props })

  const properties = received()
  t.strictSame(sent(properties, { expiry: 4 }).properties, { ...props, messageExpiryInterval: 4 })
  properties.properties = { responseTopic: 'r' }
  t.strictSame(sent(properties).properties, { responseTopic: 'r' })
  properties.properties = undefined
  t.strictSame(sent(properties).properties, undefined)

  const qos = received()
  qos.qos = 0
  t.equal(qos.wireQos, 1, 'what the sender wants acknowledged stays')
})

t.test('the same topic assigned changes nothing', async t => {
  const packet = received()
  const { source } = packet
  packet.topic = 'a/b'
  t.equal(packet.source, source)
  t.equal(packet.plain, true)
})

t.test('a topic that no length could announce is refused where it is assigned', async t => {
  const packet = received()
  t.throws(() => {
    packet.topic = 'é'.repeat(32_768)
  }, RangeError)
  t.throws(() => Publish.from({ topic: 'x'.repeat(65_536) }), RangeError)
  t.equal(packet.topic, 'a/b')
  packet.topic = 'x'.repeat(65_535)
  t.equal(sent(packet).topic.length, 65_535)
})

t.test('properties are frozen: a changed field cannot go unnoticed', async t => {
  for (const packet of [received(), received({ properties: { topicAlias: 3 } }), Publish.from(wanted)]) {
    t.throws(() => {
      packet.properties!.contentType = 'changed'
    }, TypeError)
  }
  const assigned = received()
  assigned.properties = { contentType: 'mine' }
  t.throws(() => {
    assigned.properties!.contentType = 'changed'
  }, TypeError)
  const own = { contentType: 'mine' }
  Publish.from({ topic: 'a', properties: own })
  own.contentType = 'changed'
  t.equal(own.contentType, 'changed', 'the object of who publishes stays his')
})

t.test('detach() copies once, to memory of its own, and keeps everything', async t => {
  const cases: Array<[title: string, make: () => Publish]> = [
    ['plain', () => received()],
    ['plain, MQTT 3', () => received({}, 4)],
    ['without a payload', () => received({ payload: Buffer.alloc(0) })],
    ['with an alias', () => received({ properties: { ...props, topicAlias: 3 } })],
    ['with an expiry', () => received({ properties: { ...props, messageExpiryInterval: 9 } })],
    ['an alias and no payload', () => received({ payload: Buffer.alloc(0), properties: { topicAlias: 3 } })],
    ['rewritten', () => Object.assign(received(), { topic: 'c', payload: Buffer.from('small') })]
  ]
  for (const [title, make] of cases) {
    const packet = make()
    const chunk = packet.buf
    const before = seen(packet)
    sent(packet)
    t.equal(packet.detach(), packet)
    const { buf } = packet
    t.not(buf.buffer, chunk.buffer, `${title}: the chunk is let go`)
    t.equal(buf.buffer.byteLength, buf.length, `${title}: no part of anything larger`)
    t.ok(buf.length <= 60, `${title}: ${buf.length} bytes`)
    chunk.fill(0xee)
    t.strictSame(seen(packet), before, title)
    t.match(sent(packet), { topic: before.topic, payload: Buffer.from(before.text, 'hex') })
    packet.detach()
    t.equal(packet.buf, buf, `${title}: not copied again`)
  }
})

t.test('detach() lets go of the chunk also where the packet is all of a view', async t => {
  const wire = publishBytes(5, wanted)
  const slab = Buffer.alloc(65_536)
  wire.copy(slab, 100)
  const view = slab.subarray(100, 100 + wire.length)
  const source = sourceOf(5)
  const packet = decoded(wire, source)
  const all = new Publish(0x0b, packet.source, 7, {
    ...{ buf: view, start: 0, topicAt: 2, bodyAt: 9, payloadAt: wire.length - 7, end: wire.length, v5: true }
  })
  all.detach()
  t.equal(all.buf.buffer.byteLength, wire.length)
  t.equal(all.payload.toString(), 'payload')
})

t.test('detach(true) lets go of the chunk for a block that small messages share', async t => {
  const wire = publishBytes(5, wanted)
  const chunk = Buffer.alloc(65_536)
  wire.copy(chunk, 100)
  const packet = decoded(chunk.subarray(100, 100 + wire.length), sourceOf(5))
  const before = seen(packet)
  packet.detach(true)
  const { buf } = packet
  t.not(buf.buffer, chunk.buffer)
  t.ok(buf.buffer.byteLength <= Buffer.poolSize)
  chunk.fill(0xee)
  t.strictSame(seen(packet), before)
  packet.detach(true)
  t.equal(packet.buf, buf, 'not copied again')
  packet.detach()
  t.equal(packet.buf.buffer.byteLength, packet.buf.length, 'memory of its own when that is asked for')
  t.strictSame(seen(packet), before)
  const large = received({ payload: Buffer.alloc(20_000, 7) }).detach(true)
  t.equal(large.buf.buffer.byteLength, large.buf.length, 'large ones do not share')
})

t.test('a clone is equal and changes alone', async t => {
  for (const change of [{}, { properties: { ...props, messageExpiryInterval: 60 } }]) {
    const packet = received(change)
    packet.qos = 0
    const clone = packet.clone()
    t.strictSame(seen(clone), seen(packet))
    t.match(sent(clone, { messageId: 3 }), { messageId: 3, topic: 'a/b', payload: wanted.payload })
    const before = seen(packet)
    Object.assign(clone, { topic: 'x', payload: Buffer.from('y'), qos: 2, retain: false, expiresAt: 5 })
    clone.properties = { contentType: 'z' }
    t.strictSame(seen(packet), before)
    t.match(sent(packet), { topic: 'a/b', payload: wanted.payload, properties: props })
    t.match(sent(clone), { topic: 'x', payload: Buffer.from('y'), properties: { contentType: 'z' } })
    const other = packet.clone().detach()
    t.not(other.buf, packet.buf, 'detached alone')
    t.strictSame(seen(other), before)
  }
})

t.test('from() makes one of a plain object', async t => {
  const packet = Publish.from({ ...wanted, expiresAt: 5 })
  t.strictSame(seen(packet), { ...seen(received()), expiresAt: 5 })
  t.match(sent(packet), { topic: 'a/b', payload: wanted.payload, properties: props, qos: 1 })
  const least = Publish.from({ topic: 'a' })
  t.match(seen(least), { topic: 'a', text: '', qos: 0, retain: false, dup: false, messageId: 0 })
  t.equal(least.properties, undefined)
  t.strictSame(sent(least, { qos: 0 }).properties, undefined)
  t.equal(asPublish(packet), packet)
  t.equal(asPublish({ ...wanted, cmd: 'publish' }).topic, 'a/b')
})

t.test('what goes out with every copy is encoded once', async t => {
  const packet = received({ properties: { ...props, topicAlias: 1, messageExpiryInterval: 3 } })
  const encoded = packet.forwardedProperties()
  t.equal(packet.forwardedProperties(), encoded)
  t.equal(packet.forwardedSize, propertyBytes(props).length, 'without alias and expiry')
  t.equal(packet.clone().forwardedProperties(), encoded)
  t.equal(received({ qos: 2 as QoS, properties: undefined }).forwardedSize, 0)
})
