import t from 'tap'
import type { Client } from '../../../lib/index.js'
import { Session } from '../../../lib/index.js'
import { Congestion } from '../../../lib/session/congestion.js'

function publisher() {
  const one = { isOpen: true, holds: 0, hold: () => void one.holds++, release: () => void one.holds-- }
  return one as typeof one & Client
}

t.test('publishers of a jammed receiver are held, each once, until it ends', async t => {
  const congestion = new Congestion()
  const [slow, fast] = [new Session('slow'), new Session('fast')]
  const [a, b] = [publisher(), publisher()]
  congestion.hold(slow, a)
  t.equal(a.holds, 0, 'no jam')
  congestion.begin(slow, 0)
  for (const one of [a, a, b]) congestion.hold(slow, one)
  congestion.hold(fast, b)
  t.strictSame([a.holds, b.holds], [1, 1])
  congestion.begin(slow, 500)
  congestion.end(slow)
  t.strictSame([a.holds, b.holds], [0, 0])
  congestion.end(slow)
  t.strictSame([a.holds, b.holds], [0, 0], 'once')
})

t.test('a publisher to two jammed receivers is held for both', async t => {
  const congestion = new Congestion()
  const sessions = [new Session('1'), new Session('2')]
  const a = publisher()
  for (const session of sessions) {
    congestion.begin(session, 0)
    congestion.hold(session, a)
  }
  t.equal(a.holds, 2)
  congestion.end(sessions[0]!)
  t.equal(a.holds, 1)
})

t.test('after its time it is stuck: it holds nobody any more, until it drains', async t => {
  const congestion = new Congestion()
  const slow = new Session('slow')
  const [a, b] = [publisher(), publisher()]
  congestion.begin(slow, 1000)
  congestion.hold(slow, a)
  congestion.giveUp(1999, 1000)
  t.strictSame([a.holds, congestion.isStuck(slow)], [1, false])
  congestion.giveUp(2000, 1000)
  t.strictSame([a.holds, congestion.isStuck(slow)], [0, true])
  congestion.begin(slow, 2500)
  congestion.hold(slow, b)
  t.equal(b.holds, 0)
  congestion.giveUp(9000, 1000)
  t.equal(a.holds, 0, 'released once')
  congestion.end(slow)
  t.equal(congestion.isStuck(slow), false)
  congestion.begin(slow, 9000)
  congestion.hold(slow, b)
  t.equal(b.holds, 1, 'a new jam')
})

t.test('a publisher that is gone is neither held nor kept', async t => {
  const congestion = new Congestion()
  const slow = new Session('slow')
  congestion.begin(slow, 0)
  const gone = publisher()
  Object.assign(gone, { isOpen: false })
  congestion.hold(slow, gone)
  t.equal(gone.holds, 0)
  const leaving = publisher()
  congestion.hold(slow, leaving)
  Object.assign(leaving, { isOpen: false })
  congestion.giveUp(10, 1000)
  congestion.end(slow)
  t.equal(leaving.holds, 1, 'it was forgotten and is not released any more')
})

t.test('whoever is released may jam it again', async t => {
  const congestion = new Congestion()
  const slow = new Session('slow')
  const a = publisher()
  const release = a.release.bind(a)
  a.release = () => {
    release()
    congestion.begin(slow, 1)
    congestion.hold(slow, a)
  }
  congestion.begin(slow, 0)
  congestion.hold(slow, a)
  congestion.end(slow)
  t.equal(a.holds, 1)
  congestion.giveUp(500, 1000)
  t.equal(congestion.isStuck(slow), false, 'its time begins anew')
})
