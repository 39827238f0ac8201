import t from 'tap'
import { sources } from '../support/sources.js'
import { statementIds } from '../support/statement-ids.js'

const files = sources('lib', 'middlewares', 'spec-suite', 'test', 'examples', 'bench')

t.test('the lists are complete: 251 statements of MQTT 5.0 and 141 of MQTT 3.1.1', t => {
  t.equal(statementIds['5.0'].size, 251)
  t.equal(statementIds['3.1.1'].size, 141)
  t.end()
})

t.test('a statement that is cited exists, and its version is named', t => {
  let cited = 0
  for (const { path, text } of files) {
    if (path === 'test/house/statements.test.ts') continue
    for (const [whole, version, number] of text.matchAll(/(?:(\d[\d.]*) )?\bMQTT-(\d+(?:\.\d+)*-\d+)\b/g)) {
      cited++
      const known = statementIds[version as '5.0' | '3.1.1']
      if (!known) t.fail(`${path}: '${whole}' needs its version, 5.0 or 3.1.1`)
      else if (!known.has(number!)) t.fail(`${path}: there is no statement ${whole}`)
    }
  }
  t.ok(cited > 100, `${cited} citations were looked at`)
  t.end()
})
