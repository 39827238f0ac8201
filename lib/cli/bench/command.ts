import {
  type BrokerProcess,
  type Comparison,
  compare,
  contenders,
  dataScenarios,
  resultsOf,
  scenarios,
  tableOf
} from '../../../bench/index.js'
import { failure } from '../command-error.js'
import { checkOutput, writeOutput } from '../output.js'
import type { CommandProcess } from '../process.js'
import { benchHelp } from './help.js'
import { type BenchSettings, benchSettings } from './settings.js'

/** `stackmq bench`. Resolves to the exit code. @throws CommandError when it cannot run */
export async function benchCommand(args: readonly string[], own: CommandProcess): Promise<number> {
  const settings = benchSettings(args)
  if (settings.what === 'help') await own.print(benchHelp())
  else if (settings.what === 'list') await own.print(list(settings))
  else return measureAll(settings, own)
  return 0
}

function list({ data }: BenchSettings): string {
  const offered = data ? dataScenarios : scenarios
  const width = Math.max(...offered.map(({ name }) => name.length))
  return offered.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join('')
}

async function measureAll(settings: BenchSettings, own: CommandProcess): Promise<number> {
  if (process.platform !== 'linux') throw failure(['bench reads /proc, which only Linux has'])
  if (settings.output !== null) checkOutput(settings.output)
  const brokers = await startAll(settings, own)
  try {
    const problems: string[] = []
    const comparisons = await compare(brokers, settings.scenarios, {
      ...{ rounds: settings.rounds, seconds: settings.seconds },
      onStep: ({ scenario, broker, done, all }) =>
        progress(own, `${done + 1}/${all} ${scenario.name} ${broker}`),
      onFailure: err => problems.push(err.message.split('\n')[0]!)
    })
    progress(own, '')
    await own.print(reportOf(comparisons, brokers))
    const text = `${JSON.stringify(resultsOf(comparisons, brokers, settings.seconds), null, 2)}\n`
    if (settings.output !== null) writeOutput(settings.output, text)
    for (const problem of problems) own.complain(`stackmq: ${problem}\n`)
    return problems.length > 0 ? 1 : 0
  } finally {
    await Promise.all(brokers.map(broker => broker.stop()))
  }
}

/** A line that is written over on a terminal; lines elsewhere. */
function progress(own: CommandProcess, text: string): void {
  if (own.isErrorTerminal) own.complain(`\r\x1b[2K${text}`)
  else if (text !== '') own.complain(`${text}\n`)
}

async function startAll(
  { start, running, data }: BenchSettings,
  own: CommandProcess
): Promise<BrokerProcess[]> {
  const brokers: BrokerProcess[] = []
  if (running) {
    const { pid, ...where } = running
    const name = `${where.host}:${where.port}`
    brokers.push({ name, version: '', settings: 'unknown', where, pid, stop: async () => {} })
  }
  for (const name of start) {
    try {
      brokers.push(await contenders.find(one => one.name === name)!.start(data))
    } catch (err) {
      own.complain(`stackmq: ${(err as Error).message}: it is left out\n`)
    }
  }
  if (brokers.length === 0) throw failure(['there is no broker to measure'])
  return brokers
}

function reportOf(comparisons: readonly Comparison[], brokers: readonly BrokerProcess[]): string {
  const table = tableOf(
    comparisons,
    brokers.map(({ name }) => name)
  )
  const who = brokers.map(
    ({ name, version, settings }) => `${name} ${version}${settings && ` (${settings})`}`
  )
  return `${table}\n\n${who.join('; ')}; Node.js ${process.version}\n`
}
