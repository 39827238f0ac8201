import type { Ctx, PublishPacket, RetainedBackend, Store } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'
import { TopicTree } from '../../lib/topics/index.js'
import { takePage } from './sessions.js'

/**
 * Retained messages in memory; RetainManager removes those that expire. Handles: storeRetainedMessage,
 * lookupRetainedMessages.
 */
export class MemoryRetained extends Middleware implements RetainedBackend {
  override readonly exclusive = ['storeRetainedMessage'] as const
  #messages = new TopicTree<PublishPacket>()

  override exportState(): unknown {
    return this.#messages
  }

  override importState(state: TopicTree<PublishPacket>): void {
    this.#messages = state
  }

  storeRetainedMessage({ packet }: Ctx<'storeRetainedMessage'>, store: Store<'storeRetainedMessage'>): void {
    const { topic } = packet
    const replaced =
      packet.payload.length === 0 ? this.#messages.delete(topic) : this.#messages.set(topic, packet)
    if (replaced) store.replaced = Buffer.byteLength(topic) + replaced.payload.length
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
}
