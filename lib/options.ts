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
