import { caseTitle, failureLines } from '../failure-text.js'
import { type CaseResult, isGood, totalsLine } from '../result.js'
import { type Paint, painter } from './paint.js'
import { chapterTable } from './pretty-chapters.js'
import { differences } from './pretty-differences.js'
import { counted, type Report, type ReporterOptions, seconds, versionWords } from './report.js'

/** For people: a table by chapter, every failure in full, what was skipped and why. The last line has the totals. */
export function pretty({ report, comparison }: Report, { color = false }: ReporterOptions = {}): string {
  const paint = painter(color)
  const { results, planned } = report
  const cases = report.interrupted
    ? `${results.length} of ${counted(planned, 'case')}`
    : counted(planned, 'case')
  const totals = totalsLine(results)
  return [
    ...[paint('bold', report.target), `${versionWords(report)}, ${cases} in ${seconds(report.milliseconds)}`],
    ...report.refusedVersions.map(
      ({ version, reason }) => `MQTT ${version} is left out: the broker does not speak it (${reason})`
    ),
    ...chapterTable(report, paint),
    ...failures(results, paint),
    ...skips(results, paint),
    ...noted('Known failures', 'known failure', results, paint),
    ...noted(
      'Unexpected passes: take them off the list of known failures',
      'unexpected pass',
      results,
      paint
    ),
    ...(comparison ? differences(report, comparison, paint) : []),
    ...(report.interrupted ? ['', paint('yellow', 'stopped before all cases had run')] : []),
    ...['', paint(isGood(report) ? 'green' : 'red', totals), '']
  ].join('\n')
}

function failures(results: readonly CaseResult[], paint: Paint): string[] {
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return []
  return ['', paint('bold', 'Failures'), ...failed.flatMap(result => ['', ...inFull(result, paint)])]
}

function inFull(result: CaseResult, paint: Paint): string[] {
  const lines = failureLines(result).map(line => {
    const indented = `  ${line}`.trimEnd()
    return line.startsWith('▶') || line.startsWith('breach') ? paint('red', indented) : indented
  })
  return [paint('red', `✖ ${caseTitle(result.case)}`), ...lines]
}

/** By what is missing, the most frequent first. */
function skips(results: readonly CaseResult[], paint: Paint): string[] {
  const reasons = new Map<string, number>()
  for (const { outcome, reason } of results) {
    if (outcome === 'skipped') reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  if (reasons.size === 0) return []
  const lines = [...reasons]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, count]) => `${`${count}`.padStart(5)}  ${reason}`)
  return ['', paint('bold', 'Skipped'), ...lines]
}

function noted(title: string, wanted: string, results: readonly CaseResult[], paint: Paint): string[] {
  const found = results.filter(({ outcome }) => outcome === wanted)
  if (found.length === 0) return []
  return [
    '',
    paint('bold', title),
    ...found.map(({ case: { id }, reason }) => `  ${paint('yellow', id)}: ${reason}`)
  ]
}
