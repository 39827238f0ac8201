import t from 'tap'
import { Turns } from '../../../lib/session/turns.js'

t.test('each is the head until it is deleted, in the order they came', t => {
  const turns = new Turns<number>()
  t.equal(turns.head, undefined)
  for (const i of [1, 2, 3]) turns.add(`n${i}`, i)
  t.equal(turns.head, 1)
  turns.delete('n2')
  t.equal(turns.head, 1)
  turns.delete('n1')
  t.equal(turns.head, 3)
  turns.add('n1', 4)
  t.equal(turns.get('n1'), 4)
  turns.delete('n3')
  t.equal(turns.head, 4, 'what comes again is last')
  turns.delete('n1')
  t.equal(turns.head, undefined)
  t.equal(turns.size, 0)
  turns.add('n9', 9)
  t.equal(turns.head, 9, 'and it goes on after it was empty')
  t.end()
})
