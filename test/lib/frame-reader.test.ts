import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { varintSize, writeVarint } from '../../lib/codec/index.js'
import { MqttError } from '../../lib/errors.js'
import { FrameReader } from '../../lib/frame-reader.js'

/** A packet with this first byte and body; `padding` more bytes in its length than needed. */
function packet(first: number, body: Uint8Array, padding = 0): Buffer {
  const size = varintSize(body.length)
  const head = Buffer.alloc(1 + size + padding)
  head[0] = first
  writeVarint(head, 1, body.length)
  for (let i = 0; i < padding; i++) {
    head[size + i]! |= 0x80
    head[size + i + 1] = 0
  }
  return Buffer.concat([head, body])
}

/** A reader and what it hands out: whole frames in hex, then the reason when it broke. */
function reader(limit = 268_435_460, strict = false) {
  const got: string[] = []
  const errors: Error[] = []
  const sink = {
    frame(buf: Buffer, start: number, bodyAt: number, end: number): boolean {
      got.push(buf.toString('hex', start, end))
      assert.ok(start < bodyAt && bodyAt <= end && end <= buf.length)
      assert.equal(buf[bodyAt - 1]! & 0x80, 0, 'the length ends right before the body')
      return true
    },
    broken(err: Error): void {
      errors.push(err)
      got.push(err instanceof MqttError ? err.reasonName : 'no MqttError')
    }
  }
  const made = new FrameReader(sink, limit)
  made.strict = strict
  return { reader: made, got, errors }
}

const connect = packet(0x10, Buffer.from('any'))

/** Cuts at the given places, taken modulo what is left. */
function chunks(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const parts: Buffer[] = []
  let at = 0
  for (const cut of cuts) {
    const end = Math.min(stream.length, at + cut)
    parts.push(stream.subarray(at, end))
    at = end
  }
  parts.push(stream.subarray(at))
  return parts
}

t.test('wherever a stream is cut, the same frames come out', async t => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.uint8Array({ minLength: 120, maxLength: 140 }),
    fc.integer({ min: 16_370, max: 16_400 }).map(size => Buffer.alloc(size, size))
  )
  const one = fc.tuple(fc.integer({ min: 1, max: 255 }), body, fc.constantFrom(0, 0, 0, 1))
  const cuts = fc.array(fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 20_000 })), {
    maxLength: 60
  })
  let cutPackets = 0
  const check = fc.property(fc.array(one, { maxLength: 8 }), cuts, (made, cuts) => {
    const packets = [connect, ...made.map(([first, body, padding]) => packet(first, body, padding))]
    const { reader: made2, got } = reader()
    const parts = chunks(Buffer.concat(packets), cuts)
    for (const part of parts) made2.push(part)
    cutPackets += parts.length
    assert.deepEqual(
      got,
      packets.map(one => one.toString('hex'))
    )
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 1000 }))
  t.ok(cutPackets > 5000, `${cutPackets} chunks`)
})

t.test('byte by byte, a frame comes with its last byte and not before', async t => {
  const second = packet(0x30, Buffer.alloc(200, 7))
  const stream = Buffer.concat([connect, second, packet(0xc0, Buffer.alloc(0))])
  const { reader: one, got } = reader()
  const counts = [...stream].map(byte => {
    one.push(Buffer.from([byte]))
    return got.length
  })
  const wanted = [...stream].map((_, i) =>
    i < connect.length - 1 ? 0 : i < connect.length + second.length - 1 ? 1 : i < stream.length - 1 ? 2 : 3
  )
  t.strictSame(counts, wanted)
})

t.test('a packet above the limit is refused by its header, none of its body is needed', async t => {
  const { reader: fits, got } = reader(100)
  fits.push(Buffer.concat([connect, packet(0x30, Buffer.alloc(98))]))
  t.equal(got.length, 2, 'a packet of the limit, header included, is taken')

  const { reader: tooLarge, got: refused, errors } = reader(100)
  tooLarge.push(connect)
  tooLarge.push(Buffer.from([0x30, 99]))
  t.strictSame(refused.slice(1), ['PacketTooLarge'])
  t.equal((errors[0] as MqttError).fatal, true)

  const { reader: header, got: largest } = reader(1000)
  header.push(Buffer.from([0x10, 0xff, 0xff, 0xff]))
  t.strictSame(largest, [], 'the length is not complete')
  header.push(Buffer.from([0x7f]))
  t.strictSame(largest, ['PacketTooLarge'], 'the protocol’s largest length')
})

t.test('a remaining length of five bytes is malformed, told at its fourth', async t => {
  const { reader: one, got } = reader()
  one.push(connect)
  one.push(Buffer.from([0x30, 0x80, 0x80, 0x80]))
  t.equal(got.length, 1)
  one.push(Buffer.from([0x80]))
  t.strictSame(got.slice(1), ['MalformedPacket'])
})

t.test('a length in more bytes than needed is for MQTT 3 only [5.0 MQTT-1.5.5-1]', async t => {
  for (const padding of [1, 2, 3]) {
    const padded = packet(0x30, Buffer.from('body'), padding)
    const { reader: lenient, got } = reader()
    lenient.push(Buffer.concat([connect, padded]))
    t.strictSame(got.slice(1), [padded.toString('hex')])

    const { reader: strict, got: refused } = reader(1000, true)
    strict.push(Buffer.concat([connect, padded]))
    t.strictSame(refused.slice(1), ['MalformedPacket'], `${padding} more`)
  }
  const { reader: strict, got } = reader(1000, true)
  strict.push(Buffer.concat([connect, packet(0xc0, Buffer.alloc(0)), packet(0x30, Buffer.alloc(128))]))
  t.equal(got.length, 3, 'the shortest forms are fine, the length 0 among them')
})

t.test('the first packet is CONNECT, told by its first byte [5.0 MQTT-3.1.0-1]', async t => {
  for (let type = 0; type < 16; type++) {
    const { reader: one, got } = reader()
    one.push(Buffer.from([type << 4]))
    t.strictSame(got, type === 1 ? [] : ['ProtocolError'], `type ${type}`)
  }
  const { reader: http, got } = reader()
  http.push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  t.strictSame(got, ['ProtocolError'])
  const { reader: later, got: second } = reader()
  later.push(Buffer.concat([connect, packet(0xc0, Buffer.alloc(0))]))
  t.equal(second.length, 2, 'later ones may be anything')
})

t.test('after a fault nothing more is read', async t => {
  const { reader: one, got } = reader(50)
  one.push(Buffer.concat([connect, packet(0x30, Buffer.alloc(60)), connect]))
  one.push(connect)
  t.strictSame(got, [connect.toString('hex'), 'PacketTooLarge'])
})
