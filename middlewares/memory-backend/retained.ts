import type { Ctx, PublishPacket, RetainedBackend, Store, Timer } from '../../lib/index.js'
import { Middleware, Publish } from '../../lib/index.js'
import { TopicTree } from '../../lib/topics/index.js'
import { takePage } from './sessions.js'

/** How often expired messages are thrown away, in ms. */
const sweepInterval = 1000

/** Retained messages in memory. Handles: storeRetainedMessage, lookupRetainedMessages. */
export class MemoryRetained extends Middleware implements RetainedBackend {
  override readonly exclusive = ['storeRetainedMessage'] as const
  #messages = new TopicTree<PublishPacket>()
  #expiring = new Map<string, number>()
  #sweep: Timer | null = null

  override start(): void {
    this.#sweep = this.stack.clock.every(sweepInterval, () => this.#removeExpired())
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return { messages: this.#messages, expiring: this.#expiring }
  }

  override importState(state: { messages: TopicTree<PublishPacket>; expiring: Map<string, number> }): void {
    this.#messages = state.messages
    this.#expiring = state.expiring
  }

  storeRetainedMessage({ packet }: Ctx<'storeRetainedMessage'>, store: Store<'storeRetainedMessage'>): void {
    const { topic } = packet
    const replaced =
      packet.payload.length === 0 ? this.#messages.delete(topic) : this.#messages.set(topic, packet)
    if (replaced) store.replaced = Buffer.byteLength(topic) + replaced.payload.length
    const expiresAt = packet instanceof Publish ? packet.expiresAt : 0
    if (expiresAt > 0 && packet.payload.length > 0) this.#expiring.set(topic, expiresAt)
    else if (this.#expiring.size > 0) this.#expiring.delete(topic)
  }

  lookupRetainedMessages(
    { filter, limit, cursor }: Ctx<'lookupRetainedMessages'>,
    store: Store<'lookupRetainedMessages'>
  ): void {
    const from = (cursor ?? this.#messages.match(filter)) as Generator<[string, PublishPacket]>
    const page: { items: Array<[string, PublishPacket]>; cursor?: unknown } = { items: [] }
    takePage(from, limit, page)
    for (const [, packet] of page.items) store.items.push(packet)
    store.cursor = page.cursor
  }

  #removeExpired(): void {
    const now = this.stack.clock.now()
    for (const [topic, expiresAt] of this.#expiring) {
      if (expiresAt > now) continue
      this.#expiring.delete(topic)
      this.#messages.delete(topic)
    }
  }
}
