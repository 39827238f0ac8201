import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { reporters } from '../../../spec-suite/index.js'
import { mqtt, nasty, smallComparison, smallReport } from '../../support/suite-report.js'

const report = smallReport()
const totals = '2 passed, 1 failed, 1 skipped, 1 known failure, 1 unexpected pass'

t.test('pretty: tables, failures in full, skips by what is missing, and totals last', async t => {
  const text = reporters.pretty({ report })
  const lines = text.trimEnd().split('\n')
  t.equal(lines.at(-1), totals)
  t.notMatch(text, '\x1b')
  t.match(text, /^ {2}3 MQTT control packets +2 +1 +1 +– +\d+$/m)
  t.match(text, `✖ 5.0:bad: what bad is about [${mqtt('3.8.4-5')}, ${mqtt('3.8.4-6')}]`)
  t.match(text, `  expected  a ${nasty}\n  came      it was b\n  breach    a NUL came\n`)
  t.match(text, /MQTT-3\.8\.4-5: \w+/, 'with the text of the statement')
  t.match(text, /^ {5,}1 ms {2}client {7}→ SUBSCRIBE, id 1 {3}\[82 09\]$/m)
  t.match(text, /^ {2}▶ .*BREACH: expected a, but b$/m)
  t.match(text, /^ {4}1 {2}needs shared subscriptions/m)
  t.match(text, /Known failures\n {2}5\.0:known: issue 12\n/)
  t.match(text, /Unexpected passes.*\n {2}5\.0:better: issue 13\n/)
  t.notMatch(text, /✖ 5\.0:known/)
})

t.test('pretty: colours where they are wanted, and nothing else changes', async t => {
  const colored = reporters.pretty({ report }, { color: true })
  t.match(colored, '\x1b[31m')
  t.equal(stripVTControlCharacters(colored), stripVTControlCharacters(reporters.pretty({ report })))
})

t.test('pretty: a version that is left out, and a run that was stopped', async t => {
  const refusedVersions = [{ version: '5.0', reason: 'it answered CONNACK, 0x01' }] as const
  const text = reporters.pretty({ report: smallReport({ refusedVersions, interrupted: true, planned: 40 }) })
  t.match(text, 'MQTT 5.0 is left out: the broker does not speak it (it answered CONNACK, 0x01)')
  t.match(text, '6 of 40 cases')
  t.match(text, 'stopped before all cases had run')
})

t.test('pretty: another broker, side by side', async t => {
  const text = reporters.pretty({ report, comparison: smallComparison() })
  t.match(text, '2 differences between two brokers')
  t.match(text, /5\.0:good: .*\[MQTT-3\.8\.4-8\]\n {4}here {3}passed\n {4}there {2}failed: expected a /)
  t.match(
    text,
    /Ran on one of them only\n {2}5\.0:bad: .*\n {4}here {3}failed: .*\n {4}there {2}skipped: needs QoS 2\n/
  )
  t.match(text, '4 cases ended the same way')
})

t.test('json: stable names, and everything that is known', async t => {
  const found = JSON.parse(reporters.json({ report, comparison: smallComparison() }))
  t.match(found, {
    ...{ format: 'stackmq-spec', formatVersion: 1, target: 'mqtt://localhost:1', interrupted: false },
    ...{ startedAt: '2026-01-02T03:04:05.000Z', milliseconds: 1234, planned: 6, versions: ['3.1.1', '5.0'] },
    totals: { passed: 2, failed: 1, skipped: 1, 'known failure': 1, 'unexpected pass': 1 },
    facts: { maximumQos: 2 },
    comparison: { target: 'mqtt://localhost:2', same: 4 }
  })
  t.equal(found.statements.length, 392)
  const statement = found.statements.find(
    (one: { id: string; version: string }) => one.id === mqtt('1.5.4-2')
  )
  t.match(statement, { version: '5.0', state: 'failed', cases: ['5.0:bad'] })
  t.match(found.cases[2], {
    ...{ id: '5.0:bad', proves: [mqtt('3.8.4-5'), mqtt('3.8.4-6')], outcome: 'failed' },
    failure: { expected: `a ${nasty}`, received: 'it was b', violations: [{ text: 'a NUL came' }] },
    dialogue: [{ at: 1, who: 'client', way: 'sent', hex: '82 09' }, { words: `SUBACK, ${nasty}` }, {}]
  })
  t.match(found.comparison.differences, [
    { id: '5.0:good', here: { outcome: 'passed' }, there: { outcome: 'failed' } },
    { id: '5.0:bad', here: { outcome: 'failed' }, there: { outcome: 'skipped', reason: 'needs QoS 2' } }
  ])
  t.notOk('comparison' in JSON.parse(reporters.json({ report })))
})
