import type { Message } from './ledger.js'
import type { Random } from './random.js'
import { type ClientOptions, SessionClient, type World } from './session-client.js'

export interface PublisherOptions extends ClientOptions {
  readonly topics: readonly string[]
  readonly retain?: boolean
}

/** Publishes bursts, and loses its connection now and then. */
export class Publisher {
  readonly client: SessionClient
  /** Newest last, by topic. */
  readonly byTopic = new Map<string, Message[]>()
  readonly #random: Random
  readonly #options: PublisherOptions
  /** What payloads are cut from; no disk makes it any shorter. */
  readonly #text: string
  #place = 0

  constructor(world: World, id: string, options: PublisherOptions, random: Random) {
    this.client = new SessionClient(world, id, options)
    this.#options = options
    this.#random = random
    this.#text = Array.from({ length: 8000 }, () => random.int(36 ** 4, 36 ** 5 - 1).toString(36)).join('')
  }

  act(port: number): void {
    const { client } = this
    const random = this.#random
    if (client.idle) {
      if (random.chance(0.3)) client.open(port)
      return
    }
    if (!client.connected) return
    if (random.chance(0.01)) {
      client.close(random.chance(0.5))
      return
    }
    if (random.chance(0.25)) this.burst()
  }

  /** Some messages at once, if it may have them under way. */
  burst(): void {
    const { client } = this
    if (!client.connected) return
    for (let count = this.#random.int(1, 12); count > 0 && client.sending.size < 60; count--) this.publish()
  }

  publish(): Message {
    const random = this.#random
    // Retained: without a payload it removes what the topic has.
    const isEmpty = this.#options.retain === true && random.chance(0.2)
    const size = random.chance(0.05) ? random.int(1000, 20_000) : random.int(0, 60)
    return this.publishOn(random.pick(this.#options.topics), random.int(1, 2) as 1 | 2, isEmpty ? -1 : size)
  }

  /** With a payload of its key and so many bytes, or with none. */
  publishOn(topic: string, qos: 1 | 2, size = 0): Message {
    const { retain = false } = this.#options
    const { id, world } = this.client
    const place = this.#place++
    const key = `${id}.${place}`
    const payload = size < 0 ? '' : `${key} ${this.#noise(size)}`
    const message: Message = {
      ...{ key, publisher: id, topic, qos, retain, place, payload },
      ...{ firstSent: 0, lastSent: 0, attempts: 0, acked: Number.POSITIVE_INFINITY }
    }
    world.ledger.publish(message)
    const known = this.byTopic.get(topic)
    if (known) known.push(message)
    else this.byTopic.set(topic, [message])
    this.client.publish(message)
    return message
  }

  #noise(size: number): string {
    const from = this.#random.int(0, this.#text.length - size)
    return this.#text.slice(from, from + size)
  }
}
