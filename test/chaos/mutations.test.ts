import fc from 'fast-check'
import t from 'tap'
import {
  field,
  packet,
  raw,
  rawConnect,
  rawPublish,
  rawSubscribe,
  rawUnsubscribe,
  u16
} from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { type Version, World } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

/** What a decent client says, packet by packet, and what a broken one makes of it. */
function decent(version: Version): Buffer[] {
  return [
    rawConnect(version, { payload: field('mutant') }),
    rawSubscribe(version, [
      ['healthy/#', 2],
      ['m/+', 1]
    ]),
    rawPublish(version, 'm/a', { qos: 1, id: 1 }),
    rawPublish(version, 'm/b', { qos: 2, id: 2, retain: true }),
    packet(0x62, u16(2)),
    packet(0x40, u16(1)),
    packet(0x50, u16(2)),
    packet(0x70, u16(2)),
    rawUnsubscribe(version, ['m/+']),
    packet(0xc0),
    packet(0xe0)
  ]
}

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(400), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400), bit: fc.nat(20) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(400), bit: fc.nat(255) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(10), bit: fc.nat(3) }),
  fc.record({ kind: fc.constant('swap' as const), at: fc.nat(10), bit: fc.nat(10) })
)
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never

function mutate(packets: readonly Buffer[], mutations: readonly Mutation[]): Buffer {
  const list = [...packets]
  for (const { kind, at, bit } of mutations) {
    if (kind === 'repeat') list.splice(at, 0, ...Array<Buffer>(bit).fill(list[at % list.length]!))
    if (kind === 'swap') list.push(...list.splice(at % list.length, 1 + (bit % 3)))
  }
  let bytes = Buffer.concat(list)
  for (const { kind, at, bit } of mutations) {
    const place = at % Math.max(1, bytes.length)
    if (kind === 'flip') bytes[place]! ^= 1 << bit
    if (kind === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + bit)])
    if (kind === 'insert')
      bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([bit]), bytes.subarray(place)])
  }
  return bytes
}

/** Numbered messages of QoS 1 and 2 from one healthy client to the other, all acknowledged. */
class Healthy {
  readonly seen: number[] = []
  readonly #from: StrictPeer
  readonly #to: StrictPeer
  #next = 1
  sent = 0

  constructor(from: StrictPeer, to: StrictPeer) {
    this.#from = from
    this.#to = to
  }

  send(): void {
    const qos = 1 + (this.sent % 2)
    this.#from.raw(rawPublish(5, 'healthy/t', { qos, id: this.#next, payload: `${this.sent++}` }))
    this.#next = (this.#next % 60_000) + 1
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      await turn()
      for (const { cmd, messageId } of this.#from.packets.splice(0) as Array<{
        cmd: string
        messageId: number
      }>) {
        if (cmd === 'pubrec') this.#from.raw(packet(0x62, u16(messageId)))
      }
      for (const one of this.#to.packets.splice(0)) {
        if (one.cmd === 'pubrel') this.#to.raw(packet(0x70, u16(one.messageId!)))
        if (one.cmd !== 'publish') continue
        this.seen.push(Number(one.payload.toString()))
        this.#to.raw(packet(one.qos === 1 ? 0x40 : 0x50, u16(one.messageId!)))
      }
    }
  }
}

t.test('whatever a broken client sends, two healthy ones lose nothing', async t => {
  const world = new World({}, [])
  await world.broker.start()
  const { broker, clock } = world
  const [from, to] = [await world.client(5, 'from'), await world.client(5, 'to')]
  await to.subscribe('healthy/t', { qos: 2 })
  const healthy = new Healthy(from, to)
  const timers = clock.pending
  let answered = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Version>(3, 4, 5),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
      fc.nat(60),
      async (version, mutations, chunk) => {
        const bytes = mutate(decent(version), mutations)
        const mutant = world.peer(version)
        const size = chunk < 30 ? bytes.length : chunk
        healthy.send()
        for (let at = 0; at < bytes.length; at += size) mutant.stream.write(bytes.subarray(at, at + size))
        healthy.send()
        await turn()
        healthy.send()
        await healthy.settle()
        if (mutant.bytes.length > 0) answered++
        mutant.cut()
        await healthy.settle()
        world.peers.length = 0
        if (broker.stack.connections.size !== 2) throw new Error('a connection is left')
        if (clock.pending !== timers) throw new Error('a timer is left')
        if (broker.clients.size !== 2) throw new Error('a client is left')
      }
    ),
    { numRuns: 500, seed: 20_261_120 }
  )
  t.ok(answered > 300, 'most of them came as far as an answer')
  t.same([...new Set(healthy.seen)].length, healthy.sent, 'each number came')
  t.equal(healthy.seen.length, healthy.sent, 'and came once')
  t.same([...from.violations, ...to.violations], [])
  t.notOk(
    [...broker.clients.values()].some(client => client.isHeld),
    'nobody is held'
  )
  from.cut()
  to.cut()
  await turn()
  await broker.close()
  t.equal(clock.pending, 0)
})

t.test('random bytes behind a CONNECT or alone do no harm', async t => {
  const world = new World({}, [])
  await world.broker.start()
  const { broker } = world
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Version>(3, 4, 5),
      fc.boolean(),
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      async (version, connected, junk) => {
        const { raw: stream } = { raw: world.peer(version) }
        if (connected) stream.stream.write(rawConnect(version))
        stream.stream.write(raw([...junk]))
        await turn()
        stream.cut()
        await turn()
        world.peers.length = 0
        if (broker.stack.connections.size + broker.clients.size > 0) throw new Error('something is left')
      }
    ),
    { numRuns: 1500, seed: 7 }
  )
  t.same(broker.stack.connections.size, 0)
  await broker.close()
})
