import t from 'tap'
import { suiteCases } from '../../spec-suite/protocol/cases/index.js'
import { versions } from '../../spec-suite/protocol/version.js'
import { mutants } from './mutants/index.js'
import { casesFor } from './mutants/kit/run.js'

t.test('mutants have names of their own, and break something', t => {
  const names = mutants.map(({ name }) => name)
  t.same(
    names.filter((name, i) => names.indexOf(name) !== i),
    []
  )
  t.same(
    names.filter(name => !/^[a-z0-9]+(-[a-z0-9.]+)*$/.test(name)),
    []
  )
  t.same(
    mutants
      .filter(({ change, rewrite, webSocket }) => !change && !rewrite && !webSocket)
      .map(({ name }) => name),
    []
  )
  t.end()
})

t.test('each case is asked about a mutant at least', t => {
  const asked = new Set(mutants.flatMap(casesFor))
  t.same(
    suiteCases.filter(({ id }) => !asked.has(id)).map(({ id }) => id),
    []
  )
  t.end()
})

t.test('each statement that a case proves is broken by a mutant', t => {
  for (const version of versions) {
    const broken = new Set(mutants.flatMap(({ breaks }) => breaks[version] ?? []))
    const proven = new Set(suiteCases.filter(one => one.version === version).flatMap(({ proves }) => proves))
    t.same(
      [...proven].filter(id => !broken.has(id)),
      [],
      version
    )
  }
  t.end()
})
