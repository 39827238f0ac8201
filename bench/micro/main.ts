/**
 * Measures the parts of the broker, each alone: CPU time and allocated bytes for each operation.
 *
 *     node --import ./test/support/typescript.mjs bench/micro/main.ts [--json] [--list] [names]
 *
 * A name is a subject (`codec`, `line`) or any part of what a case is called; without one, all are measured. Each
 * subject has a process of its own, so that what it taught the compiler does not slow the next one down.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Measurable } from './case.js'
import { all, select, subjectOf } from './index.js'
import { type Figures, measure } from './measure.js'
import { tableOf } from './table.js'

const flags = { json: { type: 'boolean' }, list: { type: 'boolean' } } as const

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: flags, allowPositionals: true })
  const chosen = select(all(), positionals)
  if (values.list) {
    console.log(chosen.map(({ name }) => name).join('\n'))
    return
  }
  const subjects = [...new Set(chosen.map(subjectOf))]
  const figures: Figures[] = []
  if (subjects.length === 1) for (const one of chosen) figures.push(await told(one))
  else
    for (const subject of subjects) figures.push(...apart(chosen.filter(one => subjectOf(one) === subject)))
  console.log(values.json ? JSON.stringify(figures, null, 2) : tableOf(figures))
}

function told(one: Measurable): Promise<Figures> {
  console.error(one.name)
  return measure(one)
}

/** In a process of their own. */
function apart(cases: readonly Measurable[]): Figures[] {
  const self = [...process.execArgv, fileURLToPath(import.meta.url), '--json']
  const { status, stdout, error } = spawnSync(process.execPath, [...self, ...cases.map(({ name }) => name)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8'
  })
  if (error) throw error
  if (status !== 0) throw new Error(`the process for ${subjectOf(cases[0]!)} ended with ${status}`)
  return JSON.parse(stdout)
}

await main()
