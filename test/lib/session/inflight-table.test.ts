import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { InflightTable } from '../../../lib/session/inflight-table.js'

t.test('model: it behaves like a Map, whatever the identifiers', async t => {
  const id = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 65_535 }))
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('set' as const, 'free' as const), id }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('trim' as const, 'clear' as const), id }) }
  )
  const check = fc.property(fc.array(step, { maxLength: 200 }), steps => {
    const table = new InflightTable<object>()
    const model = new Map<number, object>()
    for (const { kind, id } of steps) {
      const value = {}
      if (kind === 'set') {
        table.set(id, value)
        model.set(id, value)
      } else if (kind === 'free') {
        const free = table.free(id)
        assert.ok(free >= 1 && free <= 65_535 && !model.has(free))
        table.set(free, value)
        model.set(free, value)
      } else if (kind === 'delete') {
        const known = [...model.keys()][id % Math.max(1, model.size)] ?? id
        assert.equal(table.delete(known), model.delete(known))
        assert.equal(table.delete(id), model.delete(id))
      } else {
        table[kind]()
        if (kind === 'clear') model.clear()
      }
      assert.equal(table.size, model.size)
      assert.deepEqual(table.keys(), [...model.keys()], 'in the order they were added')
      assert.equal(table.get(id), model.get(id))
      assert.equal(table.has(id), model.has(id))
    }
    table.values().forEach((value, i) => {
      assert.equal(value, [...model.values()][i])
    })
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('every identifier can be given out, each once', async t => {
  const table = new InflightTable<object>()
  const given = new Set<number>()
  for (let last = 0; given.size < 65_535; given.add(last)) {
    last = table.free(last)
    table.set(last, given)
  }
  t.equal(table.size, 65_535)
  table.delete(40_000)
  t.equal(table.free(7), 40_000)
})

t.test('one identifier that stays for ever does not make the table grow', async t => {
  const table = new InflightTable<object>()
  table.set(1, {})
  const given = new Set<number>()
  for (let last = 1, i = 0; i < 65_535; i++) {
    last = table.free(last)
    table.set(last, {}).delete(last)
    given.add(last % 16)
  }
  t.equal(given.has(1), false, 'its place in a table of sixteen is passed over')
  t.equal(given.size, 15)
})
