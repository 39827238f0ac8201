import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { Queue } from '../../../lib/session/queue.js'

type Model = number[]

const push = (n: number): fc.Command<Model, Queue<number>> => ({
  check: () => true,
  run: (model, queue) => {
    for (let i = 0; i < n; i++) {
      model.push(i)
      queue.push(i)
    }
    same(model, queue)
  },
  toString: () => `push ${n}`
})
const shift = (n: number): fc.Command<Model, Queue<number>> => ({
  check: () => true,
  run: (model, queue) => {
    for (let i = 0; i < n; i++) assert.equal(queue.shift(), model.shift())
    same(model, queue)
  },
  toString: () => `shift ${n}`
})
const clear: fc.Command<Model, Queue<number>> = {
  check: () => true,
  run: (model, queue) => {
    model.length = 0
    queue.clear()
    same(model, queue)
  },
  toString: () => 'clear'
}

function same(model: Model, queue: Queue<number>): void {
  assert.equal(queue.size, model.length)
  assert.equal(queue.peek(), model[0])
  assert.deepEqual([...queue], model)
}

t.test('it behaves like an array that is pushed to and shifted from', async t => {
  // Above 1024 taken ones the array is cut.
  const size = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(1023, 1024, 1500))
  const commands = fc.commands([size.map(push), size.map(push), size.map(shift), fc.constant(clear)], {
    maxCommands: 40
  })
  const check = fc.property(commands, all => {
    fc.modelRun(() => ({ model: [], real: new Queue<number>() }), all)
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 200 }))
})

t.test('what was taken is let go', async t => {
  const queue = new Queue<object>()
  const taken = new WeakRef({})
  queue.push(taken.deref()!)
  queue.push({ kept: true })
  queue.shift()
  t.equal(queue.size, 1)
  t.strictSame([...queue], [{ kept: true }])
  t.equal(queue.peek(), queue.shift())
  t.equal(queue.shift(), undefined)
  t.equal(queue.peek(), undefined)
})
