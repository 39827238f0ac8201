import t from 'tap'
import { BrokerUnusable, isGood, runSuite } from '../../spec-suite/index.js'
import { inProcess } from '../support/in-process.js'

t.test('runs on a stream, and tells how it goes', async t => {
  const { target } = await inProcess(t, 'in process')
  const told: string[] = []
  const report = await runSuite({
    ...{ target, only: ['granted-qos'] },
    onStart: ({ planned, facts }) => told.push(`${planned} ${facts.versions}`),
    onResult: ({ case: one, outcome }, { done, all }) => told.push(`${one.name} ${outcome} ${done}/${all}`)
  })
  t.same(told, ['2 3.1.1,5.0', 'granted-qos passed 1/2', 'granted-qos passed 2/2'])
  t.ok(isGood(report))
  t.match(report, { target: 'in process', interrupted: false, planned: 2, versions: ['3.1.1', '5.0'] })
})

t.test('a signal stops it: cases under way are given up and cleaned up', async t => {
  const { target, broker } = await inProcess(t, 'in process')
  const controller = new AbortController()
  const report = await runSuite({
    ...{ target, only: ['granted-qos', 'expired-in-queue'], signal: controller.signal },
    onResult: () => controller.abort()
  })
  t.equal(report.interrupted, true)
  t.ok(report.results.length >= 1 && report.results.length < report.planned)
  t.notOk(
    report.results.some(one => one.case.name === 'expired-in-queue'),
    'it would have waited'
  )
  while (broker.stats().clients.connected > 0) await new Promise(setImmediate)
  t.equal(broker.stats().sessions, 0)
})

t.test('a signal that was given before lets no case begin', async t => {
  const { target } = await inProcess(t, 'in process')
  const report = await runSuite({ target, only: ['granted-qos'], signal: AbortSignal.abort() })
  t.match(report, { interrupted: true, planned: 2, results: [] })
})

t.test('a version that is named has to be spoken; else it is left out and told', async t => {
  const { target, broker } = await inProcess(t, 'in process')
  broker.use({
    name: 'Old',
    authenticateConnection({ client }, store) {
      store.valid = client.version !== 5
    }
  })
  const report = await runSuite({ target, only: ['granted-qos'] })
  t.same(
    report.results.map(one => one.case.id),
    ['3.1.1:granted-qos']
  )
  t.match(report.refusedVersions, [{ version: '5.0', reason: /CONNACK/ }])
  for (const versions of [['5.0'], ['3.1.1', '5.0']] as const) {
    await t.rejects(runSuite({ target, versions, only: ['granted-qos'] }), {
      ...{ name: 'BrokerUnusable', code: 'REFUSED', target: 'in process' },
      message: /^in process does not let a client in with MQTT 5\.0: it answered CONNACK/
    })
  }
})

t.test('a target that never answers is given up in time', async t => {
  const target = { name: 'deaf', webSocket: null, open: () => new Promise<never>(() => {}) }
  // The timer of the limit holds no process.
  const alive = setInterval(() => {}, 1000)
  t.teardown(() => clearInterval(alive))
  const err = await runSuite({ target, limit: 20 }).catch(err => err)
  t.type(err, BrokerUnusable)
  t.equal(err.message, 'deaf cannot be reached: no answer within 0.02 s')
})
