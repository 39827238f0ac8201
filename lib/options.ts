import { distance } from './check.js'

/** The smallest and the largest value of numeric options. */
export type Range<Config> = { readonly [K in keyof Config]?: readonly [low: number, high: number] }

/** What is wrong with numeric options, in sentences that say what to do. Infinity means no limit where it is in range. */
export function range<Config extends object>(config: Config, ranges: Range<Config>): string[] {
  return (Object.keys(ranges) as Array<keyof Config & string>).flatMap(name => {
    const [low, high] = ranges[name]!
    const value: unknown = config[name]
    if (value === undefined) return []
    const whole = Number.isInteger(value) || value === Number.POSITIVE_INFINITY
    if (whole && (value as number) >= low && (value as number) <= high) return []
    const upTo =
      high === Number.POSITIVE_INFINITY
        ? `an integer of at least ${low}`
        : `an integer from ${low} to ${high}`
    return [`${name} is ${String(value)}: give ${upTo}`]
  })
}

/** Names that are no options, with what was probably meant: a limit that is misspelt is no limit. */
export function unknownOptions(given: object, known: readonly string[], of: string): string[] {
  return Object.keys(given)
    .filter(name => !known.includes(name))
    .map(name => {
      const near = known
        .map(other => ({ other, away: distance(plain(other), plain(name)) }))
        .sort((a, b) => a.away - b.away)[0]
      const meant = near && near.away <= Math.min(3, Math.ceil(name.length / 3)) ? near.other : null
      return `'${name}' is no option of ${of}: ${meant ? `did you mean '${meant}'?` : `there are ${known.join(', ')}`}`
    })
}

/** Options are compared without regard to case, and to how "maximum" is written. */
function plain(name: string): string {
  return name.toLowerCase().replace(/^max(imum)?/, 'max')
}
