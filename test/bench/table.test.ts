import t from 'tap'
import type { Comparison } from '../../bench/measure/compare.js'
import type { Measured } from '../../bench/measure/measure.js'
import { percentiles } from '../../bench/measure/percentiles.js'
import { usageOf } from '../../bench/measure/process-usage.js'
import { tableOf } from '../../bench/measure/table.js'
import { scenarioNamed, scenarios } from '../../bench/scenarios/index.js'

function measured(broker: string, cpu: number, delivered = 1): Measured {
  const latency = { p50: 0.1, p99: 2.345, p999: 31.4159 }
  const found = { count: 1000, seconds: 1, latency, delivered }
  return { scenario: 's', broker, perSecond: 1_234_567, cpu, memory: 5555, disk: 77, found }
}

t.test('the table has the cost first, then ratios, rates and latency; what is missing is a dash', t => {
  const scenario = { ...scenarios[0]!, title: 'one' }
  const comparisons: Comparison[] = [
    {
      scenario,
      results: new Map([
        ['ours', measured('ours', 0.5)],
        ['other', measured('other', 5, 0.98)]
      ])
    },
    {
      scenario: { ...scenario, title: 'two', shows: ['memory'] },
      results: new Map([
        ['ours', measured('ours', 1)],
        ['other', null]
      ])
    }
  ]
  t.same(tableOf(comparisons, ['ours', 'other']).split('\n'), [
    '| for each message or connection | ours | other | other ÷ ours | ours /s | other /s | ours p50 / p99 / p99.9 ms | delivered |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| one, CPU µs | 0.5 | 5 | 10 | 1 234 567 | 1 234 567 | 0.1 / 2.35 / 31.4 | 1 / 0.98 |',
    '| two, bytes | 5 555 | – | – | 1 234 567 | – | 0.1 / 2.35 / 31.4 | 1 / – |'
  ])
  t.end()
})

t.test('what scenarios say of each other is a row of its own', t => {
  const named = (name: string, cpu: number): Comparison => ({
    scenario: scenarioNamed(name),
    results: new Map([['ours', measured('ours', cpu)]])
  })
  const table = tableOf(
    [named('one-to-one-5', 0.6), named('one-to-one', 0.5), named('kept-absent', 1)],
    ['ours']
  )
  t.match(table, /\n\| MQTT 5 against 3.1.1, times the CPU \| 1.2 \| – \| – \| – \|$/)
  t.match(table, /\| one message of 1 KiB to 1 000 sessions, bytes on disk in all \| 77 \|/)
  t.notMatch(table, /10 000 clients/)
  t.end()
})

t.test('percentiles of few and of many', t => {
  t.equal(percentiles([]), null)
  t.same(percentiles([3]), { p50: 3, p99: 3, p999: 3 })
  t.same(percentiles(Array.from({ length: 1000 }, (_, i) => 999 - i)), { p50: 500, p99: 990, p999: 999 })
  t.end()
})

t.test('the usage of a process grows with what it does', t => {
  const before = usageOf(process.pid)
  while (usageOf(process.pid).cpu === before.cpu);
  t.ok(usageOf(process.pid).cpu > before.cpu)
  t.ok(before.memory > 10_000_000, 'resident memory in bytes')
  t.throws(() => usageOf(4_194_303), { code: 'ENOENT' })
  t.end()
})

t.test('scenarios have names of their own, and are found by them', t => {
  t.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length)
  t.equal(scenarioNamed('latency').name, 'latency')
  t.throws(() => scenarioNamed('nothing'), { message: /'nothing' is no scenario: there are one-to-one, / })
  t.end()
})
