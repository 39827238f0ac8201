import assert from 'node:assert/strict'
import type { Duplex } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { Flusher } from '../../lib/flusher.js'
import { OutputPool } from '../../lib/output-pool.js'
import { HIGH_WATER_MARK, Writer } from '../../lib/writer.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { SlowStream } from '../support/slow-stream.js'

function writing(stream: Duplex = new SlowStream(false), flusher = new Flusher(new FakeClock())) {
  const owner = { congested: false, counters: { bytesSent: 0 }, told: 0, overflowing: () => {} }
  owner.overflowing = () => {
    owner.told++
    owner.congested = true
  }
  const writer = new Writer(stream, flusher, new OutputPool(), owner)
  return { writer, owner, flusher, stream: stream as SlowStream }
}

/** So many bytes of this value. */
function put(writer: Writer, value: number, bytes: number): void {
  const at = writer.reserve(bytes)
  writer.buf.fill(value, at, at + bytes)
}

t.test('what is written in a turn goes out with one write at its end', async t => {
  const { writer, stream, owner } = writing()
  for (let i = 0; i < 100; i++) put(writer, i, 10)
  t.equal(stream.calls, 0)
  t.equal(writer.pending, 1000)
  await turn()
  t.equal(stream.calls, 1)
  t.equal(stream.bytes.length, 1000)
  put(writer, 1, 1)
  await turn()
  t.equal(stream.calls, 2)
  t.equal(writer.bytesWritten, 1001)
  t.equal(owner.counters.bytesSent, 1001)
  await turn()
  t.equal(stream.calls, 2, 'nothing is written when there is nothing')
})

t.test('an idle writer has no buffer', async t => {
  const { writer } = writing()
  t.equal(writer.buf.length, 0)
  put(writer, 1, 1)
  t.equal(writer.buf.length, 4096)
  await turn()
  t.equal(writer.buf.length, 0)
})

t.test('whatever sizes are written, all bytes come in order', async t => {
  const piece = fc.oneof(
    fc.integer({ min: 1, max: 100 }),
    fc.constantFrom(4000, 4096, 4097, 60_000, 65_536, 65_537, 200_000)
  )
  const pieces = fc.array(fc.tuple(fc.constantFrom('put', 'put', 'put', 'append', 'flush'), piece), {
    maxLength: 30
  })
  const check = fc.property(pieces, fc.boolean(), (pieces, slow) => {
    const { writer, stream, owner } = writing(new SlowStream(slow))
    const wanted: Buffer[] = []
    for (const [i, [kind, bytes]] of pieces.entries()) {
      if (kind === 'flush') writer.flush()
      else if (kind === 'append') writer.append(Buffer.alloc(bytes, i))
      else put(writer, i, bytes)
      if (kind !== 'flush') wanted.push(Buffer.alloc(bytes, i))
    }
    writer.flush()
    stream.drain()
    const all = Buffer.concat(wanted)
    assert.equal(Buffer.compare(stream.bytes, all), 0)
    assert.equal(owner.counters.bytesSent, all.length)
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('a small buffer grows to a large one, a large one goes out', async t => {
  const { writer, stream } = writing()
  put(writer, 1, 4000)
  t.equal(writer.buf.length, 4096)
  put(writer, 2, 100)
  t.equal(writer.buf.length, 65_536)
  t.equal(stream.calls, 0)
  put(writer, 3, 61_000)
  t.equal(stream.calls, 0)
  put(writer, 4, 600)
  t.equal(stream.calls, 1)
  t.equal(stream.bytes.length, 65_100)
  await turn()
  t.equal(stream.bytes.length, 65_700)
})

t.test('a block goes out after what was before it, and is not copied', async t => {
  const { writer, stream } = writing()
  const block = Buffer.alloc(100_000, 2)
  put(writer, 1, 10)
  writer.append(block)
  put(writer, 3, 10)
  await turn()
  t.ok(stream.taken.includes(block))
  t.equal(stream.calls, 2, 'header and block are one write')
  t.strictSame([...new Set(stream.bytes)], [1, 2, 3])
})

t.test('end() sends what is there; after it nothing is', async t => {
  const { writer, stream, owner } = writing()
  put(writer, 1, 10)
  t.equal(writer.isClosed, false)
  writer.end()
  t.equal(writer.isClosed, true)
  await turn()
  t.equal(stream.bytes.length, 10)
  t.equal(stream.ended, true)
  put(writer, 2, 10)
  writer.append(Buffer.alloc(5))
  await turn()
  t.equal(stream.bytes.length, 10)
  t.equal(owner.counters.bytesSent, 10)
})

t.test('close() throws away what is there', async t => {
  const { writer, stream } = writing()
  put(writer, 1, 10)
  writer.close()
  put(writer, 1, 10)
  writer.append(Buffer.alloc(5))
  await turn()
  t.equal(stream.calls, 0)
  t.equal(stream.ended, false)
})

t.test('whoever does not keep up is told of once, until it has drained', async t => {
  const { writer, owner, stream } = writing(new SlowStream())
  put(writer, 1, HIGH_WATER_MARK)
  writer.flush()
  t.equal(owner.told, 0, 'the mark itself is not over it')
  put(writer, 1, 1)
  writer.flush()
  t.equal(owner.told, 1)
  put(writer, 1, 1)
  writer.flush()
  writer.append(Buffer.alloc(100))
  t.equal(owner.told, 1)
  owner.congested = false
  put(writer, 1, 1)
  writer.flush()
  t.equal(owner.told, 2)
  const blocks = writing(new SlowStream())
  blocks.writer.append(Buffer.alloc(HIGH_WATER_MARK + 1))
  t.equal(blocks.owner.told, 1, 'by a block, too')
  t.equal(stream.destroyed, false)
})

t.test('it is congested at once in the middle of a turn, and told between two packets', async t => {
  const { writer, owner } = writing(new SlowStream())
  let packets = 0
  while (!owner.congested) {
    put(writer, 1, 1000)
    packets++
  }
  t.ok(packets < 400, 'a loop that sends until then has an end')
  t.equal(owner.told, 0, 'the last packet is not written yet')
  writer.flush()
  t.equal(owner.told, 1)

  const drained = writing(new SlowStream())
  while (!drained.owner.congested) put(drained.writer, 1, 1000)
  drained.stream.drain()
  drained.owner.congested = false
  drained.writer.flush()
  t.equal(drained.owner.told, 0, 'it keeps up again: there is nothing to tell')
  t.equal(drained.owner.congested, false)
})

t.test('who is told may write: it comes after the packet, not into it', async t => {
  const { writer, owner, stream } = writing(new SlowStream())
  owner.overflowing = () => {
    owner.congested = true
    put(writer, 9, 20)
    writer.append(Buffer.alloc(40_000, 9))
  }
  put(writer, 1, HIGH_WATER_MARK + 10)
  put(writer, 2, 5)
  writer.append(Buffer.alloc(20_000, 3))
  stream.drain()
  await turn()
  t.strictSame([...new Set(stream.bytes)], [1, 2, 3, 9])
  t.equal(stream.bytes.indexOf(9), HIGH_WATER_MARK + 10 + 5 + 20_000)
})

t.test('a stream that throws loses its own connection only', async t => {
  const flusher = new Flusher(new FakeClock())
  const broken = writing(new SlowStream(false), flusher)
  const other = writing(new SlowStream(false), flusher)
  const fault = new Error('a transport with a bug')
  broken.stream.fault = fault
  const errors: Error[] = []
  broken.stream.on('error', err => errors.push(err))
  put(broken.writer, 1, 10)
  put(other.writer, 1, 10)
  await turn()
  t.strictSame(errors, [fault])
  t.equal(broken.writer.isClosed, true)
  t.equal(other.stream.bytes.length, 10)
  put(other.writer, 1, 10)
  await turn()
  t.equal(other.stream.bytes.length, 20)
  for (const write of [
    (writer: Writer) => writer.append(Buffer.alloc(9)),
    (writer: Writer) => {
      put(writer, 1, 9)
      writer.end()
    }
  ]) {
    const next = writing()
    next.stream.on('error', () => {})
    next.stream.fault = fault
    t.doesNotThrow(() => write(next.writer))
    t.equal(next.stream.destroyed, true)
  }
})
