import type { BrokerFacts } from './broker/facts.js'
import type { SuiteCase } from './case.js'
import type { DialogueLine } from './dialogue.js'
import type { Version } from './version.js'
import type { Violation } from './wire/violation.js'

export type Outcome = 'passed' | 'failed' | 'skipped' | 'known failure' | 'unexpected pass'

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

/** What the whole run found. */
export interface SuiteReport {
  readonly target: string
  readonly startedAt: Date
  readonly milliseconds: number
  /** What the broker offers, as far as it is known. */
  readonly facts: BrokerFacts
  readonly versions: readonly Version[]
  /** Versions that were wanted and that the broker does not speak, with what it answered. */
  readonly refusedVersions: ReadonlyArray<{ readonly version: Version; readonly reason: string }>
  /** In the order of the suite. */
  readonly results: readonly CaseResult[]
}

/** Known failures and skips are no failures; an unexpected pass is, since the list of known ones is wrong then. */
export function isGood(report: SuiteReport): boolean {
  return report.results.every(({ outcome }) => outcome !== 'failed' && outcome !== 'unexpected pass')
}

export function countOf(results: readonly CaseResult[], outcome: Outcome): number {
  return results.filter(one => one.outcome === outcome).length
}
