import type { AnyOption } from './option.js'

export type OptionValue = string | number | boolean

/** A value that is not what its option takes; the text follows the name of the option. */
export class ValueError extends Error {}

const sizes: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
/** In milliseconds; a number without a unit is seconds. */
const times: Record<string, number> = { ms: 1, '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The value of an option from its text. @throws ValueError */
export function optionValue(option: AnyOption, text: string): OptionValue {
  switch (option.kind) {
    case 'flag':
      return truth(text)
    case 'choice':
      if (option.choices!.includes(text)) return text
      throw new ValueError(`is '${text}': give ${inWords(option.choices!)}`)
    case 'text':
    case 'path':
      return text
    default:
      return inRange(option, text)
  }
}

function truth(text: string): boolean {
  const word = text.toLowerCase()
  if (['true', '1', 'yes', 'on'].includes(word)) return true
  if (['false', '0', 'no', 'off'].includes(word)) return false
  throw new ValueError(`is '${text}': give true or false`)
}

function inRange(option: AnyOption, text: string): number {
  const [low, high] = option.range!
  const value = quantity(option, text)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  if (value === high) return value
  throw new ValueError(`is '${text}': give ${expected(option)}`)
}

/** NaN when it is none. */
function quantity({ kind, unit, range }: AnyOption, text: string): number {
  if (text === 'unlimited') return range![1] === Number.POSITIVE_INFINITY ? range![1] : Number.NaN
  const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(text) ?? []
  if (digits === '') return Number.NaN
  if (kind === 'count') return suffix === '' ? Number(digits) : Number.NaN
  if (kind === 'bytes')
    return Number(digits) * (sizes[suffix.toUpperCase().replace(/I?B$/, '')] ?? Number.NaN)
  const milliseconds = Math.round(Number(digits) * (times[suffix.toLowerCase()] ?? Number.NaN))
  return unit === 'ms' ? milliseconds : milliseconds / 1000
}

function expected({ kind, unit, range }: AnyOption): string {
  const [low, high] = range!
  if (kind === 'count') return `${upTo('an integer', low, high)}`
  if (kind === 'bytes') return `${upTo('bytes', low, high)}, as in 65536, 64K or 16M`
  return `${upTo('a time', shown(low, unit), shown(high, unit))}, as in 10s, 500ms, 5m, 1h or 7d`
}

function upTo(what: string, low: number | string, high: number | string): string {
  if (high === Number.POSITIVE_INFINITY) return `${what} of at least ${low}, or unlimited`
  return `${what} from ${low} to ${high}`
}

function shown(value: number, unit: AnyOption['unit']): string {
  return `${value}${unit ?? 's'}`
}

function inWords(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}
