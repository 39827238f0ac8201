import type { SuiteCase } from './case.js'

type Named = Pick<SuiteCase, 'id' | 'name' | 'version' | 'proves'>

/**
 * The cases that are meant, in the order of the suite.
 * @throws TypeError when a word means none
 */
export function selected<C extends Named>(cases: readonly C[], only: readonly string[] = []): readonly C[] {
  if (only.length === 0) return cases
  const lost = meaningless(cases, only)
  if (lost.length > 0) {
    const words = lost.map(word => `'${word}'`).join(', ')
    throw new TypeError(
      `${words}: no such case; give a statement (3.8.4-8), a chapter (3, 3.8), or the name of a case`
    )
  }
  return cases.filter(one => only.some(word => isMeant(one, word)))
}

/** Words that mean no case. */
export function meaningless(cases: readonly Named[], only: readonly string[]): string[] {
  return only.filter(word => !cases.some(one => isMeant(one, word)))
}

function isMeant({ id, name, version, proves }: Named, word: string): boolean {
  if (word === id || word === name) return true
  const [, onlyVersion, number = ''] = /^(?:(3\.1\.1|5\.0) )?(?:MQTT-)?([\d.]+(?:-\d+)?)$/.exec(word) ?? []
  if (number === '' || (onlyVersion && onlyVersion !== version)) return false
  return proves.some(one => one === number || one.startsWith(`${number}.`) || one.startsWith(`${number}-`))
}
