import t from 'tap'
import { Flusher } from '../../lib/flusher.js'
import type { Writer } from '../../lib/writer.js'
import { FakeClock } from '../support/fake-clock.js'

function made() {
  const clock = new FakeClock()
  const deferred: Array<() => void> = []
  clock.defer = callback => deferred.push(callback)
  const flusher = new Flusher(clock)
  const flushed: string[] = []
  const writer = (name: string, then = () => {}) =>
    ({
      flush() {
        flushed.push(name)
        then()
      }
    }) as unknown as Writer
  return { flusher, deferred, flushed, writer }
}

t.test('all writers of a turn are flushed with one deferred call', async t => {
  const { flusher, deferred, flushed, writer } = made()
  for (const name of ['a', 'b', 'c']) flusher.add(writer(name))
  t.equal(deferred.length, 1)
  deferred[0]!()
  t.strictSame(flushed, ['a', 'b', 'c'])
  deferred[0]!()
  t.strictSame(flushed, ['a', 'b', 'c'], 'once')
})

t.test('what is added while flushing has its turn next time', async t => {
  const { flusher, deferred, flushed, writer } = made()
  flusher.add(writer('a', () => flusher.add(writer('b'))))
  deferred[0]!()
  t.strictSame(flushed, ['a'])
  t.equal(deferred.length, 2)
  deferred[1]!()
  t.strictSame(flushed, ['a', 'b'])
})

t.test('when one throws the others are not forgotten', async t => {
  const { flusher, deferred, flushed, writer } = made()
  const bug = new Error('bug')
  flusher.add(writer('a'))
  flusher.add(
    writer('b', () => {
      throw bug
    })
  )
  flusher.add(writer('c'))
  flusher.add(writer('d'))
  t.throws(() => deferred[0]!(), bug)
  t.equal(deferred.length, 2)
  deferred[1]!()
  t.strictSame(flushed, ['a', 'b', 'c', 'd'])
  flusher.add(writer('e'))
  t.equal(deferred.length, 3)
})
