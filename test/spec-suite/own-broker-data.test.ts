import { join } from 'node:path'
import t from 'tap'
import { suiteCases } from '../../spec-suite/protocol/cases/index.js'
import { runSuite } from '../../spec-suite/protocol/run.js'
import { storedBroker } from '../support/suite-brokers.js'

/** Sessions, messages and their flows, subscriptions: where it matters what is stored, and when it is acknowledged. */
const chapters = /^(3\.(1\.2|2\.2|3|8\.4|10\.4)|4\.[134689])/

/** Those of them that take no time, in one version; `npm run spec` runs all there are on disk, in both. */
const only = suiteCases
  .filter(({ version, seconds, proves }) => version === '5.0' && seconds === 0 && chapters.test(proves[0]!))
  .map(({ id }) => id)

t.test('our broker passes the suite when it stores on disk', async t => {
  const { broker } = storedBroker(join(t.testdir({}), 'data'))
  const faults: Error[] = []
  broker.on('error', (err, client) => {
    if (client === null) faults.push(err)
  })
  t.teardown(() => broker.close())
  const [tcp] = await broker.listen({ port: 0 })
  const report = await runSuite({ target: `mqtt://localhost:${tcp!.port}`, only, versions: ['5.0'] })
  // What needs another broker, without retained messages for instance, has nothing to do with storage.
  const judged = report.results.filter(({ outcome }) => outcome !== 'skipped')
  t.ok(judged.length > 100, `${judged.length} cases`)
  for (const { case: one, outcome, failure } of judged) {
    const said = failure && `, but ${failure.received} ${failure.fault}`
    t.equal(outcome, 'passed', `${one.id}: ${one.title}${said ?? ''}`)
  }
  t.same(faults, [], 'nothing went wrong with the disk')
  t.comment(`${judged.length} cases in ${report.milliseconds} ms`)
})
