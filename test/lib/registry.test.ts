import t from 'tap'
import type { Next } from '../../lib/index.js'
import { WaitingRuns } from '../../lib/registry.js'
import { each } from '../support/each.js'
import { FakeClock } from '../support/fake-clock.js'
import { stepsOf, waiting } from '../support/steps.js'

/** Handlers that wait until a test settles them. */
function slow(nexts: Next[]) {
  return (_a: unknown, _b: unknown, next: Next) => void nexts.push(next)
}

t.test('a step that neither settles nor returns is failed, by the name of its middleware', t => {
  const clock = new FakeClock()
  const runs = new WaitingRuns(clock)
  const { run, ends } = waiting(stepsOf([() => {}, slow([])]))
  runs.waiting(run)
  clock.advance(999)
  runs.abortStalled(1000)
  t.same(ends, [])
  clock.advance(1)
  runs.abortStalled(1000)
  each(t, ends, [
    { how: 'refused', error: { code: 'STACK_NOT_SETTLED', message: /B handles probe and .* 1000 ms/ } }
  ])
  t.end()
})

t.test('the time is that of the step, not of the whole run', t => {
  const clock = new FakeClock()
  const runs = new WaitingRuns(clock)
  const nexts: Next[] = []
  const wait = slow(nexts)
  const { run, ends } = waiting(stepsOf([wait, wait]))
  runs.waiting(run)
  clock.advance(900)
  nexts[0]!()
  clock.advance(200)
  runs.abortStalled(1000)
  t.same(ends, [], 'the second step has only begun')
  clock.advance(999)
  runs.abortStalled(1000)
  t.same(ends, [], 'its time begins when it was first seen there')
  clock.advance(1)
  runs.abortStalled(1000)
  each(t, ends, [{ error: /B handles probe/ }])
  t.end()
})

t.test('whenIdle() resolves when the last one is over', async t => {
  const runs = new WaitingRuns(new FakeClock())
  await runs.whenIdle()
  const [one, two] = [waiting(stepsOf([slow([])])), waiting(stepsOf([slow([])]))]
  runs.waiting(one.run)
  runs.waiting(two.run)
  let idle = false
  const told = runs.whenIdle().then(() => {
    idle = true
  })
  runs.over(one.run)
  await null
  await null
  t.equal(idle, false)
  runs.over(two.run)
  await told
  t.equal(runs.size, 0)
})

t.test('abortAll() fails whatever still waits', t => {
  const runs = new WaitingRuns(new FakeClock())
  const both = [waiting(stepsOf([slow([])])), waiting(stepsOf([slow([])]))]
  for (const { run } of both) runs.waiting(run)
  runs.abortAll()
  for (const { ends } of both) each(t, ends, [{ how: 'refused', error: /when the stack stopped/ }])
  t.end()
})
