import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { quickScenarios, scenarios } from '../../../bench/index.js'
import { benchSettings } from '../../../lib/cli/bench/settings.js'
import type { CommandError } from '../../../lib/cli/command-error.js'
import { run } from '../../../lib/cli/run.js'
import { FakeProcess } from './fake-process.js'

function linesOf(args: readonly string[]): readonly string[] {
  try {
    benchSettings(args)
    return []
  } catch (err) {
    return (err as CommandError).lines
  }
}

t.test('bench reads its options, and says all that is wrong at once', t => {
  t.match(benchSettings([]), { what: 'run', start: ['stackmq'], running: null, seconds: 2, rounds: 1 })
  t.equal(benchSettings([]).scenarios.length, scenarios.length)
  t.same(benchSettings(['--compare', 'mosquitto,aedes']).start, ['stackmq', 'mosquitto', 'aedes'])
  t.same(
    benchSettings(['--quick']).scenarios.map(({ name }) => name),
    quickScenarios
  )
  t.match(benchSettings(['--broker', 'mqtt://[::1]:99', '--pid', '7', '--compare', 'aedes']), {
    start: ['aedes'],
    running: { host: '::1', port: 99, pid: 7 }
  })
  try {
    benchSettings(['--compare', 'mosqitto', '--only', 'nothing', '--pid', '7', '--time', '0', 'word'])
    t.fail('it is wrong')
  } catch (err) {
    t.equal((err as CommandError).lines.length, 5)
    t.match((err as CommandError).lines.join('\n'), /did you mean mosquitto\?/)
  }
  t.same(linesOf(['--data', '--quick']), ['--quick has no scenarios of --data: choose one'])
  t.match(linesOf(['--data', '--only', 'one-to-one']), [/'one-to-one' is unknown/])
  t.end()
})

t.test('bench teaches and lists', async t => {
  const own = new FakeProcess()
  t.equal(await run(['bench', '--help'], own), 0)
  t.match(own.printed, /stackmq bench --compare mosquitto,aedes/)
  const listing = new FakeProcess()
  t.equal(await run(['bench', '--list'], listing), 0)
  for (const { name } of scenarios) t.match(listing.printed, new RegExp(`^${name} `, 'm'))
})

t.test(
  'a short run measures our broker, and nothing is lost',
  { skip: process.platform !== 'linux' },
  async t => {
    const output = join(t.testdir(), 'results.json')
    const own = new FakeProcess()
    const only = ['one-to-one-5']
    t.equal(
      await run(['bench', '--only', only.join(), '--time', '1s', '--output', output], own),
      0,
      own.complaints
    )
    t.match(own.printed, /\| one-to-one, QoS 0, MQTT 5, CPU µs \| [\d.]+ \|/)
    const { brokers, scenarios: measured } = JSON.parse(readFileSync(output, 'utf8'))
    t.match(brokers, [{ name: 'stackmq' }])
    t.same(
      measured.map(
        ({ name, results }: { name: string; results: { stackmq: { found: { delivered: number } } } }) => [
          name,
          results.stackmq.found.delivered
        ]
      ),
      [...only].map(name => [name, 1])
    )
  }
)
