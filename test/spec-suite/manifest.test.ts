import t from 'tap'
import { suiteCases } from '../../spec-suite/protocol/cases/index.js'
import { keyOf, statementOf, statements } from '../../spec-suite/protocol/statements/index.js'
import { sources } from '../support/sources.js'

t.test('every statement that can be seen from outside has a case of its version', t => {
  const proved = new Set(suiteCases.flatMap(one => one.proves.map(id => keyOf(one.version, id))))
  const missing = statements
    .filter(({ version, id, blackbox }) => blackbox !== 'no' && !proved.has(keyOf(version, id)))
    .map(({ version, id, text }) => `${keyOf(version, id)}: ${text}`)
  t.same(missing, [])
  t.end()
})

t.test('a case names statements that there are, of its version, and that can be proved', t => {
  for (const { id, version, proves } of suiteCases) {
    const unknown = proves.filter(number => (statementOf(version, number)?.blackbox ?? 'no') === 'no')
    t.same(unknown, [], id)
    t.equal(new Set(proves).size, proves.length, `${id} names none twice`)
  }
  t.end()
})

t.test('a statement that no case can prove has a reason, and only such a one', t => {
  for (const { version, id, blackbox, reason } of statements) {
    t.equal(reason !== '', blackbox === 'no', keyOf(version, id))
  }
  t.end()
})

t.test('cases have names of their own, titles that are sentences, and waits that are short', t => {
  const ids = suiteCases.map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
  for (const { id, name, title, seconds } of suiteCases) {
    t.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/, id)
    t.match(title, /^(?!(A|An|The) ).*[^.]$/, `${id}: no capital, no full stop`)
    t.ok(seconds <= 12, `${id} takes ${seconds} s`)
  }
  t.end()
})

t.test('every exported case is part of the suite', t => {
  const files = sources('spec-suite').filter(({ path }) => /protocol\/cases\/.+\/\d/.test(path))
  const declared = files.flatMap(({ text }) =>
    [...text.matchAll(/^ {2}name: '([^']+)'/gm)].map(([, name]) => name!)
  )
  const names = new Set(suiteCases.map(({ name }) => name))
  t.same(
    declared.filter(name => !names.has(name)),
    []
  )
  t.end()
})
