import type { Comparison, Difference, Side } from '../compare.js'
import { type SuiteReport, totalsLine } from '../result.js'
import type { Paint } from './paint.js'
import { counted } from './report.js'

/** Two brokers side by side: the cases that did not end the same way. */
export function differences(
  { target, results }: SuiteReport,
  { there, differences: found, same }: Comparison,
  paint: Paint
): string[] {
  const ran = ({ outcome }: Side) => outcome !== 'skipped' && outcome !== 'not run'
  const both = found.filter(({ here, there }) => ran(here) && ran(there))
  const one = found.filter(({ here, there }) => !ran(here) || !ran(there))
  return [
    ...['', paint('bold', `${counted(found.length, 'difference')} between two brokers`)],
    `  here   ${target}: ${totalsLine(results)}`,
    `  there  ${there.target}: ${totalsLine(there.results)}`,
    `  ${counted(same, 'case')} ended the same way on both`,
    ...there.refusedVersions.map(
      ({ version, reason }) => `  there, MQTT ${version} is not spoken: ${reason}`
    ),
    ...both.flatMap(difference => ['', ...sideBySide(difference, paint)]),
    ...(one.length > 0 ? ['', paint('bold', 'Ran on one of them only')] : []),
    ...one.flatMap(difference => sideBySide(difference, paint))
  ]
}

function sideBySide({ case: { id, title, proves }, here, there }: Difference, paint: Paint): string[] {
  const statements = proves.map(number => `MQTT-${number}`).join(', ')
  return [
    `  ${id}: ${title} [${statements}]`,
    ...[sideText('here ', here, paint), sideText('there', there, paint)]
  ]
}

function sideText(name: string, { outcome, reason }: Side, paint: Paint): string {
  const color = { passed: 'green', failed: 'red' } as const
  const shown = paint(color[outcome as 'passed'] ?? 'yellow', outcome)
  return `    ${name}  ${shown}${reason && `: ${reason}`}`
}
