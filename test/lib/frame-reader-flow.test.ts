import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { MqttError } from '../../lib/errors.js'
import { FrameReader } from '../../lib/frame-reader.js'
import { packet } from '../../spec-suite/protocol/bytes.js'

const connect = packet(0x10, 'any')

/** A numbered packet of this size. */
function numbered(n: number, size = 8): Buffer {
  return packet(0x30, [n >> 8, n & 255], Buffer.alloc(size - 4))
}

interface Handed {
  reader: FrameReader
  /** Numbers of the packets in the order they were handed out. */
  got: number[]
  bufs: Buffer[]
  errors: Error[]
  onFrame: (n: number) => boolean
}

function handing(): Handed {
  const made: Handed = { reader: null as never, got: [], bufs: [], errors: [], onFrame: () => true }
  made.reader = new FrameReader(
    {
      frame(buf, start, bodyAt) {
        if (buf[start] === 0x10) return true
        const n = buf.readUInt16BE(bodyAt)
        made.got.push(n)
        made.bufs.push(buf)
        return made.onFrame(n)
      },
      broken: err => made.errors.push(err)
    },
    1_000_000
  )
  made.reader.push(connect)
  return made
}

t.test('after false nothing is handed out until resume, then all in order', async t => {
  const one = handing()
  one.onFrame = n => n !== 1 && n !== 4
  one.reader.push(Buffer.concat([numbered(0), numbered(1), numbered(2), numbered(3).subarray(0, 3)]))
  t.strictSame(one.got, [0, 1])
  one.reader.push(Buffer.concat([numbered(3).subarray(3), numbered(4)]))
  one.reader.push(numbered(5))
  t.strictSame(one.got, [0, 1], 'what comes while it waits stays behind')
  t.equal(one.reader.resume(), false, 'it stopped again')
  t.strictSame(one.got, [0, 1, 2, 3, 4])
  t.equal(one.reader.resume(), true)
  t.strictSame(one.got, [0, 1, 2, 3, 4, 5])
  t.equal(one.reader.resume(), true, 'with nothing to do')
})

t.test('resume() within a packet does not hand out the next one inside it', async t => {
  const one = handing()
  let depth = 0
  const answers: boolean[] = []
  one.onFrame = () => {
    assert.equal(++depth, 1, 'one packet at a time')
    answers.push(one.reader.resume())
    depth--
    return true
  }
  one.reader.push(Buffer.concat([numbered(0), numbered(1), numbered(2)]))
  t.strictSame(one.got, [0, 1, 2])
  t.strictSame(answers, [false, false, false])
})

t.test('what is pushed within a packet comes after the rest of its chunk', async t => {
  const one = handing()
  one.onFrame = n => {
    if (n === 0) one.reader.push(Buffer.concat([numbered(8), numbered(9).subarray(0, 5)]))
    if (n === 1) one.reader.push(numbered(9).subarray(5))
    return n !== 1
  }
  const chunk = Buffer.concat([numbered(0), numbered(1), numbered(2)])
  one.reader.push(chunk.subarray(0, 3))
  one.reader.push(chunk.subarray(3))
  t.strictSame(one.got, [0, 1])
  t.equal(one.reader.resume(), true)
  t.strictSame(one.got, [0, 1, 2, 8, 9])
})

t.test('close() within a packet ends it all', async t => {
  const one = handing()
  one.onFrame = n => {
    if (n === 1) one.reader.close()
    return true
  }
  one.reader.push(Buffer.concat([numbered(0), numbered(1), numbered(2)]))
  one.reader.push(numbered(3))
  one.reader.resume()
  t.strictSame(one.got, [0, 1])
  t.strictSame(one.errors, [])
})

t.test('however it is stopped and resumed, order is kept and nothing is lost', async t => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), bytes: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('resume' as const) })
  )
  const check = fc.property(
    fc.array(step, { maxLength: 80 }),
    fc.array(fc.boolean(), { minLength: 1 }),
    (steps, answers) => {
      const one = handing()
      one.onFrame = n => answers[n % answers.length]!
      const stream = Buffer.concat(Array.from({ length: 40 }, (_, n) => numbered(n, 4 + (n % 9))))
      let at = 0
      for (const step of steps) {
        if (step.kind === 'push') {
          one.reader.push(stream.subarray(at, at + step.bytes))
          at += step.bytes
        } else one.reader.resume()
      }
      one.reader.push(stream.subarray(at))
      for (let i = 0; i < 41; i++) one.reader.resume()
      assert.deepEqual(
        one.got,
        Array.from({ length: 40 }, (_, n) => n)
      )
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 1000 }))
})

t.test('a fault of ours is handed on as what it is, and nothing after it', async t => {
  const bug = new RangeError('a bug of ours')
  for (const [thrown, wanted] of [
    [bug, bug],
    ['text', /threw something that is no Error/]
  ] as const) {
    const one = handing()
    one.onFrame = () => {
      throw thrown
    }
    one.reader.push(Buffer.concat([numbered(0), numbered(1)]))
    one.reader.push(numbered(2))
    t.strictSame(one.got, [0])
    t.equal(one.errors.length, 1)
    t.notOk(one.errors[0] instanceof MqttError)
    if (wanted instanceof Error) t.equal(one.errors[0], wanted)
    else t.match(one.errors[0]!.message, wanted)
  }
})

t.test('of a half packet a frame gets no more memory than it has bytes', async t => {
  const one = handing()
  const chunk = Buffer.alloc(65_536)
  const large = numbered(7, 300)
  numbered(6).copy(chunk, chunk.length - 20 - numbered(6).length)
  large.copy(chunk, chunk.length - 20)
  one.reader.push(chunk.subarray(chunk.length - 20 - numbered(6).length))
  one.reader.push(large.subarray(20))
  t.strictSame(one.got, [6, 7])
  t.equal(one.bufs[1]!.buffer.byteLength, large.length, 'neither of the chunks is held')
})

t.test('a large packet that comes byte by byte costs no more than a few times its size', async t => {
  const one = handing()
  const large = numbered(1, 60_000)
  const tiny = Array.from(large, byte => Buffer.from([byte]))
  let most = 0
  const before = process.memoryUsage().arrayBuffers
  for (const [i, chunk] of tiny.entries()) {
    one.reader.push(chunk)
    if (i % 5000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  t.strictSame(one.got, [1])
  t.equal(Buffer.compare(one.bufs[0]!, large), 0)
  t.equal(one.bufs[0]!.buffer.byteLength, large.length)
  t.ok(most < 8 * large.length, `${most} bytes`)
})
