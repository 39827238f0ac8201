import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net, { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import t, { type Test } from 'tap'
import { Flusher } from '../../lib/flusher.js'
import { OutputPool } from '../../lib/output-pool.js'
import { Writer } from '../../lib/writer.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { SlowStream } from '../support/slow-stream.js'

/** A pool that remembers what it was given. */
class Watched extends OutputPool {
  readonly given: Buffer[] = []

  override give(buf: Buffer): void {
    if (buf.length > 0) this.given.push(buf)
    super.give(buf)
  }
}

function writing(stream: Duplex) {
  const pool = new Watched()
  const owner = { congested: false, counters: { bytesSent: 0 }, overflowing() {} }
  return { writer: new Writer(stream, new Flusher(new FakeClock()), pool, owner), pool }
}

function put(writer: Writer, value: number, bytes: number): Buffer {
  const at = writer.reserve(bytes)
  writer.buf.fill(value, at, at + bytes)
  return writer.buf
}

/** Both ends of a socket without a port. */
async function sockets(t: Pick<Test, 'teardown'>): Promise<[near: Socket, far: Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'stackmq-'))
  const server = net.createServer({ pauseOnConnect: true })
  server.listen(join(folder, 's'))
  await once(server, 'listening')
  const far = net.connect(join(folder, 's'))
  const [near] = (await once(server, 'connection')) as [Socket]
  t.teardown(() => {
    for (const socket of [near, far]) socket.destroy()
    server.close()
    rmSync(folder, { recursive: true })
  })
  return [near, far]
}

t.test('what a plain socket took at once is used again', async t => {
  const [near, far] = await sockets(t)
  const { writer, pool } = writing(near)
  const first = put(writer, 1, 100)
  writer.flush()
  t.strictSame(pool.given, [first])
  t.equal(put(writer, 2, 100), first)
  writer.flush()
  t.strictSame([...new Set(await read(far, 200))], [1, 2])
})

t.test('what a full socket holds is not overwritten', async t => {
  const [near, far] = await sockets(t)
  const { writer, pool } = writing(near)
  far.pause()
  let total = 0
  for (let value = 0; near.writableLength === 0; value++) {
    put(writer, value & 127, 60_000)
    total += 60_000
    writer.flush()
  }
  const taken = pool.given.length
  const held = total / 60_000 - taken
  t.equal(held, 1, 'all but the last went out')
  for (let i = 0; i < 5; i++) {
    put(writer, 200 + i, 60_000)
    writer.flush()
  }
  t.equal(pool.given.length, taken, 'large ones are handed over')
  put(writer, 255, 100)
  writer.flush()
  t.equal(pool.given.length, taken + 1, 'of small ones a copy')
  put(writer, 99, 60_000)
  const bytes = await read(far, total + 5 * 60_000 + 100)
  for (let i = 0; i < total / 60_000; i++) {
    const part = bytes.subarray(i * 60_000, (i + 1) * 60_000)
    if (!part.every(byte => byte === (i & 127))) t.fail(`block ${i} was overwritten`)
  }
  const tail = bytes.subarray(total, total + 5 * 60_000 + 100)
  t.strictSame([...new Set(tail)], [200, 201, 202, 203, 204, 255])
  while (near.writableLength > 0) await turn()
  await turn()
  const back = pool.given.slice(taken + 1)
  t.equal(back.length, held + 5 + 1, 'what the socket held comes back when it is through')
  t.equal(new Set(back).size, back.length, 'each once')
})

t.test('what a socket held when it broke does not come back', async t => {
  const [near, far] = await sockets(t)
  const { writer, pool } = writing(near)
  near.on('error', () => {})
  far.pause()
  while (near.writableLength === 0) {
    put(writer, 1, 60_000)
    writer.flush()
  }
  const taken = pool.given.length
  writer.close()
  near.destroy()
  await once(near, 'close')
  t.equal(pool.given.length, taken)
})

t.test('data handed to another stream is never overwritten', async t => {
  class Own extends Socket {}
  const own = new Own()
  const held: Buffer[] = []
  own.write = ((chunk: Buffer) => held.push(chunk) > 0) as Socket['write']
  const slow = new SlowStream()
  const fast = new SlowStream(false)
  for (const [stream, kept] of [
    [slow, slow.taken],
    [fast, fast.taken],
    [own, held]
  ] as const) {
    const { writer } = writing(stream)
    const sizes = [10, 3000, 4096, 60_000, 100, 65_536, 10]
    for (const [i, bytes] of sizes.entries()) {
      put(writer, i + 1, bytes)
      writer.flush()
    }
    if (stream === slow) slow.drain()
    t.strictSame(
      kept.map(chunk => [...new Set(chunk)]),
      sizes.map((_, i) => [i + 1]),
      stream.constructor.name
    )
  }
})

t.test('a few bytes that wait hold no large buffer', async t => {
  const slow = new SlowStream()
  const { writer, pool } = writing(slow)
  for (let i = 0; i < 50; i++) {
    put(writer, 1, 50)
    writer.flush()
  }
  t.equal(pool.given.length, 50)
  t.equal(new Set(pool.given).size, 1, 'one buffer did it all')
})

t.test('a closed writer gives its buffer back', async t => {
  const { writer, pool } = writing(new SlowStream(false))
  const buf = put(writer, 1, 50)
  writer.close()
  t.strictSame(pool.given, [buf])
  const late = put(writer, 1, 50)
  writer.flush()
  t.strictSame(pool.given, [buf, late])
})

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let have = 0
  socket.resume()
  while (have < bytes) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    parts.push(chunk)
    have += chunk.length
  }
  return Buffer.concat(parts)
}
