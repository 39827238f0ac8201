import t from 'tap'
import type { Next } from '../../lib/index.js'
import { each } from '../support/each.js'
import { ended, stepsOf, waiting } from '../support/steps.js'
import { gate } from '../support/tiny.js'

const next = (_a: unknown, _b: unknown, next: Next) => next()

for (const strict of [true, false]) {
  const mode = strict ? 'strict' : 'production'

  t.test(`${mode}: a promise that resolves before next() or done() was called fails closed`, async t => {
    const seen: string[] = []
    const forgets = async (_a: unknown, _b: unknown, _next: Next) => {}
    const end = await ended(stepsOf([forgets, () => void seen.push('behind')], { strict }))
    t.match(end, { how: 'refused', error: { code: 'STACK_NOT_SETTLED', message: /A handles probe/ } })
    t.same(seen, [])
  })

  const doubled: Array<[string, (next: Next, done: Next) => Next[]]> = [
    ['next() twice', next => [next, next]],
    ['done() twice', (_next, done) => [done, done]],
    ['next() and then done()', (next, done) => [next, done]],
    ['done() and then next()', (next, done) => [done, next]]
  ]
  for (const [title, both] of doubled) {
    t.test(`${mode}: ${title} in one step fails closed`, async t => {
      const seen: string[] = []
      const twice = (_a: unknown, _b: unknown, next: Next, done: Next) => {
        for (const settle of both(next, done)) settle()
      }
      const end = await ended(stepsOf([next, twice, () => void seen.push('behind')], { strict }))
      t.match(end, { how: 'refused', error: { code: 'STACK_SETTLED_TWICE', message: /B handles probe/ } })
      t.same(seen, [])
    })
  }

  t.test(`${mode}: next() after next(err) is reported and the refusal stands`, async t => {
    const no = new Error('no')
    const twice = (_a: unknown, _b: unknown, next: Next) => {
      next(no)
      next()
    }
    const steps = stepsOf([twice], { strict })
    t.match(await ended(steps), { how: 'refused', error: no })
    each(t, steps.reported, [{ code: 'STACK_SETTLED_TWICE' }])
    t.equal(steps.reported.length, 1)
  })

  for (const value of [true, false, null, 0, 'done', {}, () => {}, Symbol('DONE')]) {
    const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
    t.test(`${mode}: a handler of two parameters that returns ${shown} fails closed`, async t => {
      const seen: string[] = []
      const error = { code: 'STACK_BAD_RETURN', message: /[AB] handles probe and returned/ }
      const behind = () => void seen.push('behind')
      const rows = [
        [() => value, behind],
        [next, () => value, behind],
        [async () => value, behind],
        [next, async () => value, behind]
      ]
      for (const [i, row] of rows.entries()) {
        t.match(await ended(stepsOf(row, { strict })), { how: 'refused', error, sync: i < 2 })
      }
      t.same(seen, [])
    })
  }

  t.test(`${mode}: next() that comes when the run is over is reported and changes nothing`, async t => {
    let late!: Next
    const keeps = (_a: unknown, _b: unknown, next: Next) => {
      late = next
      next()
    }
    let ran = 0
    const steps = stepsOf([keeps, () => void ran++], { strict })
    t.match(await ended(steps), { how: 'end' })
    late()
    late(new Error('too late'))
    t.equal(ran, 1)
    each(t, steps.reported, [{ code: 'STACK_SETTLED_TWICE' }, { code: 'STACK_SETTLED_TWICE' }])
  })

  t.test(`${mode}: what an async handler throws after next() is reported, not lost`, async t => {
    const late = new Error('after next')
    const sloppy = async (_a: unknown, _b: unknown, next: Next) => {
      next()
      throw late
    }
    const slow = async (_a: unknown, _b: unknown, next: Next) => {
      next()
      await null
      throw late
    }
    const ends = async (_a: unknown, _b: unknown, _next: Next, done: Next) => {
      done()
      throw late
    }
    for (const [row, how] of [
      [[sloppy, () => {}], 'end'],
      [[slow, () => {}], 'end'],
      [[sloppy, async () => {}], 'end'],
      [[ends], 'stopped']
    ] as const) {
      const steps = stepsOf(row, { strict })
      t.match(await ended(steps), { how })
      await null
      await null
      t.same(steps.reported, [late])
    }
  })

  t.test(`${mode}: a handler that takes next from arguments meets a trap`, async t => {
    const seen: string[] = []
    function sneaky() {
      // biome-ignore lint/complexity/noArguments: what this is about
      ;(arguments[2] as Next)()
    }
    const spread = (...args: unknown[]) => (args[3] as Next)()
    const defaulted = (_a: unknown, _b: unknown, next: Next = () => {}) => next()
    for (const handler of [sneaky, spread, defaulted]) {
      for (const row of [[handler], [next, handler]]) {
        const end = await ended(stepsOf([...row, () => void seen.push('behind')], { strict }))
        t.match(end, { how: 'refused', error: { code: 'STACK_BAD_RETURN', message: /without declaring/ } })
      }
    }
    t.same(seen, [])
  })

  t.test(`${mode}: an aborted run fails once, and what comes later changes nothing`, async t => {
    const door = gate()
    const steps = stepsOf([() => door.promise], { strict })
    const { run, ends } = waiting(steps)
    const stalled = new Error('stalled')
    run.abort(stalled)
    run.abort(new Error('again'))
    each(t, ends, [{ how: 'refused', error: stalled }])
    door.open()
    await door.promise
    t.equal(ends.length, 1)
    const failing = gate()
    const second = waiting(stepsOf([() => failing.promise], { strict, report: err => steps.report(err) }))
    second.run.abort(stalled)
    failing.fail(new Error('too late'))
    await failing.promise.catch(() => {})
    each(t, steps.reported, [{ message: 'too late' }], 'a late failure is reported')
    t.equal(second.ends.length, 1)
  })
}

t.test('strict: an early step that calls next() again while a later one waits is seen', async t => {
  let early!: Next
  const keeps = (_a: unknown, _b: unknown, next: Next) => {
    early = next
    next()
  }
  let later!: Next
  const waits = (_a: unknown, _b: unknown, next: Next) => {
    later = next
  }
  const seen: string[] = []
  const steps = stepsOf([keeps, waits, () => void seen.push('last')])
  const { run, ends } = waiting(steps)
  early()
  t.equal(run.waitingFor, 'B', 'it still waits')
  t.same(seen, [])
  each(t, steps.reported, [{ code: 'STACK_SETTLED_TWICE', message: /A handles probe/ }])
  early(new Error('no'))
  t.same(ends, [], 'it cannot refuse for the later one either')
  later()
  t.same(seen, ['last'])
  each(t, ends, [{ how: 'end' }])
})

t.test('a handler may settle from inside of what it calls, once', async t => {
  const nested = (_a: unknown, _b: unknown, _next: Next, done: Next) => [1].map(() => done())
  t.match(await ended(stepsOf([nested])), { how: 'stopped', sync: true })
})

t.test('what is thrown and is no Error is wrapped, whatever it is', async t => {
  for (const thrown of ['text', undefined, null, Object.create(null), Symbol('s'), 42]) {
    const throws = (_a: unknown, _b: unknown, _next: Next) => {
      throw thrown
    }
    const end = await ended(stepsOf([throws]))
    t.match(end, { how: 'refused', error: /no Error/ })
    t.equal(end.error?.cause, thrown)
  }
})
