import t from 'tap'
import { encode } from '../../../lib/codec/index.js'
import { decodePublish } from '../../../lib/codec/publish-decode.js'
import {
  Publish,
  type PublishPacket,
  type PublishProperties,
  Stack,
  type Version
} from '../../../lib/index.js'
import { clientCode, idCode, parseCode, seqCode } from '../../../middlewares/level-backend/keys.js'
import { packetSize, readPacket, writePacket } from '../../../middlewares/level-backend/packet-codec.js'
import { ReadAhead } from '../../../middlewares/level-backend/read-ahead.js'

const stack = new Stack()

function packetBytes(given: Partial<PublishPacket> & { topic: string }, version: Version): Buffer {
  const payload = Buffer.alloc(0)
  const packet = { payload, qos: 0, retain: false, dup: false, messageId: 0, properties: undefined, ...given }
  return encode({ cmd: 'publish', ...packet } as PublishPacket, version)
}

function again(packet: PublishPacket): Publish {
  const buf = Buffer.alloc(packetSize(packet) + 5)
  t.equal(writePacket(packet, buf, 2), buf.length - 3)
  return readPacket(buf, 2, buf.length - 3, stack)
}

const facts = ({ topic, payload, qos, retain, expiresAt, properties }: PublishPacket) => {
  const { topicAlias, subscriptionIdentifier, ...rest } = properties ?? {}
  return { topic, payload: payload.toString('hex'), qos, retain, expiresAt: expiresAt ?? 0, ...rest }
}

t.test('numbers in keys sort as they are, and come back', async t => {
  const numbers = [0, 1, 63, 64, 4095, 4096, 2 ** 24 - 1, 2 ** 24, 2 ** 31, 2 ** 32, 2 ** 35]
  for (const [code, most] of [[clientCode, 2 ** 36 - 1] as const, [seqCode, 2 ** 48 - 1] as const]) {
    const all = [...numbers, most]
    const codes = all.map(code)
    t.same([...codes].sort(), codes)
    t.equal(new Set(codes.map(({ length }) => length)).size, 1)
    t.same(
      codes.map(one => parseCode(one, 0)),
      all
    )
  }
  for (const id of [1, 255, 256, 4096, 65_535]) t.equal(parseCode(idCode(id), 0), id)
})

t.test('what came from a client is stored as it came, by either version', async t => {
  for (const version of [4, 5] as const) {
    const bytes = packetBytes({ topic: 'a/ü', payload: Buffer.from('hello'), qos: 1, messageId: 7 }, version)
    const source = { version, topics: stack.topics, aliases: null, now: () => 0 }
    const packet = decodePublish(bytes, 0, 2, bytes.length, source)
    t.equal(packetSize(packet), 1 + bytes.length)
    t.same(facts(again(packet)), facts(packet))
    packet.qos = 0
    packet.retain = true
    t.same(facts(again(packet)), facts(packet), 'with what was changed since')
    t.ok(again(packet).plain, 'and can go out as it is')
  }
})

t.test('properties, expiry and what was changed are kept; an alias is not', async t => {
  const properties: PublishProperties = {
    ...{ payloadFormatIndicator: true, messageExpiryInterval: 60, contentType: 'x', responseTopic: 'r' },
    ...{ correlationData: Buffer.from([1, 0]), userProperties: [['a', 'b']] }
  }
  const packet = Publish.from({
    topic: 't',
    payload: Buffer.alloc(0),
    qos: 2,
    properties,
    expiresAt: 123_456
  })
  t.same(facts(again(packet)), facts(packet))
  const bytes = packetBytes(
    { topic: 't', payload: Buffer.from('p'), properties: { messageExpiryInterval: 5 } },
    5
  )
  const received = decodePublish(bytes, 0, 2, bytes.length, {
    ...{ version: 5, topics: stack.topics, aliases: null, now: () => 1000 }
  })
  t.equal(again(received).expiresAt, 6000)
  received.topic = 'other'
  t.same(facts(again(received)), facts(received))
  const aliased = Publish.from({ topic: 't', payload: Buffer.from('p'), properties: { topicAlias: 3 } })
  t.same(again(aliased).properties ?? {}, {})
})

t.test('bytes that are no message are an error', async t => {
  t.throws(() => readPacket(Buffer.from([0, 0x30, 5, 0]), 0, 4, stack))
})

t.test('what was read ahead is taken once, and tells where the queue begins', async t => {
  const ahead = new ReadAhead()
  t.ok(ahead.reaches(10, 10))
  t.notOk(ahead.reaches(11, 10))
  for (const seq of [10, 13, 17, 20]) t.ok(ahead.add(seq, seq, 0))
  t.ok(ahead.add(13, 13, 0), 'known already')
  t.ok(ahead.reaches(21, 10))
  t.notOk(ahead.reaches(22, 10))
  t.equal(ahead.take(17)?.size, 17)
  t.equal(ahead.take(17), null)
  t.equal(ahead.take(11), null, 'it would have been read')
  t.equal(ahead.take(21), undefined, 'nobody knows')
  t.equal(ahead.first, 10)
  t.equal(ahead.take(10)?.size, 10)
  t.equal(ahead.first, 13)
  t.equal(ahead.take(13)?.size, 13)
  t.equal(ahead.first, 20)
  t.equal(ahead.take(20)?.size, 20)
  t.equal(ahead.first, 21)
})

t.test('only so much is read ahead', async t => {
  const ahead = new ReadAhead()
  for (let seq = 1; seq <= 4096; seq++) ahead.add(seq, 1, 0)
  t.notOk(ahead.add(4097, 1, 0))
  for (let seq = 1; seq <= 3000; seq++) ahead.take(seq)
  t.equal(ahead.first, 3001)
  t.notOk(ahead.reaches(4098, 1), 'there is a gap')
  t.ok(ahead.add(4097, 1, 0))
  t.equal(ahead.take(4097)?.seq, 4097)
})
