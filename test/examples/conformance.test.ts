import t from 'tap'
import type { SuiteReport } from '../../spec-suite/index.js'
import { runExample } from '../support/example.js'

t.test('conformance: the cases that were chosen run on the broker, and pass', async t => {
  const { report, lines } = await runExample<{ report: SuiteReport }>(t, 'conformance')
  const ids = report.results.map(one => one.case.id)
  t.ok(ids.includes('3.1.1:granted-qos') && ids.includes('5.0:granted-qos'))
  t.ok(ids.length > 2, 'and those of the statement')
  t.same(
    lines.slice(0, -1).map(line => line.split(':').slice(0, 2).join(':')),
    ids.map(id => `passed ${id}`)
  )
  t.equal(lines.at(-1), `${ids.length} passed, 0 failed, 0 skipped`)
})
