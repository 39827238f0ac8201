import type { Random } from './random.js'
import type { Report } from './report.js'
import { SessionClient, type World } from './session-client.js'
import { SubscribingClient } from './subscribing-client.js'
import { SubscriptionHistory } from './subscription-history.js'

/** A connection with a will, which is made once and not again. */
interface Mortal {
  readonly key: string
  readonly client: SessionClient
  /** When CONNACK was read; Infinity before. */
  connected: number
  end: 'none' | 'cut' | 'goodbye'
  /** When the broker had closed the connection after DISCONNECT; Infinity before. */
  goodbye: number
}

/** Clients that die, and a witness of their wills. */
export class Wills {
  readonly #world: World
  readonly #random: Random
  readonly #witness: SubscribingClient
  readonly #history = new SubscriptionHistory()
  readonly #seen = new Map<string, number>()
  #mortals: Mortal[] = []
  /** Those that have to be published, and those that must not be. */
  readonly #due = new Set<string>()
  readonly #discarded = new Set<string>()
  #born = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
    this.#witness = new SubscribingClient(world, 'witness', { version: 5 })
    this.#witness.onMessage = packet => this.#see(packet.payload.toString())
  }

  /** The witness is there. */
  get settled(): boolean {
    return this.#history.isOn('will/#', this.#world.ledger.step()) === true
  }

  /** Everything that had to be published is. */
  get complete(): boolean {
    return [...this.#due].every(key => this.#seen.has(key))
  }

  act(port: number): void {
    this.calm(port)
    const random = this.#random
    if (!this.settled) return
    if (this.#mortals.length < 4 && random.chance(0.1)) this.#bear(port)
    for (const one of this.#mortals) {
      if (one.end === 'none' && one.client.connected && random.chance(0.03)) this.#end(one)
    }
  }

  /** The witness watches. */
  calm(port: number): void {
    const witness = this.#witness
    if (witness.idle) witness.open(port)
    if (!witness.connected || witness.asking || this.settled) return
    witness.change(this.#history, 'will/#', 2, true)
  }

  /** All that live die now. */
  endAll(): void {
    for (const one of this.#mortals) if (one.end === 'none') this.#end(one)
  }

  /** Those whose end the broker has to have seen: it goes on. */
  bury(): void {
    for (const { key, connected, goodbye, end } of this.#mortals) {
      if (end === 'cut' && connected < Number.POSITIVE_INFINITY) this.#due.add(key)
      if (goodbye < Number.POSITIVE_INFINITY) this.#discarded.add(key)
    }
    this.#mortals = []
  }

  /** The broker is about to be killed: what it has to remember is what was committed by now. */
  killing(): void {
    const { durable } = this.#world.ledger
    for (const { key, connected, end, goodbye } of this.#mortals) {
      if (end !== 'goodbye' && connected < durable) this.#due.add(key)
      if (end === 'goodbye' && goodbye < durable) this.#discarded.add(key)
    }
  }

  async died(): Promise<void> {
    await Promise.all([this.#witness, ...this.#mortals.map(({ client }) => client)].map(one => one.died()))
    this.#mortals = []
  }

  /** Call when all that was due has had its time. */
  judge(): void {
    const { report } = this.#world
    for (const key of this.#due) if (!this.#seen.has(key)) report.wrong('wills', `${key} was never published`)
    for (const key of this.#discarded) {
      if (this.#seen.has(key)) report.wrong('wills', `${key} was published after DISCONNECT`)
    }
    this.#due.clear()
    this.#discarded.clear()
  }

  leave(): Promise<void> {
    return this.#witness.close(true)
  }

  #bear(port: number): void {
    const random = this.#random
    const key = `mortal-${this.#born++}`
    const version = random.pick([4, 5] as const)
    const will = { topic: `will/${key}`, payload: `${key} `, qos: 2 as const, retain: false }
    const willDelayInterval = random.int(0, 1)
    const client = new SessionClient(this.#world, key, {
      ...{ version, clean: random.chance(0.5) },
      will: version === 5 ? { ...will, properties: { willDelayInterval } } : will
    })
    const mortal: Mortal = {
      ...{ key, client, end: 'none', connected: Number.POSITIVE_INFINITY, goodbye: Number.POSITIVE_INFINITY }
    }
    client.onConnected = () => {
      mortal.connected = this.#world.ledger.step()
    }
    this.#mortals.push(mortal)
    this.#world.report.wills++
    client.open(port)
  }

  #end(one: Mortal): void {
    const politely = this.#random.chance(0.4)
    one.end = politely ? 'goodbye' : 'cut'
    const closed = one.client.close(politely)
    if (!politely) return
    closed.then(() => {
      one.goodbye = this.#world.ledger.step()
    })
  }

  #see(payload: string): void {
    const report: Report = this.#world.report
    const key = payload.split(' ', 1)[0]!
    const before = this.#seen.get(key) ?? 0
    this.#seen.set(key, before + 1)
    if (before === 0) report.willsPublished++
    else report.wrong('wills', `${key} was published twice`)
    if (!/^mortal-\d+$/.test(key) || Number(key.slice(7)) >= this.#born) {
      report.wrong('from nowhere', `a will of '${key}'`)
    }
  }
}
