import { lineText } from '../dialogue.js'
import { brokenStatements } from '../failure-text.js'
import type { CaseResult } from '../result.js'
import { totalsLine } from '../result.js'
import type { Report } from './report.js'

/** The Test Anything Protocol, version 14: a test point for each case, known failures as TODO. */
export function tap({ report }: Report): string {
  const { target, results, planned, interrupted } = report
  return [
    ...['TAP version 14', `# ${target}`],
    ...report.refusedVersions.map(({ version, reason }) => `# MQTT ${version} is not spoken: ${reason}`),
    ...(interrupted ? [] : [`1..${planned}`]),
    ...results.flatMap((result, i) => point(result, i + 1)),
    ...(interrupted ? [`Bail out! stopped after ${results.length} of ${planned} cases`] : []),
    `# ${totalsLine(results)}`,
    ''
  ].join('\n')
}

function point(result: CaseResult, number: number): string[] {
  const { case: one, outcome, reason, milliseconds } = result
  const bad = result.failure !== null || outcome === 'unexpected pass'
  const title = `${one.id}: ${one.title} [${one.proves.map(id => `MQTT-${id}`).join(' ')}]`
  const directive = { skipped: ` # SKIP ${escaped(reason)}`, 'known failure': ` # TODO ${escaped(reason)}` }
  const line = `${bad ? 'not ok' : 'ok'} ${number} - ${escaped(title)}${directive[outcome as 'skipped'] ?? ''}`
  if (!bad) return [line]
  return [
    line,
    '  ---',
    `  duration_ms: ${milliseconds}`,
    ...diagnosis(result).map(text => `  ${text}`),
    '  ...'
  ]
}

/** YAML; JSON strings are YAML strings. */
function diagnosis(result: CaseResult): string[] {
  const { failure, reason, dialogue, target } = result
  if (!failure) return [`message: ${JSON.stringify(`it passes, but is a known failure: ${reason}`)}`]
  const { expected, received, violations, fault } = failure
  return [
    `message: ${JSON.stringify(`expected ${expected}, but ${received}`)}`,
    ...[`expected: ${JSON.stringify(expected)}`, `actual: ${JSON.stringify(received)}`],
    `broker: ${JSON.stringify(target)}`,
    ...list('statements', brokenStatements(result)),
    ...list(
      'violations',
      violations.map(({ text }) => text)
    ),
    ...(fault ? [`stack: ${JSON.stringify(fault)}`] : []),
    ...list('dialogue', dialogue.map(lineText))
  ]
}

function list(name: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${name}:`, ...values.map(value => `  - ${JSON.stringify(value)}`)]
}

/** A # would begin a directive. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ')
}
