import type { CaseResult, Outcome, SuiteReport } from './result.js'

/** A case that two brokers do not agree on. */
export interface Difference {
  readonly case: CaseResult['case']
  readonly here: Side
  readonly there: Side
}

export interface Side {
  /** `not run`: the broker does not speak the version, or the run was stopped. */
  readonly outcome: Outcome | 'not run'
  /** What it did wrong, or why the case was skipped; '' for one that passed. */
  readonly reason: string
  readonly result: CaseResult | null
}

/** Two brokers side by side. */
export interface Comparison {
  readonly there: SuiteReport
  readonly differences: readonly Difference[]
  /** How many cases ended the same way on both. */
  readonly same: number
}

/** The cases that did not end the same way, in the order of the suite. */
export function compared(here: SuiteReport, there: SuiteReport): Comparison {
  const [own, other] = [here, there].map(({ results }) => new Map(results.map(one => [one.case.id, one])))
  const ids = [...new Set([...own!.keys(), ...other!.keys()])]
  const both = ids.map(id => [own!.get(id), other!.get(id)] as const)
  const differences = both
    .map(([one, two]) => ({ case: (one ?? two)!.case, here: sideOf(one), there: sideOf(two) }))
    .filter(({ here, there }) => plain(here.outcome) !== plain(there.outcome))
  return { there, differences, same: both.length - differences.length }
}

function sideOf(result: CaseResult | undefined): Side {
  if (!result) return { outcome: 'not run', reason: '', result: null }
  const { outcome, failure, reason } = result
  const wrong = failure ? `expected ${failure.expected}, but ${failure.received}` : reason
  return { outcome, reason: outcome === 'passed' ? '' : wrong, result }
}

/** What a list of known failures says is no difference between brokers. */
function plain(outcome: Side['outcome']): Side['outcome'] {
  if (outcome === 'known failure') return 'failed'
  return outcome === 'unexpected pass' ? 'passed' : outcome
}
