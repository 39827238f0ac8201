import t from 'tap'
import { DONE, MqttError, type Next } from '../../lib/index.js'
import { advance, END, Run, STOPPED } from '../../lib/run.js'
import { ended, stepsOf } from '../support/steps.js'

const no = new MqttError('NotAuthorized')

/** Every way to settle at once, with what it comes to. */
const ways = [
  { title: 'calls next()', how: 'end', fn: (_a: unknown, _b: unknown, next: Next) => next() },
  { title: 'calls next(null)', how: 'end', fn: (_a: unknown, _b: unknown, next: Next) => next(null) },
  {
    title: 'calls done()',
    how: 'stopped',
    fn: (_a: unknown, _b: unknown, _next: Next, done: Next) => done()
  },
  { title: 'calls next(err)', how: 'refused', fn: (_a: unknown, _b: unknown, next: Next) => next(no) },
  {
    title: 'calls done(err)',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, _next: Next, done: Next) => done(no)
  },
  {
    title: 'takes next and throws',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, _next: Next) => {
      throw no
    }
  },
  {
    title: 'calls next() and throws after it',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, next: Next) => {
      next()
      throw no
    }
  },
  {
    title: 'calls done() and throws after it',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, _next: Next, done: Next) => {
      done()
      throw no
    }
  },
  { title: 'returns nothing', how: 'end', fn: (_a: unknown, _b: unknown) => {} },
  { title: 'takes no parameter and returns nothing', how: 'end', fn: () => {} },
  { title: 'returns DONE', how: 'stopped', fn: (_a: unknown, _b: unknown) => DONE },
  {
    title: 'throws',
    how: 'refused',
    fn: (_a: unknown, _b: unknown) => {
      throw no
    }
  }
]

for (const strict of [true, false]) {
  const mode = strict ? 'strict' : 'production'
  for (const { title, how, fn } of ways) {
    t.test(`${mode}: a handler that ${title} comes to '${how}' at once`, async t => {
      const seen: string[] = []
      const last = (_a: unknown, _b: unknown) => {
        seen.push('last')
      }
      const steps = stepsOf([() => {}, fn, last], { strict })
      t.match(await ended(steps), { how, sync: true, error: how === 'refused' ? no : null })
      t.same(seen, how === 'end' ? ['last'] : [], 'those after it run only when it goes on')
      t.same(steps.reported, [])
    })
  }

  t.test(`${mode}: ten thousand synchronous next steps do not overflow the stack`, async t => {
    let count = 0
    const step = (_a: unknown, _b: unknown, next: Next) => {
      count++
      next()
    }
    t.match(await ended(stepsOf(new Array(10_000).fill(step), { strict })), { how: 'end', sync: true })
    t.equal(count, 10_000)
  })
}

t.test('handlers get both arguments, in the order of the row', async t => {
  const a = {}
  const b = {}
  const seen: unknown[] = []
  const steps = stepsOf([
    (x: unknown, y: unknown) => {
      seen.push(1, x === a, y === b)
    },
    (x: unknown, y: unknown, next: Next) => {
      seen.push(2, x === a, y === b)
      next()
    },
    (x: unknown, y: unknown) => {
      seen.push(3, x === a, y === b)
    }
  ])
  await ended(steps, a, b)
  t.same(seen, [1, true, true, 2, true, true, 3, true, true])
})

t.test('a row begins where it is told to, and an empty one is at its end', t => {
  const seen: number[] = []
  const steps = stepsOf([0, 1, 2].map(i => () => void seen.push(i)))
  t.equal(advance(steps, 1, {}, {}), END)
  t.same(seen, [1, 2])
  t.equal(advance(steps, 3, {}, {}), END)
  t.equal(advance(stepsOf([]), 0, {}, {}), END)
  t.equal(advance(stepsOf([() => DONE]), 0, {}, {}), STOPPED)
  t.end()
})

t.test('rows of synchronous handlers make no run that has to be waited for', t => {
  const next = (_a: unknown, _b: unknown, next: Next) => next()
  t.notOk(advance(stepsOf([next, () => {}, next]), 0, {}, {}) instanceof Run)
  t.end()
})

t.test('a bare reason code given to next() refuses with that reason', async t => {
  for (const strict of [true, false]) {
    const refuse = (_a: unknown, _b: unknown, next: Next) => next(0x87 as unknown as Error)
    const end = await ended(stepsOf([refuse], { strict }))
    t.match(end, { how: 'refused', error: { name: 'MqttError', reasonName: 'NotAuthorized' } })
  }
})
