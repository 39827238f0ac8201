export interface Latency {
  /** All in milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

/** null without any measurement. */
export function percentiles(milliseconds: readonly number[]): Latency | null {
  if (milliseconds.length === 0) return null
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}
