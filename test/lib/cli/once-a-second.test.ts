import t from 'tap'
import { OnceASecond } from '../../../lib/cli/once-a-second.js'
import { FakeClock } from '../../support/fake-clock.js'

function setUp() {
  const clock = new FakeClock()
  const told: string[] = []
  const seldom = new OnceASecond<string>(clock, (what, count) => told.push(`${what} ${count}`))
  const note = (kind: string, what = kind) => seldom.note(kind, what)
  return { clock, seldom, told, note }
}

t.test('tells of the first at once', async t => {
  const { told, note } = setUp()
  note('a')
  note('b')
  t.same(told, ['a 1', 'b 1'])
})

t.test('tells of those that follow within a second together, in the words of the newest', async t => {
  const { clock, told, note } = setUp()
  for (let i = 0; i < 1000; i++) note('a', `a${i}`)
  t.same(told, ['a0 1'])
  clock.advance(999)
  t.same(told, ['a0 1'])
  clock.advance(1)
  t.same(told, ['a0 1', 'a999 999'])
})

t.test('tells at most once a second for as long as it goes on', async t => {
  const { clock, told, note } = setUp()
  for (let i = 0; i < 50; i++) {
    note('a')
    clock.advance(100)
  }
  t.same(told, ['a 1', 'a 9', 'a 10', 'a 10', 'a 10', 'a 10'])
})

t.test('after a second without any, the next is told at once', async t => {
  const { clock, told, note } = setUp()
  note('a')
  clock.advance(1000)
  t.equal(clock.pending, 0)
  note('a')
  t.same(told, ['a 1', 'a 1'])
})

t.test('what is held back at the end is told', async t => {
  const { clock, seldom, told, note } = setUp()
  note('a')
  note('a')
  note('b')
  seldom.flush()
  t.same(told, ['a 1', 'b 1', 'a 1'])
  clock.advance(5000)
  t.equal(told.length, 3)
  t.equal(clock.pending, 0)
})
