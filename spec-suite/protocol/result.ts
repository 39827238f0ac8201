import type { BrokerFacts } from './broker/facts.js'
import type { SuiteCase } from './case.js'
import type { DialogueLine } from './dialogue.js'
import type { Version } from './version.js'
import type { Violation } from './wire/violation.js'

export const outcomes = ['passed', 'failed', 'skipped', 'known failure', 'unexpected pass'] as const
export type Outcome = (typeof outcomes)[number]

/** What became of one case. */
export interface CaseResult {
  readonly case: Pick<SuiteCase, 'id' | 'version' | 'name' | 'title' | 'proves' | 'needs'>
  readonly outcome: Outcome
  readonly milliseconds: number
  /** Where it ran. */
  readonly target: string
  /** Of a failure. */
  readonly failure: Failure | null
  /** Why it was skipped, or is a known failure; '' otherwise. */
  readonly reason: string
  readonly dialogue: readonly DialogueLine[]
}

export interface Failure {
  readonly expected: string
  readonly received: string
  /** Statements that were broken, without `MQTT-`. */
  readonly ids: readonly string[]
  /** What no broker may send and this one sent, noticed beside what the case is about. */
  readonly violations: readonly Violation[]
  /** An error of the suite itself: its stack. '' when the broker is at fault. */
  readonly fault: string
}

/** What is known when the cases begin. */
export interface SuiteStart {
  /** The broker, without a password. */
  readonly target: string
  readonly facts: BrokerFacts
  readonly versions: readonly Version[]
  /** Versions that were wanted and that the broker does not speak, with what it answered. */
  readonly refusedVersions: ReadonlyArray<{ readonly version: Version; readonly reason: string }>
  /** How many cases there will be, skipped ones included. */
  readonly planned: number
  /** Words that chose the cases; none: all of them. */
  readonly only: readonly string[]
}

/** What the whole run found. */
export interface SuiteReport extends SuiteStart {
  readonly startedAt: Date
  readonly milliseconds: number
  /** It was stopped before all cases had run; there are results of those that had ended. */
  readonly interrupted: boolean
  /** In the order of the suite. */
  readonly results: readonly CaseResult[]
}

/** Known failures and skips are no failures; an unexpected pass is, since the list of known ones is wrong then. */
export function isGood(report: SuiteReport): boolean {
  return report.results.every(({ outcome }) => outcome !== 'failed' && outcome !== 'unexpected pass')
}

export function totalsOf(results: readonly CaseResult[]): Record<Outcome, number> {
  const counts = outcomes.map(outcome => [outcome, results.filter(one => one.outcome === outcome).length])
  return Object.fromEntries(counts) as Record<Outcome, number>
}

/** `12 passed, 0 failed, 3 skipped`, and what else there is. */
export function totalsLine(results: readonly CaseResult[]): string {
  const totals = totalsOf(results)
  const { 'known failure': known, 'unexpected pass': unexpected } = totals
  return [
    ...(['passed', 'failed', 'skipped'] as const).map(outcome => `${totals[outcome]} ${outcome}`),
    ...(known > 0 ? [`${known} known failure${known === 1 ? '' : 's'}`] : []),
    ...(unexpected > 0 ? [`${unexpected} unexpected pass${unexpected === 1 ? '' : 'es'}`] : [])
  ].join(', ')
}
