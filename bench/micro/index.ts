import { brokerCases } from './broker.js'
import type { Measurable } from './case.js'
import { deliverCases } from './codec-deliver.js'
import { readCases } from './codec-read.js'
import { writeCases } from './codec-write.js'
import { crowdCases } from './crowd.js'
import { dispatchCases } from './dispatch.js'
import { knownCases } from './known.js'
import { lineCases } from './line.js'
import { memoryWeighings } from './memory.js'
import { trieCases } from './trie.js'

/** Everything there is to measure. `large`: filters of the large tables. */
export function all(large?: number): readonly Measurable[] {
  return [
    ...knownCases,
    ...readCases,
    ...writeCases,
    ...deliverCases,
    ...dispatchCases,
    ...trieCases(large),
    ...crowdCases(large),
    ...memoryWeighings(large),
    ...lineCases,
    ...brokerCases
  ]
}

/** What stands before the slash. */
export function subjectOf({ name }: { readonly name: string }): string {
  return name.slice(0, name.indexOf('/'))
}

/**
 * Those with one of these names, or with one of these texts in their names; without any, all.
 * @throws Error for a text that fits none
 */
export function select(cases: readonly Measurable[], wanted: readonly string[]): readonly Measurable[] {
  if (wanted.length === 0) return cases
  const found = new Set<Measurable>()
  for (const text of wanted) {
    const exact = cases.filter(({ name }) => name === text)
    const fitting = exact.length > 0 ? exact : cases.filter(({ name }) => name.includes(text))
    if (fitting.length === 0) {
      const subjects = [...new Set(cases.map(subjectOf))]
      throw new Error(`'${text}' is in no name: there are ${subjects.join(', ')}, and --list shows all`)
    }
    for (const one of fitting) found.add(one)
  }
  return cases.filter(one => found.has(one))
}
