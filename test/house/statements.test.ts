import t from 'tap'
import { statementOf, statements } from '../../spec-suite/protocol/statements/index.js'
import { type Version, versions } from '../../spec-suite/protocol/version.js'
import { sources } from '../support/sources.js'

const files = sources('lib', 'middlewares', 'spec-suite', 'test', 'examples', 'bench')

t.test('the lists are complete: 251 statements of MQTT 5.0 and 141 of MQTT 3.1.1', t => {
  const ids = (version: Version) =>
    new Set(statements.filter(one => one.version === version).map(one => one.id))
  t.same(
    versions.map(version => ids(version).size),
    [141, 251]
  )
  t.equal(statements.length, 141 + 251, 'none is there twice')
  t.end()
})

t.test('a statement that is cited exists, and its version is named', t => {
  let cited = 0
  for (const { path, text } of files) {
    if (path === 'test/house/statements.test.ts') continue
    for (const [whole, version, number] of text.matchAll(/(?:(\d[\d.]*) )?\bMQTT-(\d+(?:\.\d+)*-\d+)\b/g)) {
      cited++
      if (!versions.includes(version as Version))
        t.fail(`${path}: '${whole}' needs its version, 5.0 or 3.1.1`)
      else if (!statementOf(version as Version, number!)) t.fail(`${path}: there is no statement ${whole}`)
    }
  }
  t.ok(cited > 100, `${cited} citations were looked at`)
  t.end()
})
