import t from 'tap'
import { allocationOf, keptBy } from '../../bench/micro/allocation.js'
import { type Case, perform, possible, type Task } from '../../bench/micro/case.js'
import { all, select, subjectOf } from '../../bench/micro/index.js'
import { knownCases } from '../../bench/micro/known.js'
import { measure } from '../../bench/micro/measure.js'
import { tableOf } from '../../bench/micro/table.js'

/** Small tables: what is tested is that the work is done. */
const entries = 50
const short = { rounds: 1, length: 500 }

const cases = all(entries)

t.test('each case does its work, and can do it again', async t => {
  for (const one of cases) {
    if ('entries' in one) {
      t.ok(one.prepare()(), one.name)
      continue
    }
    const task = await one.prepare()
    for (let round = 0; round < 2; round++) {
      perform(one.name, task, possible(task, 3))
      task.reset?.()
    }
    t.ok(task.each > 0, one.name)
  }
})

t.test('a case that did something else is an error', t => {
  const task: Task = { each: 2, run: operations => operations * 2 - 1 }
  t.throws(() => perform('half', task, 10), { message: 'half: 10 operations amounted to 19 instead of 20' })
  t.throws(() => allocationOf('half', task), { message: /^half: / })
  t.end()
})

t.test('counts are whole batches, at least one, and no more than a task takes', t => {
  const task: Task = { each: 1, run: operations => operations }
  t.equal(possible(task, 7.9), 7)
  t.equal(possible(task, 0), 1)
  t.equal(possible({ ...task, batch: 10 }, 29), 20)
  t.equal(possible({ ...task, batch: 10 }, 3), 10)
  t.equal(possible({ ...task, most: 5 }, 29), 5)
  t.end()
})

t.test('allocations of known size are measured as they are, also beyond a young generation', async t => {
  for (const one of knownCases) t.ok((await measure(one, short)).allocated, one.name)
  const last: unknown[] = []
  const lists: Task = {
    each: 1,
    run(operations) {
      // The object of an array, a map, a length, and 100 places; of 8 bytes each.
      for (let i = 0; i < operations; i++) last[0] = new Array(100)
      return operations
    }
  }
  const { heap, external } = allocationOf('lists', lists)
  t.ok(Math.abs(heap - 848) < 10, `${heap} bytes`)
  t.equal(external, 0)
  const tooMany = { ...lists, batch: 100_000 }
  t.throws(() => allocationOf('lists', tooMany), { message: /its least number of operations fills a heap/ })
})

t.test('a measurement that is not what is known is an error', async t => {
  const [nothing, object] = knownCases as readonly [Case, Case]
  await t.rejects(measure({ ...object, known: nothing.known! }, short), { message: /allocates 0 bytes/ })
})

t.test('what is kept is weighed, garbage is not', t => {
  const { bytes } = keptBy(() => {
    const garbage = Array.from({ length: 1000 }, () => Buffer.allocUnsafeSlow(10_000))
    return garbage.slice(0, 100)
  }, 100)
  // The process itself does not stand still meanwhile.
  t.ok(bytes > 9000 && bytes < 13_000, `${bytes} bytes`)
  t.end()
})

t.test('cases have names of their own, and are found by them or a part', t => {
  t.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
  t.same(select(cases, []), cases)
  const lines = select(cases, ['line/'])
  t.ok(lines.length > 0 && lines.every(one => subjectOf(one) === 'line'))
  const [exact] = select(cases, ['codec/read PUBACK'])
  t.same(select(cases, ['codec/read PUBACK', 'read PUBACK'])[0], exact, 'in their order, once')
  t.equal(select(cases, ['codec/read PUBACK']).length, 1, 'though others begin with it')
  t.throws(() => select(cases, ['line/', 'nobody']), {
    message: /^'nobody' is in no name: there are known, /
  })
  t.end()
})

t.test('the table has three digits, and a dash for what was not measured', t => {
  const table = tableOf([
    { name: 'a/b', ns: 12.345, allocated: { heap: 1234.5, external: 0.01 }, kept: null },
    { name: 'a/c', ns: 123.45, allocated: null, kept: 99.99 }
  ])
  t.same(table.split('\n'), [
    '| case | CPU ns | heap bytes | buffer bytes | bytes kept |',
    '| --- | ---: | ---: | ---: | ---: |',
    '| a/b | 12.3 | 1235 | 0 | – |',
    '| a/c | 123 | – | – | 100 |'
  ])
  t.end()
})
