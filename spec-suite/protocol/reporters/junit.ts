import { brokenStatements, failureLines } from '../failure-text.js'
import type { CaseResult, SuiteReport } from '../result.js'
import { escapeAttribute, escapeText } from './escape.js'
import type { Report } from './report.js'

/** JUnit's XML, as build servers read it: a suite for each version, known failures as skipped. */
export function junit({ report }: Report): string {
  const { results, milliseconds, versions } = report
  const suites = versions.flatMap(version => {
    const own = results.filter(one => one.case.version === version)
    return suite(`MQTT ${version}`, own, report)
  })
  const attributes = { name: 'MQTT conformance', ...counts(results), time: seconds(milliseconds) }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('testsuites', attributes),
    ...suites,
    '</testsuites>',
    ''
  ].join('\n')
}

function suite(
  name: string,
  results: readonly CaseResult[],
  { target, startedAt, facts }: SuiteReport
): string[] {
  const time = seconds(results.reduce((sum, one) => sum + one.milliseconds, 0))
  const timestamp = startedAt.toISOString().slice(0, 19)
  const properties = Object.entries({ target, ...facts }).map(
    ([property, value]) => `      ${open('property', { name: property, value: text(value) }, true)}`
  )
  return [
    `  ${open('testsuite', { name, ...counts(results), time, timestamp })}`,
    ...['    <properties>', ...properties, '    </properties>'],
    ...results.flatMap(testCase),
    '  </testsuite>'
  ]
}

function testCase(result: CaseResult): string[] {
  const { case: one, milliseconds, outcome, reason } = result
  const [version, name] = [one.version, `${one.name}: ${one.title}`]
  const head = {
    name,
    classname: `MQTT ${version}.${one.proves[0]!.split('.')[0]}`,
    time: seconds(milliseconds)
  }
  const statements = one.proves.map(id => open('property', { name: 'statement', value: `MQTT-${id}` }, true))
  return [
    `    ${open('testcase', head)}`,
    `      <properties>${statements.join('')}</properties>`,
    ...body(result, outcome, reason).map(line => `      ${line}`),
    '    </testcase>'
  ]
}

function body(result: CaseResult, outcome: CaseResult['outcome'], reason: string): string[] {
  if (outcome === 'passed') return []
  if (outcome === 'skipped') return [open('skipped', { message: reason }, true)]
  if (outcome === 'known failure') return [open('skipped', { message: `known failure: ${reason}` }, true)]
  if (!result.failure) {
    return [
      open(
        'failure',
        { type: 'UnexpectedPass', message: `it passes, but is a known failure: ${reason}` },
        true
      )
    ]
  }
  const { expected, received, fault } = result.failure
  const tag = fault ? 'error' : 'failure'
  const type = fault ? 'SuiteError' : 'Breach'
  const message = `expected ${expected}, but ${received} (${brokenStatements(result).join(' ')})`
  return [`${open(tag, { type, message })}${escapeText(failureLines(result).join('\n'))}</${tag}>`]
}

function counts(results: readonly CaseResult[]) {
  const tags = results.flatMap(result => body(result, result.outcome, result.reason))
  const count = (tag: string) => tags.filter(line => line.startsWith(`<${tag} `)).length
  return {
    tests: results.length,
    ...{ failures: count('failure'), errors: count('error'), skipped: count('skipped') }
  }
}

function open(tag: string, attributes: Readonly<Record<string, string | number>>, empty = false): string {
  const shown = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeAttribute(`${value}`)}"`)
  return `<${tag}${shown.join('')}${empty ? '/' : ''}>`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
