import type mqtt from 'mqtt-packet'
import t, { type Test } from 'tap'
import type { AnyMiddleware, Hooks } from '../../lib/index.js'
import { type Broker, type BrokerOptions, createBroker } from '../../lib/index.js'
import { FakeClock, turn } from './fake-clock.js'
import { StrictPeer } from './strict-peer.js'

export type Version = 3 | 4 | 5
export const versions = [3, 4, 5] as const
export const since311 = [4, 5] as const

/** A broker on a clock that stands still, and whoever connects to it. */
export class World {
  readonly clock = new FakeClock()
  readonly broker: Broker
  /** What the broker reported. */
  readonly errors: Error[] = []
  readonly peers: StrictPeer[] = []

  constructor(options: BrokerOptions, hooks: ReadonlyArray<AnyMiddleware | Hooks>) {
    this.broker = createBroker({ clock: this.clock, random: () => 0.5, ...options })
    // Plain objects are copied: a middleware belongs to one stack.
    const own = hooks.map(one => (Object.getPrototypeOf(one) === Object.prototype ? { ...one } : one))
    if (own.length > 0) this.broker.use(...own)
    this.broker.on('error', err => this.errors.push(err))
  }

  /** A connection that has not said a word. */
  readonly peer = (version: Version = 5): StrictPeer => {
    const peer = new StrictPeer(this.broker.stack, version)
    this.peers.push(peer)
    return peer
  }

  /** A client that is connected. */
  readonly client = async (
    version: Version,
    clientId: string,
    options: Partial<mqtt.IConnectPacket> = {}
  ): Promise<StrictPeer> => {
    const peer = this.peer(version)
    const { returnCode, reasonCode } = await peer.connect({ clientId, ...options })
    if (returnCode || reasonCode) throw new Error(`refused: ${returnCode ?? reasonCode}`)
    return peer
  }

  /** Lets time pass and everything that follows from it happen. */
  readonly pass = async (seconds: number): Promise<void> => {
    for (let left = seconds * 1000; left > 0; left -= 1000) {
      this.clock.advance(Math.min(left, 1000))
      await turn()
    }
  }
}

export interface ScenarioOptions extends BrokerOptions {
  hooks?: Hooks | AnyMiddleware | ReadonlyArray<Hooks | AnyMiddleware>
}

type Run = (world: World, t: Tap) => Promise<void> | void
export type Tap = Test

/**
 * A test with a broker of its own. Whatever it is about, afterwards every byte the broker sent has to have been
 * legal, and nothing may be left: no connection, no client, no timer.
 */
export function scenario(title: string, options: ScenarioOptions | Run, run?: Run): void {
  const { hooks, ...brokerOptions } = typeof options === 'function' ? ({} as ScenarioOptions) : options
  const act = typeof options === 'function' ? options : run!
  t.test(title, async t => {
    const world = new World(brokerOptions, hooks ? [hooks].flat() : [])
    await world.broker.start()
    try {
      await act(world, t)
    } finally {
      await leaveNothing(world, t)
    }
  })
}

async function leaveNothing({ broker, clock, peers }: World, t: Tap): Promise<void> {
  await turn()
  for (const peer of peers) peer.cut()
  await turn()
  const { stack } = broker
  t.same([stack.connections.size, stack.clients.size], [0, 0], 'no connection is left')
  await broker.close()
  t.equal(clock.pending, 0, 'no timer is left')
  const violations = peers.flatMap(peer => peer.violations)
  t.same(violations, [], 'every byte the broker sent was legal')
}

/** The same scenario for several versions of the protocol. */
export function scenarios<V extends Version>(
  of: readonly V[],
  title: string,
  options: ScenarioOptions | ((world: World, t: Tap, version: V) => Promise<void>),
  run?: (world: World, t: Tap, version: V) => Promise<void>
): void {
  const act = typeof options === 'function' ? options : run!
  const given = typeof options === 'function' ? {} : options
  for (const version of of) {
    const name = { 3: '3.1', 4: '3.1.1', 5: '5.0' }[version]
    scenario(`${name}: ${title}`, given, (world, t) => act(world, t, version))
  }
}
