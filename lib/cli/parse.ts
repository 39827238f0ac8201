import { parseArgs } from 'node:util'
import type { CommandOption } from './option.js'
import { variableOf } from './option.js'
import { type OptionName, optionNamed, optionTable } from './option-table.js'
import { type OptionValue, optionValue, ValueError } from './option-value.js'
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
  const values = new Map<OptionName, OptionValue | undefined>()
  const problems: string[] = []
  const seen = new Set<string>()
  const take = (option: CommandOption, shown: string, text: string) => {
    try {
      values.set(option.name as OptionName, optionValue(option, text))
    } catch (err) {
      if (!(err instanceof ValueError)) throw err
      values.set(option.name as OptionName, undefined)
      problems.push(`${shown} ${err.message}`)
    }
  }
  let help = false
  let unknownAt = -1
  for (const token of tokensOf(args)) {
    // What follows an unknown option may be its value: one complaint is enough.
    if (token.kind === 'positional' && token.index !== unknownAt + 1) {
      problems.push(`'${token.value}' is not expected here`)
    }
    if (token.kind !== 'option') continue
    const { name, value } = token
    const option = optionNamed(name)
    if (name === 'help' || token.rawName === '-h') help = true
    else if (!option) {
      problems.push(unknown(token.rawName, name))
      unknownAt = token.index
    } else if (seen.has(name)) problems.push(`--${name} is given twice`)
    else if (option.kind === 'flag') take(option, `--${name}`, value ?? 'true')
    else if (value) take(option, `--${name}`, value)
    else {
      values.set(option.name as OptionName, undefined)
      problems.push(`--${name} needs a value: --${name} ${option.value}`)
    }
    seen.add(name)
  }
  for (const option of optionTable) {
    const variable = variableOf(option.name)
    const text = environment[variable]
    // An empty one is none: the way to unset it in a compose file.
    if (text && !seen.has(option.name) && !isServiceLink(text)) take(option, variable, text)
  }
  return { values, help, problems: [...problems, ...misspeltVariables(environment)] }
}

function tokensOf(args: readonly string[]) {
  const options = Object.fromEntries(
    optionTable.map(({ name, kind }) => [name, { type: kind === 'flag' ? 'boolean' : 'string' } as const])
  )
  return parseArgs({ args: spelledOut(args), options, strict: false, tokens: true }).tokens
}

/** So that an option without its value does not take the next option for it. */
function spelledOut(args: readonly string[]): string[] {
  return args.map((arg, i) => {
    const option = arg.startsWith('--') ? optionNamed(arg.slice(2)) : undefined
    const missing = option && option.kind !== 'flag' && (args[i + 1]?.startsWith('--') ?? true)
    return missing ? `${arg}=` : arg
  })
}

const optionNames = [...optionTable.map(({ name }) => name), 'help']

function unknown(rawName: string, name: string): string {
  return `unknown option '${rawName}'${didYouMean(name, optionNames, '--') || ': see stackmq start --help'}`
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
