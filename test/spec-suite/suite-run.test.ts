import t from 'tap'
import { suiteCases } from '../../spec-suite/protocol/cases/index.js'
import { streamTarget } from '../../spec-suite/protocol/link/stream.js'
import { isGood } from '../../spec-suite/protocol/result.js'
import { runSuite } from '../../spec-suite/protocol/run.js'
import { selected } from '../../spec-suite/protocol/select.js'
import { inProcess } from '../support/in-process.js'
import { scriptedBroker } from '../support/scripted-broker.js'

const target = async (...about: Parameters<typeof inProcess>) => (await inProcess(...about)).target

t.test('cases are chosen by statement, chapter and name', async t => {
  const names = (...only: string[]) => selected(suiteCases, only).map(({ id }) => id)
  t.same(names('granted-qos'), ['3.1.1:granted-qos', '5.0:granted-qos'])
  t.same(names('5.0:granted-qos'), ['5.0:granted-qos'])
  t.ok(names('5.0 MQTT-3.8.4-8').includes('5.0:granted-qos'))
  t.notOk(names('5.0 MQTT-3.8.4-8').some(id => id.startsWith('3.1.1:')))
  t.ok(names('3.8.4').includes('5.0:granted-qos'), 'a section')
  t.ok(names('3').length > names('3.8').length, 'a chapter has more than a section of it')
  t.notOk(
    names('3.1').some(id => names('3.12').includes(id)),
    '3.1 is not 3.12'
  )
  t.same(
    names(),
    suiteCases.map(({ id }) => id),
    'everything is the default'
  )
  t.throws(() => names('3.8', 'granted-qso'), { message: /'granted-qso': no such case; give a statement/ })
})

t.test('a run tells its progress, and what became of each case in the order of the suite', async t => {
  const told: string[] = []
  const report = await runSuite({
    target: await target(t, 'ours'),
    only: ['granted-qos', 'unknown-packet-type'],
    onResult: (result, { done, all }) => told.push(`${done}/${all} ${result.outcome}`)
  })
  t.same(told, ['1/4 passed', '2/4 passed', '3/4 passed', '4/4 passed'])
  const ids = report.results.map(one => one.case.id)
  t.same(
    ids,
    suiteCases.map(({ id }) => id).filter(id => ids.includes(id))
  )
  t.equal(report.target, 'ours')
  t.same(report.versions, ['3.1.1', '5.0'])
  t.ok(isGood(report))
})

t.test('a case that is known to fail is told apart from one that passes against the list', async t => {
  const only = ['5.0:granted-qos']
  const knownFailures = { 'granted-qos': 'it raises the QoS' }
  const mute = scriptedBroker(type => (type === 1 ? Buffer.from([0x20, 3, 0, 0, 0]) : null))
  const failing = await runSuite({ target: mute, only, knownFailures, limit: 30, versions: ['5.0'] })
  t.match(failing.results, [{ outcome: 'known failure', reason: 'it raises the QoS' }])
  t.match(failing.results[0]!.failure, { expected: 'SUBACK 1', ids: ['3.8.4-8'], fault: '' })
  t.ok(isGood(failing))
  const passing = await runSuite({ target: await target(t, 'ours'), only, knownFailures })
  t.match(passing.results, [{ outcome: 'unexpected pass' }])
  t.notOk(isGood(passing))
})

t.test(
  'a case runs where its needs are met, and is skipped with the reason where they are nowhere',
  async t => {
    const plain = await target(t, 'plain')
    const restricted = await target(t, 'restricted', { maximumQoS: 1 })
    const only = ['5.0:granted-qos']
    t.match((await runSuite({ target: restricted, only })).results, [
      { outcome: 'skipped', reason: 'needs QoS 2', target: 'restricted', dialogue: [] }
    ])
    t.match((await runSuite({ target: restricted, only, also: [{ target: plain }] })).results, [
      { outcome: 'passed', target: 'plain' }
    ])
    const capabilities = { maximumQos: 1 } as const
    t.match(
      (await runSuite({ target: plain, only, capabilities })).results,
      [{ outcome: 'skipped' }],
      'the file wins'
    )
  }
)

t.test('a version that the broker does not speak is left out, and said so', async t => {
  const old = scriptedBroker((type, frame) => {
    const isOld = frame[8] === 4
    if (type === 1) return Buffer.from([0x20, 2, 0, isOld ? 0 : 1])
    return type === 12 ? Buffer.from([0xd0, 0]) : null
  })
  const report = await runSuite({ target: old, only: ['granted-qos'], limit: 30 })
  t.same(report.versions, ['3.1.1'])
  t.match(report.refusedVersions, [{ version: '5.0', reason: /CONNACK, Session Present 0, 0x01/ }])
  t.match(report.results, [{ case: { id: '3.1.1:granted-qos' }, outcome: 'failed' }])
})

t.test('without a broker there is no run', async t => {
  const nobody = streamTarget('nobody', () => {
    throw new Error('connection refused')
  })
  await t.rejects(runSuite({ target: nobody }), {
    message: /^nobody cannot be reached: connection refused/
  })
  await t.rejects(runSuite({ target: 'http://localhost' }), {
    message: /'http:\/\/localhost' is no broker: give mqtt:/
  })
  await t.rejects(runSuite({ target: 'localhost:1883' }), { message: /is no broker/ })
})
