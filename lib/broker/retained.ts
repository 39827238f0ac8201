import type { Page } from '../backend.js'
import { StackError } from '../errors.js'
import type { MessageProperties, PublishPacket, QoS } from '../packets.js'
import type { Stack } from '../stack.js'
import { isTopicName, parseFilter } from '../topics/index.js'
import { messageOf } from './message.js'

export interface RetainOptions {
  /** Default: 0. */
  qos?: QoS
  /** Seconds after which it is gone. Default: it stays. */
  ttl?: number
  properties?: MessageProperties
}

/** The retained messages of a broker, for the program it runs in. */
export class Retained {
  readonly #stack: Stack
  readonly #started: () => Promise<unknown>

  /** `started`: resolves when the stack runs. */
  constructor(stack: Stack, started: () => Promise<unknown> = async () => {}) {
    this.#stack = stack
    this.#started = started
  }

  /**
   * Publishes a retained message: subscribers get it now, later ones when they come. An empty payload removes.
   * @throws StackError for what cannot be published
   */
  async set(topic: string, payload: string | Uint8Array, options: RetainOptions = {}): Promise<void> {
    const { qos, ttl, properties } = options
    const own = ttl === undefined ? properties : { ...properties, messageExpiryInterval: ttl }
    const message = messageOf(topic, payload, {
      retain: true,
      ...(qos !== undefined && { qos }),
      ...(own && { properties: own })
    })
    await this.#started()
    await this.#stack.publish(message)
  }

  /** @throws StackError for a topic with wildcards: see match() */
  async get(topic: string): Promise<PublishPacket | undefined> {
    if (!isTopicName(topic)) {
      throw new StackError('STACK_INVALID_OPTIONS', `'${topic}' is no topic name: match() takes filters`)
    }
    for await (const packet of this.match(topic)) return packet
    return undefined
  }

  /** Removes it; subscribers get the empty message that MQTT does this with. */
  async delete(topic: string): Promise<void> {
    await this.set(topic, '')
  }

  /**
   * All whose topic matches the filter, page by page: `for await (const packet of retained.match('a/#'))`.
   * @throws StackError for a filter that is none
   */
  async *match(filter: string): AsyncGenerator<PublishPacket, void> {
    if (parseFilter(filter)?.share !== null) {
      throw new StackError(
        'STACK_INVALID_OPTIONS',
        `'${filter}' is no topic filter: # ends it, + is a whole level`
      )
    }
    await this.#started()
    let cursor: unknown
    do {
      const page: Page<PublishPacket> = { items: [] }
      await this.#stack.execute('lookupRetainedMessages', { filter, limit: 500, cursor }, page)
      const now = this.#stack.clock.now()
      for (const packet of page.items) {
        const { expiresAt = 0 } = packet
        if (expiresAt === 0 || expiresAt > now) yield packet
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}
