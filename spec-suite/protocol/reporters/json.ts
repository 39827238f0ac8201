import type { Comparison, Side } from '../compare.js'
import type { CaseResult, SuiteReport } from '../result.js'
import { totalsOf } from '../result.js'
import { statementResults } from '../statement-states.js'
import type { Report } from './report.js'

/** Counts up when a field changes its meaning or goes; new fields may come at any time. */
export const formatVersion = 1

/**
 * A run as JSON: `format` ("stackmq-spec"), `formatVersion`, `target`, `startedAt` (ISO 8601), `milliseconds`, `interrupted`,
 * `planned`, `only`, `versions`, `refusedVersions`, `facts` (what the broker offers), `totals` (cases by outcome),
 * `statements` (`version`, `id` with MQTT-, `section`, `text`, `state`, `cases`, `reason` where no case can prove it) and
 * `cases` (`id`, `version`, `name`, `title`, `proves`, `needs`, `outcome`, `milliseconds`, `target`, `reason`, `failure`,
 * `dialogue`); with another broker also `comparison` (`target`, `totals`, `same`, `differences` with `here` and `there`).
 */
export function json({ report, comparison }: Report): string {
  const { results, startedAt, ...rest } = report
  const text = {
    ...{ format: 'stackmq-spec', formatVersion, startedAt: startedAt.toISOString(), ...rest },
    totals: totalsOf(results),
    statements: statementsOf(report),
    cases: results.map(caseOf),
    ...(comparison && { comparison: comparisonOf(comparison) })
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

function statementsOf(report: SuiteReport) {
  return statementResults(report).map(({ statement, state, cases }) => {
    const { version, id, section, text, reason } = statement
    const names = cases.map(one => one.case.id)
    return { version, id: `MQTT-${id}`, section, text, state, cases: names, ...(reason && { reason }) }
  })
}

function caseOf(result: CaseResult) {
  const { case: one, outcome, milliseconds, target, reason, failure, dialogue } = result
  const { id, version, name, title, proves, needs } = one
  return {
    ...{ id, version, name, title, proves: proves.map(prefixed), needs },
    ...{ outcome, milliseconds, target, reason },
    failure: failure && {
      ...failure,
      ids: failure.ids.map(prefixed),
      violations: failure.violations.map(({ ids, text }) => ({ ids: ids.map(prefixed), text }))
    },
    dialogue
  }
}

function comparisonOf({ there, same, differences }: Comparison) {
  const { target, versions, refusedVersions, facts, milliseconds, results } = there
  return {
    ...{ target, versions, refusedVersions, facts, milliseconds, totals: totalsOf(results), same },
    differences: differences.map(({ case: { id, title, proves }, here, there }) => ({
      ...{ id, title, proves: proves.map(prefixed), here: sideOf(here), there: sideOf(there) }
    }))
  }
}

function sideOf({ outcome, reason, result }: Side) {
  return { outcome, reason, dialogue: result?.dialogue ?? [] }
}

function prefixed(id: string): string {
  return `MQTT-${id}`
}
