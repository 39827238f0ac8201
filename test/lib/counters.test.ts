import t from 'tap'
import { newCounters } from '../../lib/counters.js'

t.test('each stack counts for itself, from zero', async t => {
  const one = newCounters()
  const names = [
    'connections',
    'messagesReceived',
    'messagesSent',
    'messagesDropped',
    'bytesReceived',
    'bytesSent'
  ]
  t.strictSame(Object.keys(one), names)
  t.strictSame(Object.values(one), [0, 0, 0, 0, 0, 0])
  one.bytesSent++
  t.equal(newCounters().bytesSent, 0)
})
