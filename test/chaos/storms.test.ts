import t from 'tap'
import type { Client, Hooks } from '../../lib/index.js'
import { rawConnect, rawPublish, rawSubscribe, rawUnsubscribe } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { leftovers } from '../support/leftovers.js'
import { type Tap, type Version, versions, World } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return state / 0x8000_0000
  }
}

/** Steps that wait until somebody lets them go on, in any order. */
class Gate {
  readonly #waiting: Array<() => void> = []
  readonly #random: () => number
  open = false

  constructor(seed: number) {
    this.#random = numbers(seed)
  }

  readonly wait = (): Promise<void> | undefined => {
    if (this.open) return
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Lets one of them go on. */
  one(): boolean {
    const at = Math.floor(this.#random() * this.#waiting.length)
    this.#waiting.splice(at, 1)[0]?.()
    return this.#waiting.length > 0
  }

  async all(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.waiting > 0) {
        this.one()
        await turn()
        quiet = 0
      }
      await turn()
    }
  }
}

const faults: unknown[] = []
process.on('unhandledRejection', reason => faults.push(reason))

async function allGone(world: World, t: Tap, ids: readonly string[]): Promise<void> {
  for (const peer of world.peers) peer.cut()
  await turn()
  t.same(await leftovers(world.broker.stack, ids), {}, 'nothing is kept')
  t.equal(world.broker.stats().subscriptions, 0, 'nothing is routed')
  await world.broker.close()
  t.equal(world.clock.pending, 0, 'no timer is left')
  t.same(
    world.peers.flatMap(peer => peer.violations),
    [],
    'every byte was legal'
  )
  t.same(faults, [], 'no rejection was left alone')
}

const alive = (peers: readonly StrictPeer[]) => peers.filter(peer => !peer.ended)

for (const version of versions) {
  t.test(`${version}: two hundred connections of one client id at once leave one`, async t => {
    const world = new World({}, [])
    await world.broker.start()
    for (let i = 0; i < 200; i++) world.peer(version).raw(rawConnect(version))
    await turn()
    await turn()
    t.equal(alive(world.peers).length, 1)
    t.equal(world.broker.clients.size, 1)
    await alive(world.peers)[0]!.next('connack')
    await alive(world.peers)[0]!.nothing()
    await allGone(world, t, ['raw'])
  })
}

for (const seed of [1, 2, 3]) {
  t.test(
    `connections of one client id whose authentication ends in any order leave one (${seed})`,
    async t => {
      const gate = new Gate(seed)
      const hooks: Hooks = {
        async authenticateConnection(_, store) {
          await gate.wait()
          store.valid = true
        },
        sessionResumed: () => gate.wait()
      }
      const world = new World({}, [hooks])
      await world.broker.start()
      const random = numbers(seed)
      for (let i = 0; i < 200; i++) {
        const version: Version = versions[i % 3]!
        world.peer(version).raw(rawConnect(version, { flags: i % 2 === 0 ? 2 : 0 }))
      }
      await turn()
      t.equal(gate.waiting, 200)
      for (let i = 0; i < 150; i++) {
        gate.one()
        if (random() < 0.3) world.peers[Math.floor(random() * 200)]!.cut()
        if (random() < 0.5) await turn()
        t.ok(world.broker.clients.size <= 1)
      }
      await gate.all()
      const left = alive(world.peers)
      t.equal(left.length, 1)
      t.equal(world.broker.clients.size, 1)
      const last = left[0]!
      if (last.packets.length > 0) await last.next('connack')
      await last.nothing()
      gate.open = true
      const end = world.peer(5)
      end.raw(rawConnect(5))
      await end.next('connack')
      await allGone(world, t, ['raw'])
    }
  )
}

/** Hooks that settle when the gate says so: one at a time, for a client that may be gone by then. */
const late: ReadonlyArray<[name: string, hook: (gate: Gate) => Hooks]> = [
  [
    'authenticateConnection',
    gate => ({
      async authenticateConnection(_, store) {
        await gate.wait()
        store.valid = true
      }
    })
  ],
  ['authorizePacket', gate => ({ authorizePacket: () => gate.wait() })],
  ['authorizePublish', gate => ({ authorizePublish: () => gate.wait() })],
  ['authorizeSubscription', gate => ({ authorizeSubscription: () => gate.wait() })],
  ['subscribeTopic', gate => ({ subscribeTopic: () => gate.wait() })],
  ['unsubscribeTopic', gate => ({ unsubscribeTopic: () => gate.wait() })],
  ['relayMessage', gate => ({ relayMessage: () => gate.wait() })],
  ['forwardMessage', gate => ({ forwardMessage: () => gate.wait() })],
  ['sessionResumed', gate => ({ sessionResumed: () => gate.wait() })],
  ['lookupRetainedMessages', gate => ({ lookupRetainedMessages: () => gate.wait() })],
  ['removeSubscription', gate => ({ removeSubscription: () => gate.wait() })],
  ['commit', gate => ({ commit: () => gate.wait() })],
  ['removeSession', gate => ({ removeSession: () => gate.wait() })],
  ['connect', gate => ({ connect: () => gate.wait() })],
  ['publish', gate => ({ publish: () => gate.wait() })],
  ['disconnect', gate => ({ disconnect: () => gate.wait() })]
]

const five = (flags: number, expiry: number) =>
  rawConnect(5, { flags, properties: [5, 0x11, 0, 0, 0, expiry] })

for (const [name, hook] of late) {
  t.test(`${name} that settles when the client is gone changes nothing`, async t => {
    const gate = new Gate(9)
    const world = new World({}, [hook(gate)])
    gate.open = true
    await world.broker.start()
    gate.open = false
    // Cut after each number of steps of the conversation, with and without a session that goes on.
    for (const expiry of [0, 60]) {
      for (let steps = 1; steps <= 8; steps++) {
        const peer = world.peer(5)
        peer.raw(five(0, expiry))
        peer.raw(
          rawSubscribe(5, [
            ['a/#', 2],
            ['$share/g/a', 1]
          ])
        )
        peer.raw(rawPublish(5, 'a', { qos: 2, id: 1, retain: true }))
        peer.raw(rawPublish(5, 'a', { qos: 1, id: 2 }))
        peer.raw(rawUnsubscribe(5, ['a/#']))
        peer.raw([0xe0, 0])
        await turn()
        for (let i = 0; i < steps; i++) {
          gate.one()
          await turn()
        }
        peer.cut()
        await turn()
        await gate.all()
      }
    }
    t.ok(gate.waiting === 0)
    gate.open = true
    const last = world.peer(5)
    last.raw(five(2, 0))
    await last.next('connack')
    await allGone(world, t, ['raw'])
  })
}

t.test('a client that waits for its id and leaves takes it from nobody', async t => {
  const gate = new Gate(1)
  const world = new World({}, [{ sessionResumed: () => gate.wait() } satisfies Hooks])
  await world.broker.start()
  gate.open = true
  const first = world.peer(5)
  first.raw(five(0, 60))
  await first.next('connack')
  first.cut()
  await turn()
  gate.open = false
  const owner = world.peer(5)
  owner.raw(five(0, 60))
  await turn()
  const waiting = world.peer(5)
  waiting.raw(five(0, 60))
  await turn()
  waiting.cut()
  await turn()
  await gate.all()
  await owner.next('connack')
  await owner.nothing()
  t.same(
    [...world.broker.clients.values()].map((client: Client) => client.isOpen),
    [true]
  )
  gate.open = true
  const end = world.peer(5)
  end.raw(five(2, 0))
  await end.next('connack')
  await allGone(world, t, ['raw'])
})
