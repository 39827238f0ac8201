// node --import ./test/support/typescript.mjs test/spec-suite/mutants/table.ts [part or mutant …]: prints which case
// notices which mutant; without words also what no mutant makes fail. ALL=1 lets every case judge, not only those
// that have to notice it.

import { suiteCases } from '../../../spec-suite/protocol/cases/index.js'
import { mutantParts, mutants } from './index.js'
import type { Mutant } from './kit/mutant.js'
import { pool } from './kit/pool.js'
import { casesFor, faultsIn, noticedBy, runMutant } from './kit/run.js'

const words = process.argv.slice(2)
const parts = mutantParts as Readonly<Record<string, readonly Mutant[]>>
const meant = words.length > 0 ? words.flatMap(named) : mutants
const only = process.env.ALL ? suiteCases.map(({ id }) => id) : undefined

function named(word: string): readonly Mutant[] {
  return parts[word] ?? mutants.filter(({ name }) => name === word)
}

/** Cases that failed, and statements whose cases failed because of a mutant that breaks them. */
const failed = new Set<string>()
const shown = new Set<string>()
const started = performance.now()
let noticed = 0

await pool(meant, only ? 2 : 12, async mutant => {
  const results = await runMutant(mutant, only)
  const by = noticedBy(results)
  if (by.length > 0) noticed++
  for (const { case: one } of results.filter(({ case: { id } }) => by.includes(id))) {
    failed.add(one.id)
    for (const id of one.proves)
      if (mutant.breaks[one.version]?.includes(id)) shown.add(`${one.version} ${id}`)
  }
  const broken = Object.entries(mutant.breaks).map(([version, ids]) => `${version}: ${ids.join(' ')}`)
  const cases = by.length > 0 ? by : [`NOBODY of ${casesFor(mutant).join(' ') || 'no case'}`]
  const faults = faultsIn(results).map(text => `\n  FAULT ${text}`)
  console.log(`${mutant.name} | ${broken.join('; ')} | ${cases.join(' ')}${faults.join('')}`)
})

if (words.length === 0) {
  const proven = new Set(suiteCases.flatMap(one => one.proves.map(id => `${one.version} ${id}`)))
  const idle = suiteCases.filter(({ id }) => !failed.has(id)).map(({ id }) => id)
  const unshown = [...proven].filter(id => !shown.has(id))
  console.log(`\nno mutant makes these cases fail: ${idle.join(' ') || 'none'}`)
  console.log(`no mutant shows these statements: ${unshown.join(', ') || 'none'}`)
}
const seconds = Math.round((performance.now() - started) / 1000)
console.log(`\n${meant.length} mutants, ${noticed} noticed, in ${seconds} s`)
process.exit()
