import type { CaseResult, SuiteReport } from './result.js'
import { chapterOf, type Statement, statements } from './statements/index.js'
import type { Version } from './version.js'

/**
 * `failed`: one of its cases failed and names it. `known failure`: the same, and it was expected. `passed`: a case ran,
 * and all of its cases that ran passed. `skipped`: it has cases, and none of them ran. `unproved`: it has no case, or its
 * cases failed before they came to it.
 */
export type StatementState = 'passed' | 'failed' | 'known failure' | 'skipped' | 'unproved'

export const statementStates = ['passed', 'failed', 'known failure', 'skipped', 'unproved'] as const

export interface StatementResult {
  readonly statement: Statement
  readonly state: StatementState
  /** Those that prove it, and those that saw it broken beside what they prove. */
  readonly cases: readonly CaseResult[]
}

/** What a run says about each statement of the versions it ran with; with `only`, of those that its cases are about. */
export function statementResults({ versions, only, results }: SuiteReport): StatementResult[] {
  return statements
    .filter(({ version }) => versions.includes(version))
    .map(statement => resultOf(statement, results))
    .filter(({ cases }) => only.length === 0 || cases.length > 0)
}

function resultOf(statement: Statement, results: readonly CaseResult[]): StatementResult {
  const { version, id } = statement
  const cases = results.filter(
    ({ case: one, failure }) =>
      one.version === version && (one.proves.includes(id) || failure?.ids.includes(id))
  )
  return { statement, cases, state: stateOf(id, cases) }
}

function stateOf(id: string, cases: readonly CaseResult[]): StatementState {
  const breaks = (outcome: CaseResult['outcome']) =>
    cases.some(one => one.outcome === outcome && one.failure?.ids.includes(id))
  if (breaks('failed')) return 'failed'
  if (breaks('known failure')) return 'known failure'
  if (cases.some(({ outcome }) => outcome === 'passed' || outcome === 'unexpected pass')) return 'passed'
  return cases.length > 0 && cases.every(({ outcome }) => outcome === 'skipped') ? 'skipped' : 'unproved'
}

export interface ChapterResult {
  readonly version: Version
  readonly chapter: number
  readonly statements: readonly StatementResult[]
  readonly counts: Readonly<Record<StatementState, number>>
}

/** The same by version and chapter. */
export function chapterResults(report: SuiteReport): ChapterResult[] {
  const all = statementResults(report)
  const keyOf = ({ statement: { version, id } }: StatementResult) => `${version} ${chapterOf(id)}`
  return [...new Set(all.map(keyOf))].map(key => {
    const own = all.filter(one => keyOf(one) === key)
    const { version, id } = own[0]!.statement
    return { version, chapter: chapterOf(id), statements: own, counts: countStates(own) }
  })
}

export function countStates(results: readonly StatementResult[]): Record<StatementState, number> {
  const counts = statementStates.map(state => [state, results.filter(one => one.state === state).length])
  return Object.fromEntries(counts) as Record<StatementState, number>
}
