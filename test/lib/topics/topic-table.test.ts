import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isTopicName, TopicTable } from '../../../lib/topics/index.js'

const bytesOf = (...bytes: number[]) => Buffer.from(bytes)
const whole = (table: TopicTable, buf: Buffer) => table.intern(buf, 0, buf.length)

t.test('the same bytes are the same topic, wherever they stand', async t => {
  const table = new TopicTable(1)
  const packet = Buffer.from('..a/bc..a/bc..a/b')
  const topic = table.intern(packet, 2, 6)
  t.equal(topic?.name, 'a/bc')
  t.equal(table.intern(packet, 8, 12), topic)
  t.equal(table.of('a/bc'), topic)
  t.equal(table.intern(packet, 14, 17)?.name, 'a/b', 'a beginning is another topic')
  t.equal(table.size, 2)
  packet.fill(0x78)
  t.equal(topic?.bytes.toString(), 'a/bc', 'the bytes are its own')
  t.match(topic, { match: null })
})

t.test('[5.0 MQTT-4.7.0-1] [5.0 MQTT-4.7.3-1] [5.0 MQTT-4.7.3-2] illegal names', async t => {
  const table = new TopicTable(1)
  for (const text of ['', '+', '#', 'a/+', 'a/#', 'é/+', '\0', 'a\0', 'é\0'])
    t.equal(whole(table, Buffer.from(text)), null)
  t.equal(table.size, 0)
})

t.test('[5.0 MQTT-1.5.4-1] ill-formed UTF-8', async t => {
  const table = new TopicTable(1)
  const ill = [
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0x80],
    [0xc3],
    [0x61, 0xe2, 0x82],
    [0xff]
  ]
  for (const bytes of ill) t.equal(whole(table, bytesOf(...bytes)), null, Buffer.from(bytes).toString('hex'))
  const cut = Buffer.from('aé')
  t.equal(table.intern(cut, 0, 2), null, 'a character cut in two')
  t.equal(table.intern(cut, 0, 3)?.name, 'aé')
})

t.test('[5.0 MQTT-1.5.4-3] EF BB BF is U+FEFF and stays', async t => {
  const table = new TopicTable(1)
  const topic = whole(table, bytesOf(0xef, 0xbb, 0xbf, 0x74))
  t.equal(topic?.name, '\ufefft')
  t.strictSame(topic?.bytes, bytesOf(0xef, 0xbb, 0xbf, 0x74))
  t.not(topic, table.of('t'))
  t.equal(whole(table, bytesOf(0xef, 0xbb, 0xbf))?.name, '\ufeff')
})

t.test('lengths are not trusted', async t => {
  const table = new TopicTable(1)
  const buf = Buffer.from('abcd')
  const wrong = [
    [0, 5],
    [4, 5],
    [-1, 2],
    [2, 2],
    [3, 2],
    [0, 0],
    [5, 9],
    [Number.NaN, 2],
    [0, Number.NaN]
  ] as const
  for (const [start, end] of wrong) t.equal(table.intern(buf, start, end), null, `${start} to ${end}`)
  const slice = Buffer.from('abcdefgh').subarray(2, 4)
  t.equal(table.intern(slice, 0, 3), null, 'nor what lies behind a slice')
  t.equal(table.intern(slice, 0, 2)?.name, 'cd')
})

t.test('[5.0 MQTT-4.7.3-3] at most 65 535 bytes', async t => {
  const table = new TopicTable(1)
  t.equal(table.intern(Buffer.alloc(65_535, 'a'), 0, 65_535)?.name.length, 65_535)
  t.equal(table.intern(Buffer.alloc(65_536, 'a'), 0, 65_536), null)
})

t.test('of() is for legal names', async t => {
  const table = new TopicTable(1)
  t.equal(table.of('__proto__').name, '__proto__')
  for (const name of ['', 'a/#', '\ud800', 'a'.repeat(70_000)]) t.throws(() => table.of(name), TypeError)
})

t.test('bounded: random topics pass through, busy ones stay', async t => {
  const table = new TopicTable(7, { limit: 100 })
  const busy = table.of('busy')
  const idle = table.of('idle')
  for (let i = 0; i < 1000; i++) {
    table.of(`random/${i}`)
    if (table.of('busy') !== busy) t.fail('a busy topic was dropped')
    if (table.size > 100) t.fail('more than the limit')
  }
  t.not(table.of('idle'), idle)
  t.equal(table.of('busy'), busy)
  for (const limit of [0, 1, 2, 3]) {
    const tiny = new TopicTable(7, { limit })
    for (let i = 0; i < 20; i++) t.equal(tiny.of(`t${i % 5}`).name, `t${i % 5}`)
    t.ok(tiny.size <= Math.max(2, limit))
  }
})

t.test('any seed will do, and more topics than the table begins with', async t => {
  for (const seed of [0, -1, 0.5, 0.123, 2 ** 31, 2 ** 53]) {
    const table = new TopicTable(seed)
    const topics = Array.from({ length: 3000 }, (_, i) => table.of(`t/${i}`))
    t.ok(topics.every((topic, i) => table.of(`t/${i}`) === topic))
    t.equal(table.size, 3000)
  }
})

t.test('interning agrees with a Map of names', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '/', 'é', '😀', '\ufeff', '+', '\0'),
    maxLength: 9
  })
  fc.assert(
    fc.property(fc.array(text, { maxLength: 80 }), fc.integer(), (texts, seed) => {
      const table = new TopicTable(seed)
      const model = new Map<string, unknown>()
      for (const text of texts) {
        const topic = whole(table, Buffer.from(text))
        if (!isTopicName(text)) {
          assert.equal(topic, null)
          continue
        }
        assert.equal(topic?.name, text)
        assert.equal(topic?.bytes.toString(), text)
        assert.equal(model.get(text) ?? topic, topic)
        model.set(text, topic)
      }
      assert.equal(table.size, model.size)
    }),
    { numRuns: 500 }
  )
})

t.test('any bytes: null or a name that has these bytes', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), bytes => {
      const buf = Buffer.from(bytes)
      const topic = whole(new TopicTable(3), buf)
      const text = buf.toString()
      const legal = isTopicName(text) && Buffer.from(text).equals(buf)
      assert.equal(topic?.name ?? null, legal ? text : null)
    }),
    { numRuns: 2000 }
  )
})
