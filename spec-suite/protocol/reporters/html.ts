import type { CaseResult, SuiteReport } from '../result.js'
import { totalsLine } from '../result.js'
import { chapterResults, countStates, statementResults } from '../statement-states.js'
import { anchorOf, badge } from './html-case.js'
import { comparisonSection } from './html-comparison.js'
import { script } from './html-script.js'
import { chapterSection, stateBar } from './html-statements.js'
import { style } from './html-style.js'
import { Markup, markup } from './markup.js'
import { counted, type Report, seconds, versionWords } from './report.js'

/** One page without anything from elsewhere: every statement with its cases, and what was said in them. */
export function html({ report, comparison }: Report): string {
  const { target, versions } = report
  const chapters = chapterResults(report)
  const parts = versions.map(version => {
    const own = chapters.filter(one => one.version === version)
    return markup`<section class="version" data-version="${version}"><h2>MQTT ${version}</h2>
${own.map(chapter => chapterSection(chapter, chapters))}</section>
`
  })
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>MQTT conformance of ${target}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
${header(report)}
<main>
${failedCases(report.results)}${comparison ? comparisonSection(report, comparison) : null}
${filters(report)}
${parts}<p id="nothing" hidden>No statement is like that.</p>
</main>
<footer>Made by <code>stackmq spec</code>. The statements are in our words: the text of OASIS decides.</footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text
}

function header(report: SuiteReport): Markup {
  const { target, startedAt, milliseconds, results, planned, interrupted, refusedVersions } = report
  const statements = statementResults(report)
  const facts = Object.entries(report.facts).filter(([, value]) => value !== null)
  const refused = refusedVersions.map(
    ({ version, reason }) =>
      markup`<p class="note">MQTT ${version} is left out: the broker does not speak it (${reason}).</p>`
  )
  return markup`<header>
<p class="eyebrow">MQTT conformance report</p>
<h1>${target}</h1>
<p class="meta">${versionWords(report)} · ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC · ${seconds(milliseconds)}</p>
${stateBar(countStates(statements), 'wide')}
<p class="totals">${counted(statements.length, 'statement')}, ${counted(results.length, 'case')}: ${totalsLine(results)}</p>
${interrupted ? markup`<p class="note">Stopped after ${results.length} of ${planned} cases.</p>` : null}${refused}
<details class="facts"><summary>What the broker offers</summary><dl>
${facts.map(([name, value]) => markup`<div><dt>${words(name)}</dt><dd>${factText(value)}</dd></div>\n`)}</dl></details>
</header>`
}

function failedCases(results: readonly CaseResult[]): Markup | null {
  const failed = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'unexpected pass')
  if (failed.length === 0) return null
  const items = failed.map(
    ({ case: one, outcome }) =>
      markup`<li>${badge(outcome)} <a href="#${anchorOf(one.id)}">${one.title}</a><span class="place"><code>${one.id}</code></span></li>\n`
  )
  return markup`<section class="failed-cases"><h2>What failed</h2><ul>
${items}</ul></section>
`
}

/** Shown by the script: without it there is nothing to filter with. */
function filters({ versions }: SuiteReport): Markup {
  const choice = (name: string, value: string, text: string, on = false) =>
    markup`<label><input type="radio" name="${name}" value="${value}"${on ? new Markup(' checked') : null}><span>${text}</span></label>`
  const byVersion =
    versions.length < 2
      ? null
      : markup`<fieldset><legend>Version</legend>${choice('version', '', 'both', true)}${versions.map(one => choice('version', one, one))}</fieldset>`
  return markup`<form id="filters" hidden>
<fieldset><legend>Statements</legend>${choice('state', '', 'all', true)}${choice('state', 'failed', 'failed')}${choice('state', 'known failure', 'known')}${choice('state', 'skipped', 'skipped')}${choice('state', 'unproved', 'unproved')}${choice('state', 'passed', 'passed')}</fieldset>
${byVersion}
<input type="search" id="words" placeholder="number or words" aria-label="Number or words of a statement">
</form>`
}

/** `maximumPacketSize`: maximum packet size */
function words(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`).replace(/\bqos\b/, 'QoS')
}

function factText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
