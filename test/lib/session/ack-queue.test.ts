import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type Client, MqttError } from '../../../lib/index.js'
import { AckQueue } from '../../../lib/session/ack-queue.js'

function queue(version: 4 | 5 = 4) {
  const sent: number[] = []
  const packets: object[] = []
  const freed: number[] = []
  const client = {
    version,
    stack: { hasOutgoing: false },
    closedBy: null as unknown,
    acknowledge(first: number, messageId: number) {
      sent.push(messageId)
      packets.push({ first, messageId })
    },
    write(packet: { messageId: number }) {
      sent.push(packet.messageId)
      packets.push(packet)
    },
    close(err: unknown) {
      client.closedBy = err
    }
  }
  const acks = new AckQueue(client as unknown as Client, messageId => freed.push(messageId))
  return { sent, packets, freed, client, acks }
}

t.test('acks go out in the order of what they acknowledge [5.0 MQTT-4.6.0-2]', async t => {
  const { sent, acks } = queue()
  const [a, b, c] = [1, 2, 3].map(id => acks.add(0x40, id, 0))
  t.equal(acks.size, 3)
  b!.committed(null)
  t.strictSame(sent, [], 'the first one is not committed')
  a!.committed(null)
  t.strictSame(sent, [1, 2])
  t.equal(acks.size, 1)
  c!.committed(null)
  t.strictSame(sent, [1, 2, 3])
  t.equal(acks.size, 0)
})

t.test('what is sent is what was added', async t => {
  const { packets, acks } = queue(5)
  acks.add(0x50, 7, 0x10).committed(null)
  acks.add(0x40, 8, 0).committed(null)
  t.strictSame(packets, [
    { cmd: 'pubrec', messageId: 7, reasonCode: 0x10 },
    { first: 0x40, messageId: 8 }
  ])
})

t.test('what could not be stored is refused, in its turn', async t => {
  const { packets, freed, acks, client } = queue(5)
  const [a, b, c] = [acks.add(0x40, 1, 0), acks.add(0x50, 2, 0), acks.add(0x40, 3, 0)]
  t.equal(acks.pubacks, 2)
  b!.committed(new MqttError('QuotaExceeded', 'disk full'))
  t.strictSame(freed, [2], '[5.0 MQTT-4.3.3-9]')
  t.strictSame(packets, [])
  a!.committed(new Error('broken disk'))
  c!.committed(null)
  t.strictSame(packets, [
    { cmd: 'puback', messageId: 1, reasonCode: 0x80 },
    { cmd: 'pubrec', messageId: 2, reasonCode: 0x97 },
    { first: 0x40, messageId: 3 }
  ])
  t.equal(acks.pubacks, 0)
  t.equal(client.closedBy, null)
  acks.add(0x70, 2, 0).committed(new Error('broken disk'))
  t.match(client.closedBy, { reason: 0x80, fatal: true }, 'PUBCOMP cannot say so')
})

t.test(
  'MQTT 3 publishers lose their connection instead, and what comes after is not acknowledged',
  async t => {
    const { sent, acks, client } = queue(4)
    const [a, b] = [acks.add(0x40, 1, 0), acks.add(0x40, 2, 0)]
    a!.committed(new MqttError('QuotaExceeded', 'disk full'))
    b!.committed(null)
    t.strictSame(sent, [])
    t.match(client.closedBy, { reason: 0x97, fatal: true })
  }
)

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
      added[i]!.committed(null)
      let next = 0
      while (done.has(next)) next++
      assert.deepEqual(sent, [...Array(next).keys()])
      assert.equal(acks.size, order.length - next)
    }
    // Used again after it was empty.
    const later = acks.add(0x40, early, 0)
    later.committed(null)
    assert.equal(sent.at(-1), early)
  })
  t.doesNotThrow(() => fc.assert(check, { numRuns: 300 }))
})

t.test('a long row that never empties keeps no more than what waits', async t => {
  const { sent, acks } = queue()
  const waiting = [acks.add(0x40, 0, 0)]
  for (let i = 1; i < 10_000; i++) {
    waiting.push(acks.add(0x40, i, 0))
    waiting.shift()!.committed(null)
    assert.equal(acks.size, 1)
  }
  t.equal(sent.length, 9999)
  t.strictSame(
    sent.filter((id, i) => id !== i),
    []
  )
})

t.test('an ack that could not be sent is not sent again', async t => {
  const { sent, acks, client } = queue()
  const { acknowledge } = client
  client.acknowledge = (first, messageId) => {
    acknowledge(first, messageId)
    if (messageId === 1) throw new Error('gone')
  }
  const [a, b] = [acks.add(0x40, 1, 0), acks.add(0x40, 2, 0)]
  t.throws(() => a!.committed(null), /gone/)
  b!.committed(null)
  t.strictSame(sent, [1, 2])
})
