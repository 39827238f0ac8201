import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Client } from '../../../lib/index.js'
import { Publish } from '../../../lib/index.js'
import { OutboundLine } from '../../../lib/session/outbound-line.js'
import { Outgoing } from '../../../lib/session/outgoing.js'

const packet = Publish.from({ topic: 't' })

function message(messageId = 0, change: Partial<Outgoing> = {}): Outgoing {
  const made = new Outgoing(packet, 1, false, null, null)
  return Object.assign(made, { messageId }, change)
}

function connection(receiveMaximum = 65_535, topicAliasMaximum = 0): Client {
  return { receiveMaximum, topicAliasMaximum } as Client
}

/** Sends a new message as far as the line is concerned. */
function send(line: OutboundLine): Outgoing {
  const made = message(line.nextId())
  line.add(made)
  return made
}

t.test('identifiers wrap around and skip those in use [5.0 MQTT-2.2.1-4] [3.1.1 MQTT-2.3.1-4]', async t => {
  const line = new OutboundLine()
  line.open(connection(), 65_535, false)
  const ids = [send(line), send(line), send(line)].map(({ messageId }) => messageId)
  t.strictSame(ids, [1, 2, 3])
  line.settle(line.inflight.get(2)!)
  let last = 3
  for (let next = send(line); next.messageId > last; next = send(line)) {
    line.settle(next)
    last = next.messageId
  }
  t.ok(last > 65_500)
  t.strictSame(line.inflight.keys(), [1, 3, 2], '1 and 3 are in use')
})

t.test('with all identifiers in use there is no room', async t => {
  const line = new OutboundLine()
  line.open(connection(), 65_535, false)
  for (let i = 0; i < 65_535; i++) send(line)
  t.equal(line.room, 0)
  t.equal(line.isClear, false)
  t.equal(new Set(line.inflight.keys()).size, 65_535)
  // What only waits for PUBCOMP takes up no quota of a new connection, but it has an identifier.
  for (const one of line.inflight.values()) one.released = true
  line.open(connection(), 10, false)
  line.again.clear()
  t.equal(line.room, 0)
  line.settle(line.inflight.get(777)!)
  t.equal(line.room, 1)
  t.equal(line.nextId(), 777)
})

t.test('the window is what the client takes, at most our maximum [5.0 MQTT-3.3.4-9]', async t => {
  const line = new OutboundLine()
  t.equal(line.room, 0, 'closed')
  line.open(connection(3), 10, false)
  t.equal(line.room, 3)
  line.open(connection(30), 10, false)
  t.equal(line.room, 10)
  line.open(connection(2), 10, false)
  const [first] = [send(line), send(line)]
  t.equal(line.isClear, false)
  line.settle(first!)
  t.equal(line.isClear, true)
  line.close()
  t.equal(line.room <= 0, true)
})

t.test('what was in flight is sent again in its order and counts anew [5.0 MQTT-4.4.0-1]', async t => {
  const line = new OutboundLine()
  line.open(connection(5), 5, false)
  const sent = [send(line), send(line), send(line)]
  line.open(connection(2), 5, false)
  t.equal(line.used, 0)
  t.strictSame([...line.again], sent)
  t.equal(line.isClear, false, 'nothing goes before it')
  const again = line.again.shift()!
  line.recount(again)
  line.recount(again)
  t.equal(line.used, 1, 'once')
  line.settle(again)
  t.equal(line.used, 0)
  line.settle(line.again.shift()!)
  t.equal(line.used, 0)
})

t.test('what is acknowledged before its turn is not sent again [5.0 MQTT-4.4.0-1]', async t => {
  const line = new OutboundLine()
  line.open(connection(5), 5, false)
  const [first, second, third] = [send(line), send(line), send(line)]
  line.open(connection(5), 5, false)
  t.equal(line.nextAgain(), first)
  line.settle(first!)
  line.settle(second!)
  t.equal(line.nextAgain(), third)
  line.settle(third!)
  t.equal(line.nextAgain(), undefined)
  t.equal(line.isClear, true)
  t.equal(line.used, 0)
})

t.test('what waits is before what comes', async t => {
  const line = new OutboundLine()
  line.open(connection(), 10, false)
  t.equal(line.isClear, true)
  line.waiting.push(message())
  line.stored = 4
  t.equal(line.isClear, false)
  t.equal(line.backlog, 5)
  line.waiting.clear()
  line.unread = true
  t.equal(line.isClear, false)
})

t.test('aliases are of a connection', async t => {
  const line = new OutboundLine()
  line.open(connection(10, 5), 10, true)
  t.equal(line.aliases!.assign('a'), 1)
  line.close()
  t.equal(line.aliases, null)
  line.open(connection(10, 5), 10, true)
  t.equal(line.aliases!.known('a'), 0, '[5.0 MQTT-3.3.2-7]')
  line.open(connection(10, 5), 10, false)
  t.equal(line.aliases, null)
  line.open(connection(10, 0), 10, true)
  t.equal(line.aliases, null)
})

t.test('what a backend kept is brought back, and its identifiers are not given out', async t => {
  const line = new OutboundLine()
  t.equal(line.complete, false)
  const stored = { packet, qos: 2 as const, retain: true, identifiers: [1], messageId: 7, released: true }
  line.restore([stored, { ...stored, messageId: 3 }])
  t.equal(line.complete, true)
  t.strictSame([...line.inflight.keys()], [7, 3], 'in the order of their first sending')
  t.equal(line.nextId(), 8)
  line.open(connection(), 10, false)
  t.strictSame(
    [...line.again].map(one => [one.messageId, one.released, one.counted]),
    [
      [7, true, false],
      [3, true, false]
    ]
  )
  const plain = { ...stored, packet: { ...packet, cmd: 'publish' as const, topic: 'plain' } }
  const made = Outgoing.from({
    ...plain,
    packet: Object.assign(Publish.from({ topic: 'x' }), { topic: 'plain' })
  })
  t.equal(made.packet.topic, 'plain')
  t.ok(Outgoing.from({ ...stored, packet: { ...plain.packet, payload: Buffer.from('p') } as never }).packet)
})

t.test('model: identifiers are unique, the window is kept, settled ones are free', async t => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const), n: fc.nat(6) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), n: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), n: fc.nat(50) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('open' as const), n: fc.integer({ min: 1, max: 9 }) })
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), n: fc.nat(9) }) }
  )
  let sent = 0
  const check = fc.property(
    fc.array(step, { minLength: 40, maxLength: 120 }),
    fc.integer({ min: 65_500, max: 65_535 }),
    (steps, last) => {
      const line = new OutboundLine()
      // So that they wrap around soon.
      line.restore([message(last)])
      line.open(connection(5), 1000, false)
      const model = new Map<number, { message: Outgoing; counted: boolean }>()
      const first = line.inflight.get(last)!
      model.set(last, { message: first, counted: false })
      let window = 5
      const used = () => [...model.values()].filter(({ counted }) => counted).length
      for (const { kind, n } of steps) {
        const open = [...model.keys()]
        const at = open[n % Math.max(1, open.length)]
        if (kind === 'send') {
          for (let i = 0; i < n && line.isClear; i++) {
            const one = send(line)
            assert.ok(one.messageId >= 1 && one.messageId <= 65_535)
            assert.equal(model.has(one.messageId), false, 'the identifier is free')
            model.set(one.messageId, { message: one, counted: true })
            sent++
          }
        } else if (kind === 'settle' && at !== undefined) {
          line.settle(model.get(at)!.message)
          model.delete(at)
        } else if (kind === 'release' && at !== undefined) {
          model.get(at)!.message.released = true
        } else if (kind === 'open') {
          line.close()
          line.open(connection(n), 1000, false)
          window = n
          for (const entry of model.values()) entry.counted = false
        } else if (kind === 'again') {
          for (let i = 0; i <= n; i++) {
            const one = line.nextAgain()
            if (!one || (!one.released && line.used >= line.window)) break
            line.again.shift()
            assert.equal(model.get(one.messageId)?.message, one, 'it was not acknowledged')
            if (one.released) continue
            line.recount(one)
            model.get(one.messageId)!.counted = true
          }
        }
        assert.equal(line.used, used())
        assert.ok(line.used <= window, 'the window')
        assert.deepEqual([...line.inflight.keys()], [...model.keys()], 'in the order of sending')
      }
    }
  )
  t.doesNotThrow(() => fc.assert(check, { numRuns: 500 }))
  t.ok(sent > 1000, `${sent} were sent`)
})
