import t from 'tap'
import { Chain, DONE, type MaybePromise, type Next } from '../../lib/index.js'
import { WaitingRuns } from '../../lib/registry.js'
import type { AnyHandler } from '../../lib/run.js'
import { FakeClock } from '../support/fake-clock.js'
import { stepsOf } from '../support/steps.js'
import { gate } from '../support/tiny.js'

interface Tally {
  count: number
}

function chainOf(...handlers: AnyHandler[]) {
  const steps = stepsOf(handlers)
  const runs = new WaitingRuns(new FakeClock())
  return { chain: new Chain<object, Tally>('probe', steps, runs), steps, runs }
}

/** What call() told, once for each time it was told. */
function called(chain: Chain<object, Tally>): Array<Error | null | undefined> {
  const told: Array<Error | null | undefined> = []
  chain.call({}, { count: 0 }, err => told.push(err))
  return told
}

const count = (_ctx: unknown, store: Tally) => {
  store.count++
}

t.test('run() returns nothing when all settled at once, and the store is filled', t => {
  const countNext = (_ctx: unknown, store: Tally, next: Next) => {
    store.count++
    next()
  }
  const { chain } = chainOf(count, countNext)
  const store = { count: 0 }
  t.equal(chain.run({}, store), undefined)
  t.equal(store.count, 2)
  t.equal(chain.size, 2)
  t.end()
})

t.test('run() gives a promise when one has to be waited for', async t => {
  const door = gate()
  const { chain, runs } = chainOf(() => door.promise, count)
  const store = { count: 0 }
  const result: MaybePromise<void> = chain.run({}, store)
  t.equal(store.count, 0)
  t.equal(runs.size, 1, 'it is known to wait')
  door.open()
  t.equal(await result, undefined)
  t.equal(store.count, 1)
  t.equal(runs.size, 0)
})

t.test('run() throws or rejects with what a handler refused with, always an Error', async t => {
  const bare = () => {
    throw 0x87
  }
  t.throws(() => chainOf(bare).chain.run({}, { count: 0 }), { name: 'MqttError', reason: 0x87 })
  const rejected = chainOf(async () => bare()).chain.run({}, { count: 0 })
  await t.rejects(rejected as Promise<void>, { name: 'MqttError', reason: 0x87 })
})

t.test('call() tells exactly once, at once where it can', async t => {
  t.same(called(chainOf().chain), [undefined], 'a chain nobody handles is fine')
  t.same(called(chainOf(count, () => DONE).chain), [undefined], 'a stop is no failure')
  const no = new Error('no')
  const refuses = (_c: unknown, _s: unknown, next: Next) => next(no)
  t.same(called(chainOf(refuses, count).chain), [no])
  const door = gate()
  const { chain, runs } = chainOf(() => door.promise)
  const told = called(chain)
  t.same(told, [])
  t.equal(runs.size, 1)
  door.open()
  await door.promise
  t.same(told, [null])
  t.equal(runs.size, 0)
})

t.test('what the caller of call() throws is his at once, and is reported when he was waited for', async t => {
  const mine = new Error('mine')
  const throws = () => {
    throw mine
  }
  t.throws(() => chainOf(count).chain.call({}, { count: 0 }, throws), mine)
  const { chain, steps } = chainOf(async () => {})
  chain.call({}, { count: 0 }, throws)
  await null
  await null
  t.same(steps.reported, [mine])
})

t.test('tell() reaches every listener, whatever the others do', async t => {
  const seen: string[] = []
  const faults = ['thrown', 'rejected', 'passed on', 'rejected after next'].map(text => new Error(text))
  const [thrown, rejected, passed, after] = faults
  const { chain, steps } = chainOf(
    () => {
      throw thrown
    },
    async () => {
      throw rejected
    },
    (_c: unknown, _s: unknown, next: Next) => next(passed),
    async (_c: unknown, _s: unknown, next: Next) => {
      next()
      throw after
    },
    () => DONE,
    () => new Promise(() => {}),
    (_c: unknown, _s: unknown, _next: Next, done: Next) => done(),
    () => void seen.push('last')
  )
  t.equal(chain.tell({}, { count: 0 }), undefined)
  t.same(seen, ['last'], 'it heard at once')
  await null
  await null
  t.same(new Set(steps.reported), new Set(faults))
  t.equal(steps.reported.length, 4)
})

t.test('a chain takes new steps without being looked up again', t => {
  const { chain } = chainOf(count)
  const store = { count: 0 }
  chain.run({}, store)
  chain.steps = stepsOf([count, count])
  chain.run({}, store)
  t.equal(store.count, 3)
  t.equal(chain.size, 2)
  t.end()
})
