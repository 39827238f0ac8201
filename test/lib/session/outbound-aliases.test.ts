import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { OutboundAliases } from '../../../lib/session/outbound-aliases.js'

t.test('each topic gets an alias until all are taken [5.0 MQTT-3.1.2-26]', async t => {
  const aliases = new OutboundAliases(2)
  t.equal(aliases.known('a'), 0)
  t.equal(aliases.assign('a'), 1)
  t.equal(aliases.assign('b'), 2)
  t.equal(aliases.assign('c'), 0)
  t.strictSame([aliases.known('a'), aliases.known('b'), aliases.known('c')], [1, 2, 0])
})

t.test('an alias that did not go out is free again', async t => {
  const aliases = new OutboundAliases(2)
  aliases.assign('a')
  aliases.forget('a')
  t.equal(aliases.known('a'), 0)
  t.equal(aliases.assign('b'), 1)
})

t.test('a client that takes many does not make us keep them all', async t => {
  const aliases = new OutboundAliases(65_535)
  let most = 0
  for (let i = 0; i < 10_000; i++) most = Math.max(most, aliases.assign(`t${i}`))
  t.equal(most, 4096)
})

t.test('whatever is forgotten, no alias stands for two topics and none is above the maximum', async t => {
  const step = fc.tuple(fc.boolean(), fc.nat(9).map(String))
  const check = fc.property(fc.array(step, { maxLength: 50 }), (steps: Array<[boolean, string]>) => {
    const aliases = new OutboundAliases(5)
    const known = new Map<string, number>()
    for (const [forget, topic] of steps) {
      if (forget) {
        aliases.forget(topic)
        known.delete(topic)
      } else if (aliases.known(topic) === 0) {
        const alias = aliases.assign(topic)
        assert.ok(alias >= 0 && alias <= 5)
        assert.equal([...known.values()].includes(alias), false)
        if (alias > 0) known.set(topic, alias)
      }
      for (const [name, alias] of known) assert.equal(aliases.known(name), alias)
    }
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }))
})
