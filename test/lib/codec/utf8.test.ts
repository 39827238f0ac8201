import t from 'tap'
import { isWellFormed, readString, stringSize, writeString } from '../../../lib/codec/index.js'
import { bytes, outcome } from './wire.js'

function read(content: Buffer): string {
  const head = Buffer.from([content.length >> 8, content.length & 0xff])
  const buf = Buffer.concat([Buffer.from([0xff]), head, content, Buffer.from([0x80])])
  return readString(buf, 1, buf.length - 1)
}

const illFormed = {
  'a surrogate, first half': 'ed a0 80',
  'a surrogate, last': 'ed bf bf',
  'surrogates as a pair (CESU-8)': 'ed a0 bd ed b8 80',
  'overlong NUL': 'c0 80',
  'overlong slash': 'c0 af',
  'overlong in three bytes': 'e0 80 af',
  'overlong in four bytes': 'f0 80 80 af',
  'above U+10FFFF': 'f4 90 80 80',
  'a byte that never occurs, F5': 'f5 80 80 80',
  'a byte that never occurs, FF': 'ff',
  'a continuation byte alone': '80',
  'a character cut off, two bytes': 'c3',
  'a character cut off, three bytes': 'e2 82',
  'a character cut off, four bytes': 'f0 9f 98',
  'a character cut off by ASCII': 'e2 82 41'
}

// short, around the border between the loops, and long
const paddings = [0, 1, 60, 63, 64, 65, 300]

t.test('rejects ill-formed UTF-8 [5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1]', async t => {
  for (const [name, hex] of Object.entries(illFormed)) {
    for (const padding of paddings) {
      const pad = Buffer.alloc(padding, 'a')
      for (const content of [Buffer.concat([pad, bytes(hex)]), Buffer.concat([bytes(hex), pad])]) {
        t.equal(
          outcome(() => read(content)),
          'MalformedPacket',
          `${name}, ${padding} more bytes`
        )
        t.equal(isWellFormed(content, 0, content.length), false, `${name}, ${padding} more bytes`)
      }
    }
  }
})

t.test('rejects U+0000 [5.0 MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-2]', async t => {
  for (const pad of ['', 'a', 'é', 'a'.repeat(63), 'a'.repeat(64), 'a'.repeat(300), 'é'.repeat(40)]) {
    for (const text of [`${pad}\0`, `\0${pad}`, `${pad}\0${pad}`]) {
      const content = Buffer.from(text)
      t.equal(
        outcome(() => read(content)),
        'MalformedPacket',
        JSON.stringify(text)
      )
      t.equal(isWellFormed(content, 0, content.length), false, JSON.stringify(text))
    }
  }
})

const wellFormed = ['', 'a', '\u0001\u007f', 'é', '€', '😀', '\ud7ff\ue000', '\u{10ffff}', '\uffff', 'a/é/😀']

t.test('keeps every other character', async t => {
  for (const text of wellFormed) {
    for (const padding of paddings) {
      for (const padded of [text + 'a'.repeat(padding), 'a'.repeat(padding) + text]) {
        const content = Buffer.from(padded)
        t.equal(read(content), padded)
        t.equal(isWellFormed(content, 0, content.length), true, padded)
      }
    }
  }
})

t.test('keeps EF BB BF as U+FEFF wherever it stands [5.0 MQTT-1.5.4-3] [3.1.1 MQTT-1.5.3-3]', async t => {
  t.equal(read(bytes('ef bb bf')), '\ufeff')
  t.equal(read(bytes('ef bb bf "a"')), '\ufeffa')
  t.equal(read(bytes('"a" ef bb bf "a"')), 'a\ufeffa')
  t.equal(read(Buffer.from(`\ufeff${'a'.repeat(100)}`)), `\ufeff${'a'.repeat(100)}`)
})

t.test('isWellFormed looks at its range only', async t => {
  t.equal(isWellFormed(bytes('00 ff "abc" ff 00'), 2, 5), true)
  t.equal(isWellFormed(bytes('ff c3 a9 ff'), 1, 3), true)
  t.equal(isWellFormed(bytes('c3 a9'), 0, 1), false, 'half a character is not completed by what follows')
  const long = Buffer.concat([bytes('00'), Buffer.alloc(200, 'a'), bytes('00')])
  t.equal(isWellFormed(long, 1, 201), true)
  t.equal(isWellFormed(long, 1, 202), false)
})

t.test('rejects a string beyond the end', async t => {
  for (const hex of ['', '00', '00 01', '00 03 "ab"', 'ff ff "ab"']) {
    const buf = Buffer.concat([bytes(hex), bytes('41 41 41')])
    const end = buf.length - 3
    t.equal(
      outcome(() => readString(buf, 0, end)),
      'MalformedPacket',
      `bytes ${hex}`
    )
  }
  t.equal(read(Buffer.alloc(65_535, 'a')).length, 65_535)
})

t.test('writes what it reads, of the size announced', async t => {
  for (const text of [
    ...wellFormed,
    'a'.repeat(48),
    'a'.repeat(49),
    `${'a'.repeat(47)}é`,
    'é'.repeat(300),
    '\ufeff'
  ]) {
    const size = stringSize(text)
    const buf = Buffer.alloc(size + 2, 0xff)
    t.equal(size, 2 + Buffer.byteLength(text))
    t.equal(writeString(buf, 1, text), 1 + size)
    t.equal(readString(buf, 1, 1 + size), text)
    t.equal(buf[0], 0xff)
    t.equal(buf[1 + size], 0xff)
  }
})

t.test('refuses to write what MQTT cannot carry', async t => {
  t.equal(stringSize('a'.repeat(65_535)), 65_537)
  t.throws(
    () => stringSize('a'.repeat(65_536)),
    new RangeError('a string of 65536 bytes: MQTT carries at most 65535')
  )
  t.throws(() => stringSize('é'.repeat(32_768)), RangeError)
  t.throws(() => stringSize('a\0'), RangeError)
  t.throws(() => stringSize(`${'é'.repeat(100)}\0`), RangeError)
  const buf = Buffer.alloc(8)
  t.equal(stringSize('\ud800'), 5, 'a lone surrogate goes out as U+FFFD')
  writeString(buf, 0, '\ud800')
  t.equal(readString(buf, 0, 8), '\ufffd')
})
