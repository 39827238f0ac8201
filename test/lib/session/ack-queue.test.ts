import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { AckQueue } from '../../../lib/session/ack-queue.js'

function queue() {
  const sent: number[] = []
  return { sent, acks: new AckQueue(({ messageId }) => sent.push(messageId)) }
}

t.test('acks go out in the order of what they acknowledge [5.0 MQTT-4.6.0-2]', async t => {
  const { sent, acks } = queue()
  const [a, b, c] = [1, 2, 3].map(id => acks.add(0x40, id, 0))
  t.equal(acks.size, 3)
  acks.ready(b!)
  t.strictSame(sent, [], 'the first one is not committed')
  acks.ready(a!)
  t.strictSame(sent, [1, 2])
  t.equal(acks.size, 1)
  acks.ready(c!)
  t.strictSame(sent, [1, 2, 3])
  t.equal(acks.size, 0)
})

t.test('what is sent is what was added', async t => {
  const sent: object[] = []
  const acks = new AckQueue(({ first, messageId, reasonCode }) => sent.push({ first, messageId, reasonCode }))
  acks.ready(acks.add(0x50, 7, 0x10))
  t.strictSame(sent, [{ first: 0x50, messageId: 7, reasonCode: 0x10 }])
})

t.test('in whatever order commits arrive', async t => {
  const orders = fc.integer({ min: 1, max: 60 }).chain(size =>
    fc.shuffledSubarray(
      Array.from({ length: size }, (_, i) => i),
      { minLength: size }
    )
  )
  const check = fc.property(orders, fc.nat(30), (order, early) => {
    const { sent, acks } = queue()
    const added = order.map((_, i) => acks.add(0x40, i, 0))
    const done = new Set<number>()
    for (const i of order) {
      done.add(i)
      acks.ready(added[i]!)
      let next = 0
      while (done.has(next)) next++
      assert.deepEqual(sent, [...Array(next).keys()])
      assert.equal(acks.size, order.length - next)
    }
    // Used again after it was empty.
    const later = acks.add(0x40, early, 0)
    acks.ready(later)
    assert.equal(sent.at(-1), early)
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('a long row that never empties keeps no more than what waits', async t => {
  const { sent, acks } = queue()
  const waiting = [acks.add(0x40, 0, 0)]
  for (let i = 1; i < 10_000; i++) {
    waiting.push(acks.add(0x40, i, 0))
    acks.ready(waiting.shift()!)
    assert.equal(acks.size, 1)
  }
  t.equal(sent.length, 9999)
  t.strictSame(
    sent.filter((id, i) => id !== i),
    []
  )
})

t.test('an ack that could not be sent is not sent again', async t => {
  const sent: number[] = []
  const acks = new AckQueue(({ messageId }) => {
    sent.push(messageId)
    if (messageId === 1) throw new Error('gone')
  })
  const [a, b] = [acks.add(0x40, 1, 0), acks.add(0x40, 2, 0)]
  t.throws(() => acks.ready(a!), /gone/)
  acks.ready(b!)
  t.strictSame(sent, [1, 2])
})
