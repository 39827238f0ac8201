import { parseArgs } from 'node:util'
import type { AnyOption } from './option.js'
import { type OptionValue, optionValue, ValueError } from './option-value.js'
import { didYouMean } from './suggest.js'

export interface OptionSet {
  readonly command: string
  readonly options: readonly AnyOption[]
  /** How many words it takes that are no options. */
  readonly words: number
}

/** A command line, read. */
export interface Arguments {
  /** Of options that are given once. undefined: a value that is wrong. */
  readonly values: Map<string, OptionValue | undefined>
  /** Of options that may be given more than once. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly words: readonly string[]
  /** Options that were given, whatever their values are. */
  readonly seen: ReadonlySet<string>
  /** Asked for help, whatever else is wrong. */
  readonly help: boolean
  /** Everything that is wrong, in sentences. */
  readonly problems: string[]
}

/** Reads the command line of one command. */
export function readArguments(args: readonly string[], set: OptionSet): Arguments {
  const values = new Map<string, OptionValue | undefined>()
  const lists = new Map<string, readonly string[]>()
  const words: string[] = []
  const problems: string[] = []
  const seen = new Set<string>()
  let help = false
  let unknownAt = -2
  for (const token of tokensOf(args, set.options)) {
    // What follows an unknown option may be its value: one complaint is enough.
    if (token.kind === 'positional' && token.index !== unknownAt + 1) {
      if (words.length < set.words) words.push(token.value)
      else problems.push(`'${token.value}' is not expected here`)
    }
    if (token.kind !== 'option') continue
    const { name, value } = token
    const option = set.options.find(one => one.name === name)
    if (name === 'help' || token.rawName === '-h') help = true
    else if (!option) {
      problems.push(unknown(token.rawName, name, set))
      unknownAt = token.index
    } else if (option.many && value) lists.set(name, [...(lists.get(name) ?? []), ...split(value)])
    else if (seen.has(name) && !option.many) problems.push(`--${name} is given twice`)
    else if (option.kind === 'flag') take(option, `--${name}`, value ?? 'true', values, problems)
    else if (value) take(option, `--${name}`, value, values, problems)
    else {
      values.set(option.name, undefined)
      problems.push(`--${name} needs a value: --${name} ${option.value}`)
    }
    seen.add(name)
  }
  return { values, lists, words, seen, help, problems }
}

/** Keeps the value of an option, or what is wrong with it. */
export function take(
  option: AnyOption,
  shown: string,
  text: string,
  values: Map<string, OptionValue | undefined>,
  problems: string[]
): void {
  try {
    values.set(option.name, optionValue(option, text))
  } catch (err) {
    if (!(err instanceof ValueError)) throw err
    values.set(option.name, undefined)
    problems.push(`${shown} ${err.message}`)
  }
}

function tokensOf(args: readonly string[], options: readonly AnyOption[]) {
  const types = Object.fromEntries(
    options.map(({ name, kind }) => [name, { type: kind === 'flag' ? 'boolean' : 'string' } as const])
  )
  return parseArgs({ args: spelledOut(args, options), options: types, strict: false, tokens: true }).tokens
}

/** So that an option without its value does not take the next option for it. */
function spelledOut(args: readonly string[], options: readonly AnyOption[]): string[] {
  return args.map((arg, i) => {
    const option = arg.startsWith('--') && options.find(({ name }) => name === arg.slice(2))
    const missing = option && option.kind !== 'flag' && (args[i + 1]?.startsWith('--') ?? true)
    return missing ? `${arg}=` : arg
  })
}

function unknown(rawName: string, name: string, { options, command }: OptionSet): string {
  const names = [...options.map(option => option.name), 'help']
  return `unknown option '${rawName}'${didYouMean(name, names, '--') || `: see stackmq ${command} --help`}`
}

function split(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
}
