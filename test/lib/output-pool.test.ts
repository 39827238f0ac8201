import t from 'tap'
import { OutputPool } from '../../lib/output-pool.js'

t.test('buffers of two sizes, and larger ones of their own', async t => {
  const pool = new OutputPool()
  t.equal(pool.take(1).length, 4096)
  t.equal(pool.take(4096).length, 4096)
  t.equal(pool.take(4097).length, 65_536)
  t.equal(pool.take(65_536).length, 65_536)
  t.equal(pool.take(65_537).length, 65_537)
  t.equal(OutputPool.isBig(pool.take(10)), false)
  t.equal(OutputPool.isBig(pool.take(5000)), true)
  t.equal(OutputPool.isBig(pool.take(100_000)), true)
})

t.test('what is given back is taken again, except for odd sizes', async t => {
  const pool = new OutputPool()
  for (const bytes of [10, 5000]) {
    const buf = pool.take(bytes)
    t.not(pool.take(bytes), buf)
    pool.give(buf)
    t.equal(pool.take(bytes), buf)
    t.not(pool.take(bytes), buf, 'once')
  }
  const odd = pool.take(100_000)
  pool.give(odd)
  t.not(pool.take(100_000), odd)
  pool.give(Buffer.alloc(0))
  t.equal(pool.take(1).length, 4096)
})

t.test('it keeps no more than 16 MiB of a size', async t => {
  const pool = new OutputPool()
  for (const [bytes, kept] of [
    [4096, 4096],
    [65_536, 256]
  ] as const) {
    const buffers = Array.from({ length: kept + 10 }, () => pool.take(bytes))
    for (const buf of buffers) pool.give(buf)
    const known = new Set(buffers)
    const again = Array.from({ length: kept + 10 }, () => pool.take(bytes)).filter(buf => known.has(buf))
    t.equal(again.length, kept)
  }
})
