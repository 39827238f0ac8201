import t from 'tap'
import { Parser } from 'tap-parser'
import { reporters } from '../../../spec-suite/index.js'
import { failed, mqtt, nasty, result, smallReport } from '../../support/suite-report.js'
import { elements, parseXml } from '../../support/xml.js'

const report = smallReport()
// What XML cannot hold is replaced.
const shown = nasty.replace('\u0000', '\uFFFD').replace('\u0007', '\uFFFD')

/** A small report with an error of the suite itself, too. */
const faulty = smallReport({
  results: [
    result('5.0:fault', ['3.8.4-8'], 'failed', {
      failure: failed(['3.8.4-8'], { fault: 'TypeError: x\n  at y' })
    })
  ]
})

t.test('tap: a parser finds every case, with what was wrong', async t => {
  const parser = new Parser({ strict: true })
  const points: Parser['results'][] = []
  const asserts: Array<Record<string, unknown>> = []
  const extra: string[] = []
  parser.on('assert', point => asserts.push(point))
  parser.on('extra', text => extra.push(text))
  parser.on('complete', results => points.push(results))
  parser.end(reporters.tap({ report }))
  t.same(extra, [])
  t.match(points[0], { ok: false, count: 6, pass: 3, fail: 3, skip: 1, todo: 1, failures: { length: 2 } })
  t.same(
    asserts.map(({ ok }) => ok),
    [true, true, false, true, false, false]
  )
  t.match(asserts[2], {
    name: `5.0:bad: what bad is about [${mqtt('3.8.4-5')} ${mqtt('3.8.4-6')}]`,
    diag: { expected: `a ${nasty}`, actual: 'it was b', violations: ['a NUL came'] }
  })
  t.match((asserts[2] as { diag: { dialogue: string[] } }).diag.dialogue[1], nasty)
  t.match(asserts[3], { skip: /needs shared subscriptions <script>/ })
  t.match(asserts[4], { todo: 'issue 12' })
  t.match(asserts[5], { diag: { message: 'it passes, but is a known failure: issue 13' } })
})

t.test('tap: a run that was stopped bails out', async t => {
  const text = reporters.tap({ report: smallReport({ interrupted: true, planned: 9 }) })
  t.match(text, /^Bail out! stopped after 6 of 9 cases$/m)
  t.notMatch(text, /^1\.\./m)
})

t.test('junit: a suite for each version, with counts, properties and everything escaped', async t => {
  const root = parseXml(reporters.junit({ report }))
  t.match(root, { name: 'testsuites', attributes: { tests: '6', failures: '2', errors: '0', skipped: '2' } })
  const suites = elements(root, 'testsuite')
  t.same(
    suites.map(({ attributes: { name, tests, timestamp } }) => [name, tests, timestamp]),
    [
      ['MQTT 3.1.1', '1', '2026-01-02T03:04:05'],
      ['MQTT 5.0', '5', '2026-01-02T03:04:05']
    ]
  )
  const properties = elements(suites[0]!.children[0]!, 'property').map(({ attributes }) => attributes)
  t.match(properties[0], { name: 'target', value: 'mqtt://localhost:1' })
  t.match(
    properties.find(({ name }) => name === 'maximumQos'),
    { value: '2' }
  )
  const cases = elements(root, 'testcase')
  t.equal(cases.length, 6)
  const bad = cases.find(({ attributes }) => attributes.name === 'bad: what bad is about')!
  t.match(bad.attributes, { classname: 'MQTT 5.0.3', time: '0.012' })
  const [failure] = elements(bad, 'failure')
  t.match(failure!.attributes.message, `expected a ${shown}, but it was b`)
  t.match(failure!.text, `SUBACK, ${shown}`)
  t.same(
    elements(root, 'skipped').map(({ attributes }) => attributes.message),
    [`needs shared subscriptions ${shown}`, 'known failure: issue 12']
  )
  t.match(elements(root, 'failure')[1]!.attributes, { type: 'UnexpectedPass' })
})

t.test('junit: a fault of the suite is an error, not a failure of the broker', async t => {
  const root = parseXml(reporters.junit({ report: faulty }))
  t.match(root.attributes, { failures: '0', errors: '1' })
  t.match(elements(root, 'error')[0]!.text, 'TypeError: x')
})
