import type { Comparison } from '../compare.js'
import type { SuiteReport } from '../result.js'

/** What is told: a run, and how another broker did in the same cases, if one was asked. */
export interface Report {
  readonly report: SuiteReport
  readonly comparison?: Comparison | null
}

export interface ReporterOptions {
  /** For a terminal. Default: false. */
  readonly color?: boolean
}

/** A text with a line break at its end. */
export type Reporter = (report: Report, options?: ReporterOptions) => string

/** `MQTT 3.1.1 and 5.0` */
export function versionWords({ versions }: Pick<SuiteReport, 'versions'>): string {
  return `MQTT ${versions.join(' and ')}`
}

/** `1 case`, `2 cases` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `0.3 s` */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
