import { casesOf, type SuiteCase } from '../case.js'
import { connectCases } from './connect/index.js'
import { endCases } from './end/index.js'
import { flowCases } from './flow/index.js'
import { publishCases } from './publish/index.js'
import { sessionCases } from './session/index.js'
import { subscribeCases } from './subscribe/index.js'

const definitions = [connectCases, sessionCases, publishCases, subscribeCases, flowCases, endCases].flat()

/** Every case, by version and in the order of the first statement that it proves. */
export const suiteCases: readonly SuiteCase[] = casesOf(definitions).sort(
  (a, b) => a.version.localeCompare(b.version) || order(a.proves[0]!, b.proves[0]!)
)

function order(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
