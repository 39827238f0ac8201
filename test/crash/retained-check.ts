import type { Message } from './ledger.js'
import type { Publisher } from './publisher.js'
import { SessionClient, type World } from './session-client.js'

/** Comes last: whoever has it has all that is retained. */
const sentinel = 'sentinel'

/** Looks at everything that is retained: each topic has its last acknowledged message, or one that was in doubt. */
export class RetainedCheck {
  readonly #world: World
  readonly #keeper: Publisher
  #looks = 0

  constructor(world: World, keeper: Publisher) {
    this.#world = world
    this.#keeper = keeper
  }

  /** Settles when it has looked, or the broker has died. The keeper must be silent meanwhile. */
  async look(port: number): Promise<void> {
    const client = new SessionClient(this.#world, `look-${this.#looks++}`, { version: 5, clean: true })
    const found = new Map<string, string>()
    const looked = new Promise<boolean>(resolve => {
      client.onMessage = ({ topic, payload, retain }) => {
        if (!retain) this.#world.report.wrong('retained', `${topic} came without its flag`)
        if (found.has(topic)) this.#world.report.wrong('retained', `${topic} came twice`)
        if (topic !== sentinel) found.set(topic, payload.toString())
        else resolve(true)
      }
      client.onConnected = () => {
        // One SUBSCRIBE each: their retained messages are sent in this order.
        client.ask({ cmd: 'subscribe', subscriptions: [{ topic: 'r/#', qos: 1 }] }, () => {
          client.ask({ cmd: 'subscribe', subscriptions: [{ topic: sentinel, qos: 1 }] }, () => {})
        })
      }
      client.open(port)
      client.died().then(() => resolve(false))
    })
    if (await looked) {
      this.#world.report.retainedChecks++
      for (const [topic, all] of this.#keeper.byTopic) this.#judge(topic, all, found)
      for (const topic of found.keys()) {
        if (!this.#keeper.byTopic.has(topic)) this.#world.report.wrong('retained', `${topic} from nowhere`)
      }
    }
    await client.close(true)
  }

  /** Publishes the sentinel. */
  prepare(): void {
    this.#keeper.publishOn(sentinel, 1)
  }

  #judge(topic: string, all: readonly Message[], found: ReadonlyMap<string, string>): void {
    if (topic === sentinel) return
    const last = all.findLastIndex(({ acked }) => acked !== Number.POSITIVE_INFINITY)
    const since = all[last]?.firstSent ?? 0
    // QoS 1 that was sent again may be stored again; behind it QoS 2, known already, is not.
    const again = all.slice(0, Math.max(0, last)).filter(({ qos, lastSent }) => qos === 1 && lastSent > since)
    const allowed = [...all.slice(Math.max(0, last)), ...again].map(({ payload }) => payload)
    if (last < 0) allowed.push('')
    const value = found.get(topic) ?? ''
    if (allowed.includes(value)) return
    const [key, wanted] = [value, allowed[0]!].map(text => text.split(' ', 1)[0] || 'nothing')
    this.#world.report.wrong('retained', `${topic} has ${key}, the last acknowledged is ${wanted}`)
  }
}
