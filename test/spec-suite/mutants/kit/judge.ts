import t from 'tap'
import type { CaseResult } from '../../../../spec-suite/protocol/result.js'
import { statementOf } from '../../../../spec-suite/protocol/statements/index.js'
import { versions } from '../../../../spec-suite/protocol/version.js'
import type { Base, Mutant } from './mutant.js'
import { pool } from './pool.js'
import { casesFor, faultsIn, noticedBy, runControl, runMutant } from './run.js'

/** How many brokers are judged at a time: mostly they wait. */
const parallel = 24

/** Tests that the suite notices each mutant, in each version that it breaks, and finds nothing wrong without them. */
export async function judgeMutants(mutants: readonly Mutant[]): Promise<void> {
  const [controls, results] = await Promise.all([
    Promise.all([...new Set(mutants.map(baseOf))].map(base => control(base, mutants))),
    pool(mutants, parallel, mutant => runMutant(mutant))
  ])
  for (const { base, results } of controls) acquit(base, results)
  for (const [i, mutant] of mutants.entries()) judge(mutant, results[i]!)
}

function judge(mutant: Mutant, results: readonly CaseResult[]): void {
  t.test(`a broker that ${mutant.does} is noticed (${mutant.name})`, async t => {
    t.same(faultsIn(results), [], 'the suite itself does not fail')
    const noticed = noticedBy(results)
    for (const version of versions) {
      const broken = mutant.breaks[version] ?? []
      const unknown = broken.filter(id => !statementOf(version, id))
      t.same(unknown, [], `${version}: the statements that it breaks are some`)
      if (broken.length === 0) continue
      const own = noticed.filter(id => id.startsWith(`${version}:`))
      const cases = results
        .filter(one => one.case.version === version)
        .map(one => `${one.case.name} ${one.outcome}`)
      t.ok(own.length > 0, `${version}: a case that proves ${broken.join(' or ')} fails`, { cases })
    }
  })
}

function baseOf({ base = 'plain' }: Mutant): Base {
  return base
}

/** All the cases that mutants of a broker are judged by, with the broker as it is. */
async function control(base: Base, mutants: readonly Mutant[]) {
  const own = mutants.filter(one => baseOf(one) === base)
  const only = [...new Set(own.flatMap(casesFor))]
  return {
    base,
    results: await runControl(
      base,
      only,
      own.some(one => one.webSocket)
    )
  }
}

function acquit(base: Base, results: readonly CaseResult[]): void {
  t.test(`the ${base} broker passes the same ${results.length} cases when it is not broken`, async t => {
    const failed = results.filter(one => one.outcome === 'failed')
    t.same(
      failed.map(one => `${one.case.id}: expected ${one.failure!.expected}, but ${one.failure!.received}`),
      []
    )
    t.ok(results.some(one => one.outcome === 'passed'))
  })
}
