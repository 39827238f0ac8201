import { contenders, dataScenarios, quickScenarios, scenarios } from '../../../bench/index.js'
import type { Scenario } from '../../../bench/scenarios/scenario.js'
import { readArguments } from '../arguments.js'
import { usageError } from '../command-error.js'
import { didYouMean } from '../suggest.js'
import { benchOptions } from './options.js'

/** What `stackmq bench` shall do. */
export interface BenchSettings {
  readonly what: 'help' | 'list' | 'run'
  /** Names of brokers that are started. */
  readonly start: readonly string[]
  /** One that runs already. */
  readonly running: { readonly host: string; readonly port: number; readonly pid: number } | null
  /** They store on disk. */
  readonly data: boolean
  readonly scenarios: readonly Scenario[]
  readonly seconds: number
  readonly rounds: number
  readonly output: string | null
}

/** Reads the command line. @throws CommandError with everything that is wrong */
export function benchSettings(args: readonly string[]): BenchSettings {
  const { values, lists, help, problems } = readArguments(args, {
    ...{ command: 'bench', options: benchOptions, words: 0 }
  })
  const url = values.get('broker') as string | undefined
  const pid = values.get('pid') as number | undefined
  if ((url === undefined) !== (pid === undefined)) {
    problems.push('--broker and --pid belong together: the CPU of that process is looked at')
  }
  const where = url === undefined ? null : placeOf(url)
  if (url !== undefined && !where) problems.push(`--broker is '${url}': give mqtt://host:port`)
  const others = lists.get('compare') ?? []
  problems.push(...unknown('--compare', others, names(contenders)))
  const only = values.get('quick') === true ? quickScenarios : (lists.get('only') ?? [])
  const data = values.get('data') === true
  if (data && values.get('quick') === true) problems.push('--quick has no scenarios of --data: choose one')
  const offered = data ? dataScenarios : scenarios
  problems.push(...unknown('--only', lists.get('only') ?? [], names(offered)))
  if (problems.length > 0 && !help) throw usageError(problems)
  return {
    what: help ? 'help' : values.get('list') === true ? 'list' : 'run',
    start: [...new Set([...(where ? [] : ['stackmq']), ...others])],
    running: where && { ...where, pid: pid! },
    data,
    scenarios: offered.filter(({ name }) => only.length === 0 || only.includes(name)),
    seconds: (values.get('time') as number | undefined) ?? 2,
    rounds: (values.get('rounds') as number | undefined) ?? 1,
    output: (values.get('output') as string | undefined) ?? null
  }
}

function names(all: ReadonlyArray<{ readonly name: string }>): string[] {
  return all.map(({ name }) => name)
}

function unknown(option: string, given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter(name => !known.includes(name))
    .map(name => `${option} '${name}' is unknown${didYouMean(name, known) || `: give ${known.join(', ')}`}`)
}

function placeOf(text: string): { host: string; port: number } | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'mqtt:' || url.hostname === '') return null
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 1883) }
}
