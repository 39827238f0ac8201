import type { SuiteCase } from './case.js'

/**
 * The cases that are meant.
 * @throws TypeError when a word means none
 */
export function selected(cases: readonly SuiteCase[], only: readonly string[] = []): readonly SuiteCase[] {
  if (only.length === 0) return cases
  const found = new Set<SuiteCase>()
  for (const word of only) {
    const meant = cases.filter(one => isMeant(one, word))
    if (meant.length === 0) {
      throw new TypeError(
        `'${word}' is no case: give a statement (5.0 MQTT-3.8.4-8), a chapter (3, 3.8) or a name`
      )
    }
    for (const one of meant) found.add(one)
  }
  return cases.filter(one => found.has(one))
}

function isMeant({ id, name, version, proves }: SuiteCase, word: string): boolean {
  if (word === id || word === name) return true
  const [, onlyVersion, number = ''] = /^(?:(3\.1\.1|5\.0) )?(?:MQTT-)?([\d.]+(?:-\d+)?)$/.exec(word) ?? []
  if (number === '' || (onlyVersion && onlyVersion !== version)) return false
  return proves.some(one => one === number || one.startsWith(`${number}.`) || one.startsWith(`${number}-`))
}
