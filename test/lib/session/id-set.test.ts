import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { IdSet } from '../../../lib/session/id-set.js'

t.test('model: it behaves like a Set of packet identifiers', async t => {
  const id = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 65_535 }))
  const check = fc.property(
    fc.array(id, { maxLength: 20 }),
    fc.array(fc.record({ add: fc.boolean(), id }), { maxLength: 100 }),
    (first, steps) => {
      const set = new IdSet(first)
      const model = new Set(first)
      for (const { add, id } of steps) {
        if (add) {
          set.add(id)
          model.add(id)
        } else assert.equal(set.delete(id), model.delete(id))
        assert.equal(set.has(id), model.has(id))
        assert.equal(set.size, model.size)
      }
      assert.deepEqual(
        [...set],
        [...model].sort((a, b) => a - b)
      )
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('the first and the last identifier, and the borders of pages', async t => {
  const all = [1, 31, 32, 1023, 1024, 2047, 2048, 65_535]
  const set = new IdSet(all)
  t.strictSame([...set], all)
  for (const one of all) t.equal(set.delete(one), true)
  t.equal(set.size, 0)
  t.strictSame([...set], [])
})
