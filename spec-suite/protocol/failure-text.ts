import { lineText } from './dialogue.js'
import type { CaseResult } from './result.js'
import { statementOf } from './statements/index.js'

/** Number and text, a line for each statement that was broken. */
export function brokenStatements({ case: one, failure }: CaseResult): string[] {
  const ids = failure?.ids ?? one.proves
  return ids.map(id => `MQTT-${id}: ${statementOf(one.version, id)?.text ?? 'unknown'}`)
}

/** What was wrong, and what was said: all of a failure but its title. */
export function failureLines(result: CaseResult): string[] {
  const { failure, dialogue, target } = result
  if (!failure) return []
  const { expected, received, violations, fault } = failure
  return [
    `expected  ${expected}`,
    `came      ${received}`,
    ...violations.map(({ text }) => `breach    ${text}`),
    ...brokenStatements(result).map(text => `          ${text}`),
    `on        ${target}`,
    ...(fault ? ['an error of the suite itself:', fault] : []),
    ...(dialogue.length > 0 ? ['', 'what was said:'] : []),
    ...dialogue.map(line => `${isBreach(line) ? '▶' : ' '}${lineText(line)}`)
  ]
}

export function isBreach({ words }: { readonly words: string }): boolean {
  return words.startsWith('BREACH: ')
}

/** `5.0:granted-qos: a message is delivered … [MQTT-…]` */
export function caseTitle({ id, title, proves }: CaseResult['case']): string {
  return `${id}: ${title} [${proves.map(one => `MQTT-${one}`).join(', ')}]`
}
