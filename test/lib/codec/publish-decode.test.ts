import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { PublishSource } from '../../../lib/codec/publish-decode.js'
import { MqttError } from '../../../lib/errors.js'
import type { Version } from '../../../lib/packets.js'
import {
  field,
  packet,
  properties,
  raw,
  u16,
  u32,
  userProperty,
  varint
} from '../../../spec-suite/protocol/bytes.js'
import { decoded, now, publishBytes, sourceOf, topicName } from './publishes.js'
import { outcome } from './wire.js'

const versions = [3, 4, 5] as const

/** A PUBLISH; `props` are of MQTT 5 and absent before it. */
function publish(version: Version, first: number, topic: Buffer, id: number | null, props?: Buffer): Buffer {
  const own = version === 5 ? properties(props ?? []) : []
  return packet(first, field(topic), id === null ? [] : u16(id), own, 'payload')
}

function reasonOf(wire: Buffer, source: PublishSource): string {
  return outcome(() => decoded(wire, source).topic)
}

t.test('what a client may not send is refused with its reason', async t => {
  const good = Buffer.from('a/b')
  const rows: Array<[title: string, make: (version: Version) => Buffer, reason: string]> = [
    ['QoS 3 [5.0 MQTT-3.3.1-4] [3.1.1 MQTT-3.3.1-4]', v => publish(v, 0x36, good, 1), 'MalformedPacket'],
    [
      'DUP with QoS 0 [5.0 MQTT-3.3.1-2] [3.1.1 MQTT-3.3.1-2]',
      v => publish(v, 0x38, good, null),
      'MalformedPacket'
    ],
    [
      'packet identifier 0, QoS 1 [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]',
      v => publish(v, 0x32, good, 0),
      'ProtocolError'
    ],
    [
      'packet identifier 0, QoS 2 [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]',
      v => publish(v, 0x34, good, 0),
      'ProtocolError'
    ],
    [
      'an overlong form in the topic [5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1]',
      v => publish(v, 0x30, raw('a', [0xc0, 0x80]), null),
      'MalformedPacket'
    ],
    [
      'a surrogate in the topic [5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1]',
      v => publish(v, 0x30, raw([0xed, 0xa0, 0x80]), null),
      'MalformedPacket'
    ],
    [
      'U+0000 in the topic [5.0 MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-2]',
      v => publish(v, 0x30, raw('a\0b'), null),
      'MalformedPacket'
    ],
    [
      '+ in the topic [5.0 MQTT-3.3.2-2] [3.1.1 MQTT-3.3.2-2]',
      v => publish(v, 0x30, raw('a/+'), null),
      'TopicNameInvalid'
    ],
    [
      '# in the topic [5.0 MQTT-3.3.2-2] [3.1.1 MQTT-3.3.2-2]',
      v => publish(v, 0x30, raw('#'), null),
      'TopicNameInvalid'
    ]
  ]
  for (const version of versions) {
    for (const [title, make, reason] of rows) {
      t.equal(reasonOf(make(version), sourceOf(version)), reason, `${title}, level ${version}`)
    }
    t.equal(reasonOf(publish(version, 0x3b, good, 1), sourceOf(version)), 'accepted: "a/b"', 'the good one')
  }
})

t.test('an empty topic needs an alias [5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1]', async t => {
  const empty = Buffer.alloc(0)
  for (const version of [3, 4] as const) {
    t.equal(reasonOf(publish(version, 0x30, empty, null), sourceOf(version)), 'MalformedPacket')
  }
  t.equal(reasonOf(publish(5, 0x30, empty, null), sourceOf(5)), 'ProtocolError')
  t.equal(reasonOf(publish(5, 0x30, empty, null, raw([1, 1])), sourceOf(5)), 'ProtocolError')
})

t.test('topic aliases [5.0 MQTT-3.3.2-8] [5.0 MQTT-3.3.2-9] [5.0 MQTT-3.2.2-18]', async t => {
  const alias = (n: number) => raw([0x23], u16(n))
  const set = (n: number, topic: string) => publish(5, 0x30, raw(topic), null, alias(n))
  const source = sourceOf(5, 10)
  t.equal(reasonOf(set(0, 'a'), source), 'TopicAliasInvalid', 'alias 0')
  t.equal(reasonOf(set(11, 'a'), source), 'TopicAliasInvalid', 'above the maximum')
  t.equal(reasonOf(set(1, ''), source), 'ProtocolError', 'unknown')
  t.equal(reasonOf(set(1, 'a'), sourceOf(5)), 'TopicAliasInvalid', 'none are allowed')
  t.equal(reasonOf(set(10, 'a'), source), 'accepted: "a"')
  t.equal(reasonOf(set(10, ''), source), 'accepted: "a"')
  t.equal(reasonOf(set(10, 'b'), source), 'accepted: "b"', 'set up anew')
  t.equal(reasonOf(set(10, ''), source), 'accepted: "b"')
  t.equal(reasonOf(set(10, '+'), source), 'TopicNameInvalid', 'the name is checked with an alias, too')
  t.equal(reasonOf(set(10, ''), source), 'accepted: "b"', 'and changed nothing')
  const twice = publish(5, 0x30, raw('a'), null, raw(alias(1), alias(1)))
  t.equal(reasonOf(twice, source), 'ProtocolError')
})

t.test('properties that only a server sends, or that are wrong', async t => {
  const rows: Array<[title: string, props: Buffer, reason: string]> = [
    ['a subscription identifier [5.0 MQTT-3.3.4-6]', raw([0x0b, 5]), 'ProtocolError'],
    ['two of them [5.0 MQTT-3.3.4-6]', raw([0x0b, 5, 0x0b, 6]), 'ProtocolError'],
    ['# in the response topic [5.0 MQTT-3.3.2-14]', raw([0x08], field('a/#')), 'ProtocolError'],
    ['+ in the response topic [5.0 MQTT-3.3.2-14]', raw([0x08], field('+')), 'ProtocolError'],
    ['a response topic that is no UTF-8 [5.0 MQTT-3.3.2-13]', raw([0x08], field([0xff])), 'MalformedPacket'],
    ['a payload format of 2', raw([0x01, 2]), 'ProtocolError'],
    ['the expiry twice', raw([0x02], u32(1), [0x02], u32(1)), 'ProtocolError'],
    ['a property of CONNECT', raw([0x21], u16(5)), 'MalformedPacket'],
    ['an unknown property', raw([0x7f]), 'MalformedPacket'],
    ['a value that is cut off by the property length', raw([0x02, 0, 0]), 'MalformedPacket']
  ]
  for (const [title, props, reason] of rows) {
    t.equal(reasonOf(publish(5, 0x30, raw('a'), null, props), sourceOf(5)), reason, title)
  }
})

t.test('property lengths that do not hold', async t => {
  const withLength = (length: Buffer, rest: Buffer) => packet(0x30, field('a'), length, rest)
  const beyond = withLength(varint(9), raw([1, 1]))
  t.equal(reasonOf(beyond, sourceOf(5)), 'MalformedPacket', 'beyond the end')
  t.equal(reasonOf(withLength(raw([0x82, 0]), raw([1, 1])), sourceOf(5)), 'MalformedPacket', 'too many bytes')
  t.equal(reasonOf(withLength(raw([0x80, 0x80, 0x80, 0x80, 1]), raw([])), sourceOf(5)), 'MalformedPacket')
  t.equal(reasonOf(withLength(raw([]), raw([])), sourceOf(5)), 'MalformedPacket', 'none at all')
  t.equal(reasonOf(withLength(raw([0]), raw([])), sourceOf(5)), 'accepted: "a"', 'an empty payload is fine')
})

t.test('cut off at any byte before its payload it is malformed', async t => {
  const props = raw([1, 1], [2], u32(60), userProperty('k', 'v'), [9], field('data'))
  for (const version of versions) {
    for (const first of [0x30, 0x32, 0x34]) {
      const id = first === 0x30 ? null : 7
      const own = version === 5 ? properties(props) : []
      const head = raw(field('a/b'), id === null ? [] : u16(id), own)
      for (let end = 0; end < head.length; end++) {
        const cut = packet(first, head.subarray(0, end))
        assert.equal(reasonOf(cut, sourceOf(version)), 'MalformedPacket', `level ${version}, ${end} bytes`)
      }
      t.equal(reasonOf(packet(first, head), sourceOf(version)), 'accepted: "a/b"')
    }
  }
})

t.test('all that is in a PUBLISH is read, in each version', async t => {
  for (const version of versions) {
    const props = { messageExpiryInterval: 60, userProperties: [['k', 'v'] as const] }
    const wire = publishBytes(version, {
      ...{ topic: 'ü/b', payload: Buffer.from('hi'), qos: 2, retain: true, dup: true, messageId: 0xfffe },
      properties: props
    })
    const read = decoded(wire, sourceOf(version))
    t.match(read, { cmd: 'publish', topic: 'ü/b', qos: 2, wireQos: 2, retain: true, dup: true })
    t.equal(read.messageId, 0xfffe)
    t.equal(read.payload.toString(), 'hi')
    t.strictSame(read.properties, version === 5 ? props : undefined)
    t.equal(read.expiresAt, version === 5 ? now + 60_000 : 0)
  }
})

t.test('the same topic is one object, whoever sends it', async t => {
  const source = sourceOf(5, 5)
  const first = decoded(publish(5, 0x30, raw('a'), null), source)
  const aliased = decoded(publish(5, 0x30, raw('a'), null, raw([0x23], u16(1))), source)
  const bare = decoded(publish(5, 0x30, raw(''), null, raw([0x23], u16(1))), source)
  t.equal(first.source, aliased.source)
  t.equal(first.source, bare.source)
})

t.test('random bytes: an MqttError that ends the connection, or a PUBLISH', async t => {
  let taken = 0
  let refused = 0
  const byte = fc.oneof(fc.nat(4), fc.nat(0x2a), fc.nat(255), fc.constantFrom(0, 0x61, 0x62, 0x63))
  const body = fc.oneof(
    fc.array(byte, { maxLength: 40 }),
    fc.tuple(fc.nat(3), fc.array(byte, { maxLength: 40 })).map(([length, rest]) => [0, length, ...rest])
  )
  const check = fc.property(fc.nat(15), body, fc.constantFrom<Version>(3, 4, 5), (flags, body, version) => {
    try {
      const read = decoded(packet(0x30 | flags, body), sourceOf(version, 3))
      assert.ok(read.topic.length > 0 && !/[+#\0]/.test(read.topic))
      assert.ok(read.payload.length <= body.length)
      taken++
    } catch (error) {
      assert.ok(error instanceof MqttError, `threw ${error}`)
      assert.ok(error.fatal)
      refused++
    }
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 20_000 }))
  t.ok(taken > 500, `${taken} were taken`)
  t.ok(refused > 5000, `${refused} were refused`)
})

t.test('valid packets with broken bytes: an MqttError or a PUBLISH', async t => {
  let refused = 0
  const change = fc.tuple(fc.nat(300), fc.nat(255))
  const check = fc.property(
    topicName,
    fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
    fc.array(change, { minLength: 1, maxLength: 3 }),
    (topic, payload, changes) => {
      const props = { contentType: 'x', topicAlias: 2, userProperties: [['k', 'v'] as const] }
      const wanted = { topic, payload, retain: false, dup: false, messageId: 4, properties: props }
      const wire = publishBytes(5, { ...wanted, qos: 1 })
      const head = wire[1]! > 127 ? 3 : 2
      for (const [at, value] of changes) wire[head + (at % (wire.length - head))] = value
      try {
        decoded(wire, sourceOf(5, 3)).payload.toString()
      } catch (error) {
        assert.ok(error instanceof MqttError, `threw ${error}`)
        refused++
      }
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 5000 }))
  t.ok(refused > 200, `${refused} were refused`)
})
