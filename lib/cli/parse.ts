import { readArguments, take } from './arguments.js'
import { variableOf } from './option.js'
import { type OptionName, optionTable } from './option-table.js'
import type { OptionValue } from './option-value.js'
import { didYouMean } from './suggest.js'

export interface Parsed {
  /** What was given: by flags, and where there is none by the environment. undefined: a value that is wrong. */
  readonly values: Values
  /** Asked for help, whatever else is wrong. */
  readonly help: boolean
  /** Everything that is wrong, in sentences. */
  readonly problems: readonly string[]
}

/** The options that were given. */
export type Values = ReadonlyMap<OptionName, OptionValue | undefined>

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the options of `stackmq start`. A flag wins over its environment variable. */
export function parseOptions(args: readonly string[], environment: Environment): Parsed {
  const set = { command: 'start', options: optionTable, words: 0 }
  const { values, seen, help, problems } = readArguments(args, set)
  for (const option of optionTable) {
    const variable = variableOf(option.name)
    const text = environment[variable]
    // An empty one is none: the way to unset it in a compose file.
    if (text && !seen.has(option.name) && !isServiceLink(text)) take(option, variable, text, values, problems)
  }
  return { values: values as Values, help, problems: [...problems, ...misspeltVariables(environment)] }
}

/** What Kubernetes and Docker put into STACKMQ_PORT for a service called stackmq. */
function isServiceLink(text: string): boolean {
  return /^(tcp|udp):\/\//.test(text)
}

const variables = optionTable.map(({ name }) => variableOf(name))

/**
 * A variable that is misspelt would be a limit that is none. Others are left alone: Kubernetes, for one, sets
 * STACKMQ_SERVICE_HOST for a service of that name.
 */
function misspeltVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter(name => name.startsWith('STACKMQ_') && !variables.includes(name))
    .map(name => ({ name, meant: didYouMean(name, variables) }))
    .filter(({ meant }) => meant !== '')
    .map(({ name, meant }) => `unknown environment variable ${name}${meant}`)
}
