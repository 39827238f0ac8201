// `npm test`: builds what is stale, runs every test, and holds the coverage of lib and middlewares to its limit. The
// last line is `N passed, N failed`, in assertions. Arguments go to tap (`npm test -- test/lib/run*.test.ts`); then
// coverage is not looked at.

import './support/typescript.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const { buildIfStale } = await import('./support/build.ts')
const { coverageOf, percent, worst } = await import('./support/coverage.ts')
const { TapOutput } = await import('./support/tap-output.ts')

const limit = 95
const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const whole = args.length === 0
const problems = []

const complaints = buildIfStale()
if (complaints !== '') {
  console.log(`${complaints}\nthe build failed\n0 passed, 1 failed`)
  process.exit(1)
}

const report = `${root}/.tap/report/coverage-summary.json`
rmSync(report, { force: true })
const output = new TapOutput()
const { bin } = JSON.parse(readFileSync(`${root}/node_modules/tap/package.json`, 'utf8'))
const coverage = whole ? ['--coverage-report=json-summary'] : ['--disable-coverage']
const tap = spawn(
  process.execPath,
  [`${root}/node_modules/tap/${bin.tap}`, '--reporter=tap', ...coverage, ...args],
  {
    ...{ cwd: root, stdio: ['ignore', 'pipe', 'inherit'] }
  }
)
const ended = once(tap, 'close')
for await (const line of createInterface({ input: tap.stdout })) {
  for (const text of output.line(line)) console.log(text)
}
const [code, signal] = await ended

const { passed, failed } = output.totals ?? { passed: 0, failed: 0 }
if (output.empty.length > 0) problems.push(`${output.empty.length} files without an assertion`)
if (passed + failed === 0) problems.push('no test ran')
if (failed === 0 && (code !== 0 || !output.totals))
  problems.push(`tap ended with ${signal ?? `exit code ${code}`}`)
if (whole) checkCoverage()

for (const problem of problems) console.log(problem)
console.log(`${passed} passed, ${failed + problems.length} failed`)
process.exitCode = failed + problems.length === 0 ? 0 : 1

function checkCoverage() {
  if (!existsSync(report)) {
    problems.push('there is no coverage')
    return
  }
  const files = coverageOf(JSON.parse(readFileSync(report, 'utf8')), root, ['lib', 'middlewares'])
  console.log(
    `\n${percent(files).toFixed(2).padStart(8)} %  of the lines of lib and middlewares ran; the worst files:`
  )
  for (const line of worst(files, 10)) console.log(line)
  console.log()
  if (percent(files) < limit) problems.push(`line coverage is below ${limit} %`)
}
