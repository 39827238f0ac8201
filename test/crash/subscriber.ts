import type { Receiver } from './ledger.js'
import type { Random } from './random.js'
import type { ClientOptions, World } from './session-client.js'
import { SubscribingClient } from './subscribing-client.js'
import { SubscriptionHistory } from './subscription-history.js'

/** What everybody gets when all else has arrived. */
const markerFilter = 'end/+'

export interface SubscriberOptions extends ClientOptions {
  /** Never unsubscribed; the first ones of its life. */
  readonly always: readonly string[]
  /** Come and go. */
  readonly sometimes: readonly string[]
  readonly qos: 1 | 2
  /** Its shared group. */
  readonly group?: string
}

/** Takes messages: sometimes away, sometimes slow, sometimes late with its acknowledgements. */
export class Subscriber {
  readonly client: SubscribingClient
  readonly history = new SubscriptionHistory()
  readonly options: SubscriberOptions
  readonly #random: Random
  readonly #receiver: Receiver
  /** By publisher, topic and QoS: the newest. */
  readonly #order = new Map<string, number>()
  readonly #markers = new Set<string>()
  /** Apart: what a shared group gets must not come twice, and markers come to each member. */
  readonly #markerHistory = new SubscriptionHistory()
  readonly #owed: string[]
  readonly #unprobed: string[]
  /** It does nothing else until then, in acts. */
  #busy = 0

  constructor(world: World, id: string, options: SubscriberOptions, random: Random) {
    this.options = options
    this.client = new SubscribingClient(world, id, options)
    this.#random = random
    this.#receiver = world.ledger.receiver(options.group ?? id, options.group !== undefined)
    this.#receiver.histories.push(this.history)
    this.#owed = [markerFilter, ...options.always]
    this.#unprobed = [...options.always, ...options.sometimes]
    this.client.onMessage = packet => {
      const { topic } = packet
      if (topic.startsWith('end/')) this.#markers.add(packet.payload.toString().split(' ', 1)[0]!)
      else world.ledger.arrived(this.#receiver, this.history, this.#order, packet)
    }
  }

  /** Has all subscriptions that it always has. */
  get settled(): boolean {
    return this.client.connected && this.#owed.length === 0 && !this.client.asking
  }

  hasMarker(key: string): boolean {
    return this.#markers.has(key)
  }

  act(port: number): void {
    const { client, options } = this
    const random = this.#random
    if (this.#busy > 0 && --this.#busy > 0) return
    if (client.idle) {
      client.open(port)
      return
    }
    if (client.paused) client.resume()
    if (!client.connected) return
    if (client.holding) client.release()
    if (this.#owed.length > 0) {
      this.settle()
      return
    }
    const whim = random.next()
    if (whim < 0.02) {
      this.#busy = random.int(2, 60)
      client.close(random.chance(0.5))
    } else if (whim < 0.04) {
      this.#busy = random.int(2, 30)
      client.pause()
    } else if (whim < 0.07) {
      this.#busy = random.int(2, 30)
      client.holding = true
    } else if (whim < 0.12) {
      this.changeMind()
    } else if (whim > 0.99 && options.always.length > 0 && !client.asking) {
      client.change(this.history, random.pick(options.always), options.qos, true)
    }
  }

  /** Subscribes or unsubscribes, if it can. */
  changeMind(): void {
    const { client, options } = this
    const random = this.#random
    if (!client.connected || client.asking || this.#owed.length > 0 || options.sometimes.length === 0) return
    client.change(this.history, random.pick(options.sometimes), options.qos, random.chance(0.5))
  }

  /** Well-behaved from now on. */
  calm(port: number): void {
    this.#busy = 0
    if (this.client.idle) this.client.open(port)
    this.client.resume()
    if (this.client.connected) this.client.release()
    this.settle()
  }

  /** Asks for what it always has and was not granted yet. */
  settle(): void {
    const [filter] = this.#owed
    if (filter === undefined || !this.client.connected || this.client.asking) return
    const isMarker = filter === markerFilter
    const history = isMarker ? this.#markerHistory : this.history
    if (history.isOn(filter, this.client.world.ledger.step()) === true) this.#owed.shift()
    else this.client.change(history, filter, isMarker ? 2 : this.options.qos, true)
  }

  /** Unsubscribes from the next filter of all: the answer says whether it was there. False when there is none. */
  probe(): boolean {
    if (this.client.asking) return true
    const filter = this.#unprobed.shift()
    if (filter === undefined) return false
    this.client.change(this.history, filter, this.options.qos, false)
    return true
  }
}
