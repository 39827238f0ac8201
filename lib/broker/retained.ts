import type { Page } from '../backend.js'
import { Publish } from '../codec/publish.js'
import type { MessageProperties, PublishPacket, QoS } from '../packets.js'
import type { Stack } from '../stack.js'

export interface RetainOptions {
  qos?: QoS
  /** Seconds after which it is gone. Default: it stays. */
  ttl?: number
  properties?: MessageProperties
}

/** The retained messages of a broker, for the program it runs in. */
export class Retained {
  readonly #stack: Stack

  constructor(stack: Stack) {
    this.#stack = stack
  }

  /** Publishes a retained message: subscribers get it now, later ones when they come. */
  async set(topic: string, payload: string | Uint8Array, options: RetainOptions = {}): Promise<void> {
    const { qos = 0, ttl, properties } = options
    const own = ttl === undefined ? properties : { ...properties, messageExpiryInterval: ttl }
    await this.#stack.publish({
      ...{ topic, qos, retain: true, payload: Buffer.from(payload as string) },
      ...(own && { properties: own })
    })
  }

  async get(topic: string): Promise<PublishPacket | undefined> {
    for await (const packet of this.match(topic)) return packet
    return undefined
  }

  /** Removes it; subscribers get the empty message that MQTT does this with. */
  async delete(topic: string): Promise<void> {
    await this.#stack.publish({ topic, retain: true })
  }

  /** All whose topic matches the filter, page by page: `for await (const packet of retained.match('a/#'))`. */
  async *match(filter: string): AsyncGenerator<PublishPacket, void> {
    let cursor: unknown
    do {
      const page: Page<PublishPacket> = { items: [] }
      await this.#stack.execute('lookupRetainedMessages', { filter, limit: 500, cursor }, page)
      const now = this.#stack.clock.now()
      for (const packet of page.items) {
        const expiresAt = packet instanceof Publish ? packet.expiresAt : 0
        if (expiresAt === 0 || expiresAt > now) yield packet
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}
