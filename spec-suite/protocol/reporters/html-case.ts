import type { DialogueLine } from '../dialogue.js'
import { isBreach } from '../failure-text.js'
import type { CaseResult } from '../result.js'
import { type Markup, markup } from './markup.js'

const marks: Readonly<Record<string, string>> = {
  ...{ passed: '✓', failed: '✗', 'known failure': '!', 'unexpected pass': '!', skipped: '–', unproved: '○' },
  'not run': '–'
}
/** A dialogue of a case that passed is rarely read. */
const mostOfPassed = 60

/** What became of something, for eyes with and without colours. */
export function badge(state: string): Markup {
  return markup`<span class="badge ${state.replaceAll(' ', '-')}" title="${state}">${marks[state] ?? '?'}<span class="sr">${state}</span></span>`
}

/** Where a case is on the page. */
export function anchorOf(id: string): string {
  return `case-${id}`
}

/** A case in full. */
export function caseArticle(result: CaseResult): Markup {
  const { case: one, outcome, milliseconds, failure, reason } = result
  const time = outcome === 'skipped' ? '' : ` · ${milliseconds} ms`
  return markup`<article class="case ${outcome.replaceAll(' ', '-')}" id="${anchorOf(one.id)}">
<h4>${badge(outcome)} ${one.title}</h4>
<p class="place"><code>${one.id}</code> · ${outcome}${time}${reason && ` · ${reason}`}</p>
${failure ? failureList(result) : null}${dialogueDetails(result)}</article>
`
}

function failureList({ failure, target }: CaseResult): Markup {
  const { expected, received, violations, fault, ids } = failure!
  return markup`<dl class="failure">
<div><dt>expected</dt><dd>${expected}</dd></div>
<div><dt>came</dt><dd class="came">${received}</dd></div>
${violations.map(({ text }) => markup`<div><dt>breach</dt><dd class="came">${text}</dd></div>\n`)}<div><dt>broken</dt><dd>${ids.map(id => `MQTT-${id}`).join(', ')}</dd></div>
<div><dt>on</dt><dd>${target}</dd></div>
</dl>
${fault ? markup`<pre class="fault">${fault}</pre>` : null}`
}

export function dialogueDetails({
  dialogue,
  outcome
}: Pick<CaseResult, 'dialogue' | 'outcome'>): Markup | null {
  if (dialogue.length === 0) return null
  const shown = outcome === 'passed' ? dialogue.slice(0, mostOfPassed) : dialogue
  const left = dialogue.length - shown.length
  return markup`<details class="dialogue"><summary>What was said (${dialogue.length} lines)</summary><ol>
${shown.map(lineItem)}${left > 0 ? markup`<li class="event"><span class="words">… ${left} more lines …</span></li>` : null}</ol></details>
`
}

function lineItem(line: DialogueLine): Markup {
  const { at, who, way, words, hex } = line
  const arrow = { sent: '→', received: '←', event: '·' }[way]
  const bytes = hex ? markup`<code>${hex}</code>` : null
  return markup`<li class="${way}${isBreach(line) ? ' breach' : ''}"><span class="at">${at} ms</span><span class="who">${who}</span><span class="arrow">${arrow}</span><span class="words">${words}${bytes}</span></li>
`
}
