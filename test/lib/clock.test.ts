import t from 'tap'
import { systemClock } from '../../lib/index.js'

t.test('the system clock tells the time of the system', t => {
  const before = Date.now()
  const now = systemClock.now()
  t.ok(before <= now && now <= Date.now())
  t.end()
})

t.test('after() calls back once, and never when it was cancelled', async t => {
  const calls: string[] = []
  const cancelled = systemClock.after(0, () => calls.push('cancelled'))
  cancelled.cancel()
  cancelled.cancel()
  await new Promise<void>(resolve => {
    const timer = systemClock.after(1, () => {
      calls.push('called')
      timer.cancel()
      resolve()
    })
  })
  t.same(calls, ['called'])
})

t.test('every() calls back until it is cancelled, and does not keep the process alive', async t => {
  let calls = 0
  const alive = () => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length
  const before = alive()
  const timer = systemClock.every(1, () => calls++)
  t.equal(alive(), before, 'it is unreferenced')
  await new Promise<void>(resolve => {
    const look = systemClock.every(1, () => {
      if (calls < 3) return
      timer.cancel()
      look.cancel()
      resolve()
    })
    // Something has to keep the process alive meanwhile.
    const keep = systemClock.after(10_000, () => {})
    const end = resolve
    resolve = () => {
      keep.cancel()
      end()
    }
  })
  const after = calls
  await new Promise<void>(resolve => systemClock.after(5, resolve))
  t.equal(calls, after)
})

t.test('defer() calls back at the end of this turn, behind promises', async t => {
  const calls: string[] = []
  await new Promise<void>(resolve => {
    systemClock.defer(() => {
      calls.push('deferred')
      resolve()
    })
    Promise.resolve().then(() => calls.push('promise'))
    calls.push('now')
  })
  t.same(calls, ['now', 'promise', 'deferred'])
})
