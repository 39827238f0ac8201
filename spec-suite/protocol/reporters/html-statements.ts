import {
  type ChapterResult,
  type StatementResult,
  type StatementState,
  statementStates
} from '../statement-states.js'
import { chapterTitles } from '../statements/index.js'
import { anchorOf, badge, caseArticle } from './html-case.js'
import { type Markup, markup } from './markup.js'

/** A chapter with its statements. `all` decides where a case that several statements share is told in full. */
export function chapterSection(own: ChapterResult, all: readonly ChapterResult[]): Markup {
  const { version, chapter, statements, counts } = own
  const homes = homesOf(all)
  return markup`<section class="chapter">
<h3 id="${`v${version}-${chapter}`}"><span>${chapter}</span> ${chapterTitles[chapter] ?? ''}</h3>
${stateBar(counts, 'narrow')}
${statements.map(one => statementDetails(one, homes))}</section>
`
}

/** A bar whose parts are as long as there are statements of a kind. */
export function stateBar(counts: Readonly<Record<StatementState, number>>, size: 'wide' | 'narrow'): Markup {
  const found = statementStates.filter(state => counts[state] > 0)
  const parts = found.map(
    state => markup`<i class="${className(state)}" style="flex-grow:${counts[state]}"></i>`
  )
  const legend = found.map(
    state => markup`<li class="${className(state)}"><b>${counts[state]}</b> ${state}</li>`
  )
  return markup`<div class="${size} summary"><div class="bar" aria-hidden="true">${parts}</div><ul>${legend}</ul></div>`
}

function statementDetails({ statement, state, cases }: StatementResult, homes: Homes): Markup {
  const { version, id, section, text, reason } = statement
  const key = `${version} ${id}`
  const told = cases.map(one =>
    homes.get(one.case.id) === key
      ? caseArticle(one)
      : markup`<p class="elsewhere">${badge(one.outcome)} <a href="#${anchorOf(one.case.id)}">${one.case.title}</a></p>`
  )
  const none = reason || 'The suite has no case for it.'
  return markup`<details class="statement ${className(state)}" data-state="${state}" id="${`v${version}-MQTT-${id}`}">
<summary>${badge(state)}<span class="number">${id}</span><span class="text">${text}</span></summary>
<div class="inside"><p class="place">MQTT-${id} · ${section}</p>
${cases.length > 0 ? told : markup`<p class="place">${none}</p>`}</div>
</details>
`
}

/** Where a case is told in full, by its id: at the first statement that it broke, or else that it proves. */
type Homes = ReadonlyMap<string, string>

function homesOf(chapters: readonly ChapterResult[]): Homes {
  const homes = new Map<string, string>()
  const all = chapters.flatMap(({ statements }) => statements)
  for (const broken of [true, false]) {
    for (const { statement, cases } of all) {
      for (const { case: one, failure } of cases) {
        if (broken && !failure?.ids.includes(statement.id)) continue
        if (!homes.has(one.id)) homes.set(one.id, `${statement.version} ${statement.id}`)
      }
    }
  }
  return homes
}

export function className(state: string): string {
  return state.replaceAll(' ', '-')
}
