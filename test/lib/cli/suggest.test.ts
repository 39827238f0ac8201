import t from 'tap'
import { didYouMean } from '../../../lib/cli/suggest.js'

t.test('proposes the nearest name, if one is near', async t => {
  const names = ['port', 'host', 'max-qos', 'no-retain']
  t.equal(didYouMean('prot', names), ': did you mean port?')
  t.equal(didYouMean('MAX-QOS', names, '--'), ': did you mean --max-qos?')
  t.equal(didYouMean('maxqos', names, '--'), ': did you mean --max-qos?')
  t.equal(didYouMean('retain', names, '--'), ': did you mean --no-retain?')
  t.equal(didYouMean('hots', names), ': did you mean host?')
  t.equal(didYouMean('quick', names), '')
  t.equal(didYouMean('p', names), '')
  t.equal(didYouMean('', names), '')
  for (const near of [
    ['wss-port', 'ws-port'],
    ['ws-port', 'wss-port']
  ]) {
    t.equal(didYouMean('ws-prt', near), ': did you mean ws-port?')
  }
})
