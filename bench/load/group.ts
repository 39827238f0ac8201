import { Batches } from './batches.js'
import { LoadClient, type Where } from './load-client.js'
import { type Level, subscribe } from './packets.js'

/** Who sends what to whom, and how much of it may be under way. */
export interface GroupPlan {
  /** The topics of each publisher. */
  readonly publishers: ReadonlyArray<readonly string[]>
  /** The filters of each subscriber. */
  readonly subscribers: ReadonlyArray<readonly string[]>
  /** How many subscribers get each message. */
  readonly copies: number
  readonly qos: 0 | 1 | 2
  readonly level: Level
  /** Bytes of a payload. */
  readonly size: number
  /** Messages that may be sent and not have arrived everywhere. */
  readonly window: number
  /** The sessions of the subscribers outlive their connections. */
  readonly kept?: boolean
  /** Messages in one write of a publisher, at most. */
  readonly batch: number
}

/**
 * Publishers and subscribers in a closed loop: no more than `window` messages are under way from end to end, so nothing
 * has to be dropped to look fast.
 */
export class Group {
  sent = 0
  delivered = 0
  readonly latencies: number[] = []
  readonly #plan: GroupPlan
  readonly #where: Where
  readonly #name: string
  readonly #publishers: Array<{ client: LoadClient; batches: Batches }> = []
  readonly #subscribers: LoadClient[] = []
  #turn = 0
  #running = false

  constructor(where: Where, name: string, plan: GroupPlan) {
    this.#where = where
    this.#name = name
    this.#plan = plan
  }

  async open(): Promise<void> {
    const { publishers, subscribers, qos, level, size, batch, kept } = this.#plan
    for (const [i, filters] of subscribers.entries()) {
      const client = await LoadClient.open(this.#where, `bs-${this.#name}-${i}`, level, kept)
      // SUBSCRIBE packets of a size that every broker takes.
      for (let at = 0; at < filters.length; at += 100) {
        await client.request(subscribe(filters.slice(at, at + 100), qos, level))
      }
      client.onProgress = count => this.#arrived(count)
      if (i === 0) client.onLatency = milliseconds => this.latencies.push(milliseconds)
      this.#subscribers.push(client)
    }
    for (const [i, topics] of publishers.entries()) {
      const client = await LoadClient.open(this.#where, `bp-${this.#name}-${i}`, level)
      client.onProgress = () => this.#send()
      this.#publishers.push({ client, batches: new Batches(topics, { qos, level, size }, batch) })
    }
  }

  start(): void {
    this.#running = true
    this.#send()
  }

  /** Sends no more; what is under way arrives. */
  async drain(): Promise<void> {
    this.#running = false
    const { copies } = this.#plan
    for (let i = 0; i < 200 && this.delivered < this.sent * copies; i++) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }

  close(): void {
    for (const { client } of this.#publishers) client.close()
    for (const client of this.#subscribers) client.close()
  }

  #arrived(count: number): void {
    this.delivered += count
    this.#send()
  }

  #send(): void {
    const { copies, window, batch } = this.#plan
    const publishers = this.#publishers
    while (this.#running && this.sent - this.delivered / copies + batch <= window) {
      const { client, batches } = publishers[this.#turn++ % publishers.length]!
      client.socket.write(batches.next())
      this.sent += batch
    }
  }
}
