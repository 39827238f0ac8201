import t from 'tap'
import { DONE, MqttError, type Next } from '../../lib/index.js'
import { each } from '../support/each.js'
import { ended, stepsOf, waiting } from '../support/steps.js'
import { gate } from '../support/tiny.js'

const no = new MqttError('NotAuthorized')
const later = (fn: () => void) => void Promise.resolve().then(fn)

/** Every way to settle later, with what it comes to. */
const ways = [
  {
    title: 'calls next() later',
    how: 'end',
    fn: (_a: unknown, _b: unknown, next: Next) => later(next)
  },
  {
    title: 'calls done() later',
    how: 'stopped',
    fn: (_a: unknown, _b: unknown, _next: Next, done: Next) => later(done)
  },
  {
    title: 'calls next(err) later',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, next: Next) => later(() => next(no))
  },
  {
    title: 'calls done(err) later',
    how: 'refused',
    fn: (_a: unknown, _b: unknown, _next: Next, done: Next) => later(() => done(no))
  },
  {
    title: 'is async, takes next and calls it after an await',
    how: 'end',
    fn: async (_a: unknown, _b: unknown, next: Next) => {
      await null
      next()
    }
  },
  {
    title: 'is async, takes next and calls done after an await',
    how: 'stopped',
    fn: async (_a: unknown, _b: unknown, _next: Next, done: Next) => {
      await null
      done()
    }
  },
  {
    title: 'is async, takes next and throws',
    how: 'refused',
    fn: async (_a: unknown, _b: unknown, _next: Next) => {
      throw no
    }
  },
  {
    title: 'is async, takes next and throws after an await',
    how: 'refused',
    fn: async (_a: unknown, _b: unknown, _next: Next) => {
      await null
      throw no
    }
  },
  { title: 'is async and returns nothing', how: 'end', fn: async (_a: unknown, _b: unknown) => {} },
  { title: 'is async and returns DONE', how: 'stopped', fn: async (_a: unknown, _b: unknown) => DONE },
  {
    title: 'is async and throws',
    how: 'refused',
    fn: async (_a: unknown, _b: unknown) => {
      throw no
    }
  },
  {
    title: 'returns a promise that rejects later',
    how: 'refused',
    fn: (_a: unknown, _b: unknown) => Promise.resolve().then(() => Promise.reject(no))
  }
]

for (const strict of [true, false]) {
  const mode = strict ? 'strict' : 'production'
  for (const { title, how, fn } of ways) {
    t.test(`${mode}: a handler that ${title} comes to '${how}' after a wait`, async t => {
      const seen: string[] = []
      const last = (_a: unknown, _b: unknown) => void seen.push('last')
      const steps = stepsOf([() => {}, fn, last], { strict })
      t.match(await ended(steps), { how, sync: false, error: how === 'refused' ? no : null })
      t.same(seen, how === 'end' ? ['last'] : [], 'those after it run only when it goes on')
      t.same(steps.reported, [])
    })
  }
}

t.test('nothing behind a handler that waits runs before it has settled', async t => {
  const door = gate()
  const seen: string[] = []
  const steps = stepsOf([() => door.promise, () => void seen.push('behind')])
  const { run, ends } = waiting(steps)
  t.equal(run.waitingFor, 'A')
  await Promise.resolve()
  t.same(seen, [])
  door.open()
  await door.promise
  t.same(seen, ['behind'])
  each(t, ends, [{ how: 'end' }])
})

t.test('a run may wait many times, and always knows for whom', async t => {
  const nexts: Next[] = []
  const wait = (_a: unknown, _b: unknown, next: Next) => void nexts.push(next)
  const { run, ends } = waiting(stepsOf([wait, () => {}, wait, wait]))
  t.equal(run.waitingFor, 'A')
  nexts[0]!()
  t.equal(run.waitingFor, 'C')
  nexts[1]!()
  t.equal(run.waitingFor, 'D')
  t.same(ends, [])
  nexts[2]!()
  each(t, ends, [{ how: 'end' }])
  t.equal(run.waitingFor, 'probe', 'nobody any more')
})

t.test('ten thousand synchronous steps behind one that waited do not overflow the stack', async t => {
  const next = (_a: unknown, _b: unknown, next: Next) => next()
  const steps = stepsOf([async () => {}, ...new Array(10_000).fill(next)])
  t.match(await ended(steps), { how: 'end', sync: false })
})

t.test('a thenable that is no promise is waited for too, also one that calls back at once', async t => {
  // biome-ignore lint/suspicious/noThenProperty: what query builders return
  const thenable = (value: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(value) })
  t.match(await ended(stepsOf([() => thenable(undefined)])), { how: 'end', sync: false })
  t.match(await ended(stepsOf([() => thenable(DONE)])), { how: 'stopped' })
  const broken = {
    // biome-ignore lint/suspicious/noThenProperty: what query builders return
    then: () => {
      throw no
    }
  }
  t.match(await ended(stepsOf([() => broken])), { how: 'refused', error: no })
})

t.test('the guard is asked when a row that waited goes on, not before it and not when it ends', async t => {
  const asked: unknown[] = []
  let open = true
  const guard = (a: unknown) => {
    asked.push(a)
    return open
  }
  const seen: string[] = []
  const wait = (_a: unknown, _b: unknown) => Promise.resolve()
  const steps = stepsOf([() => {}, wait, () => void seen.push('on')], { guard })
  t.match(await ended(steps, 'client'), { how: 'end' })
  t.same(asked, ['client'])
  open = false
  t.match(await ended(steps, 'client'), { how: 'refused', error: { name: 'GoneError' } })
  t.same(seen, ['on'], 'the second one was abandoned')
  const stop = stepsOf([async () => DONE], { guard })
  t.match(await ended(stop), { how: 'stopped' })
})
