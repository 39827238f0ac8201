import type { Comparison, Difference, Side } from '../compare.js'
import { type SuiteReport, totalsLine } from '../result.js'
import { anchorOf, badge, dialogueDetails } from './html-case.js'
import { type Markup, markup } from './markup.js'
import { counted } from './report.js'

/** Two brokers side by side: the cases that did not end the same way. */
export function comparisonSection(report: SuiteReport, { there, differences, same }: Comparison): Markup {
  const both = differences.filter(({ here, there }) => ran(here) && ran(there))
  const one = differences.filter(({ here, there }) => !ran(here) || !ran(there))
  const folded = markup`<details><summary>${counted(one.length, 'case')} ran on one of them only</summary>
${table(one)}</details>
`
  return markup`<section class="comparison"><h2>Compared with ${there.target}</h2>
<p>Here: ${totalsLine(report.results)}. There: ${totalsLine(there.results)}. ${counted(same, 'case')} ended the same way, ${counted(differences.length, 'case')} did not.</p>
${there.refusedVersions.map(({ version, reason }) => markup`<p class="note">There, MQTT ${version} is not spoken: ${reason}.</p>`)}
${both.length > 0 ? table(both) : null}${one.length > 0 ? folded : null}</section>
`
}

function table(differences: readonly Difference[]): Markup {
  const rows = differences.map(
    ({ case: { id, title, proves }, here, there }) => markup`<tr>
<th scope="row"><a href="#${anchorOf(id)}">${title}</a><span class="place"><code>${id}</code> · ${proves.map(one => `MQTT-${one}`).join(', ')}</span></th>
${cell(here, false)}${cell(there, true)}</tr>
`
  )
  return markup`<div class="wide-table"><table>
<thead><tr><th scope="col">Case</th><th scope="col">Here</th><th scope="col">There</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
`
}

function ran({ outcome }: Side): boolean {
  return outcome !== 'skipped' && outcome !== 'not run'
}

/** The dialogue of this broker is further down; that of the other one is nowhere else. */
function cell({ outcome, reason, result }: Side, full: boolean): Markup {
  const said = full && result && outcome !== 'passed' ? dialogueDetails(result) : null
  return markup`<td>${badge(outcome)} ${outcome}${reason ? markup`<span class="place">${reason}</span>` : null}${said}</td>
`
}
