import type { Latency } from '../measure/percentiles.js'
import type { Where } from './load-client.js'

/** What the load process is told. */
export interface Order {
  readonly scenario: string
  readonly where: Where
  /** How long it measures. */
  readonly seconds: number
}

/** What a scenario found: the broker's own usage is looked at from outside, between begin and end. */
export interface Found {
  /** Things that were done while it was measured: messages delivered, connections made. */
  readonly count: number
  readonly seconds: number
  readonly latency: Latency | null
  /** Delivered by sent, over the whole scenario; 1 when nothing was lost. */
  readonly delivered: number
}

export type Report =
  | { readonly at: 'begin' | 'end' }
  | { readonly at: 'result'; readonly found: Found }
  | { readonly at: 'failed'; readonly error: string }
