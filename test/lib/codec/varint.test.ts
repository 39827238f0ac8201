import fc from 'fast-check'
import t from 'tap'
import { MAX_VARINT, readVarint, varintSize, writeVarint } from '../../../lib/codec/index.js'
import { bytes, outcome } from './wire.js'

// table 1-1 of MQTT 5.0
const borders: ReadonlyArray<readonly [number, string]> = [
  [0, '00'],
  [127, '7f'],
  [128, '80 01'],
  [16_383, 'ff 7f'],
  [16_384, '80 80 01'],
  [2_097_151, 'ff ff 7f'],
  [2_097_152, '80 80 80 01'],
  [268_435_455, 'ff ff ff 7f']
]

t.test('reads and writes the borders of the sizes in the fewest bytes [5.0 MQTT-1.5.5-1]', async t => {
  for (const [value, hex] of borders) {
    const wire = bytes(hex)
    const buf = Buffer.alloc(wire.length + 2, 0xff)
    t.equal(varintSize(value), wire.length, `${value}`)
    t.equal(writeVarint(buf, 1, value), 1 + wire.length)
    t.same(buf.subarray(1, -1), wire)
    t.equal(buf[0]! & buf.at(-1)!, 0xff, 'nothing written around it')
    t.equal(readVarint(buf, 1, 1 + wire.length), value)
  }
})

t.test('reads back whatever it writes', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_VARINT }), value => {
      const buf = Buffer.alloc(4)
      return writeVarint(buf, 0, value) === varintSize(value) && readVarint(buf, 0, 4) === value
    }),
    { numRuns: 2000 }
  )
})

t.test('rejects forms longer than needed [5.0 MQTT-1.5.5-1]', async t => {
  for (const hex of ['80 00', '81 00', 'ff 00', '80 80 00', 'ff ff 00', '80 80 80 00']) {
    t.equal(
      outcome(() => readVarint(bytes(hex), 0, 4)),
      'MalformedPacket',
      hex
    )
  }
})

t.test('rejects five bytes and what is cut off', async t => {
  t.equal(
    outcome(() => readVarint(bytes('80 80 80 80 01'), 0, 5)),
    'MalformedPacket'
  )
  t.equal(
    outcome(() => readVarint(bytes('ff ff ff ff 7f'), 0, 5)),
    'MalformedPacket'
  )
  for (const hex of ['', '80', 'ff ff', '80 80 80']) {
    const buf = Buffer.concat([bytes(hex), bytes('01')])
    t.equal(
      outcome(() => readVarint(buf, 0, buf.length - 1)),
      'MalformedPacket',
      hex
    )
  }
})

t.test('has no size for what is no Variable Byte Integer', async t => {
  for (const n of [-1, MAX_VARINT + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => varintSize(n), RangeError, `${n}`)
  }
})
