import type { Ctx, PublishPacket, RetainedBackend, Store } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'
import { TopicTree } from '../../lib/topics/index.js'
import { takePage } from './sessions.js'

interface State {
  messages: TopicTree<PublishPacket>
  byTopic: Map<string, PublishPacket>
}

/**
 * Retained messages in memory; RetainManager removes those that expire. Handles: storeRetainedMessage,
 * lookupRetainedMessages, lookupRetainedUsage.
 */
export class MemoryRetained extends Middleware implements RetainedBackend {
  override readonly exclusive = ['storeRetainedMessage'] as const
  #messages = new TopicTree<PublishPacket>()
  /** The same by topic: no filter finds all of them, as wildcards leave out what begins with `$`. */
  #byTopic = new Map<string, PublishPacket>()

  override exportState(): State {
    return { messages: this.#messages, byTopic: this.#byTopic }
  }

  override importState({ messages, byTopic }: State): void {
    this.#messages = messages
    this.#byTopic = byTopic
  }

  storeRetainedMessage({ packet }: Ctx<'storeRetainedMessage'>, store: Store<'storeRetainedMessage'>): void {
    const { topic } = packet
    const isEmpty = packet.payload.length === 0
    const replaced = isEmpty ? this.#messages.delete(topic) : this.#messages.set(topic, packet)
    if (isEmpty) this.#byTopic.delete(topic)
    else this.#byTopic.set(topic, packet)
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

  lookupRetainedUsage(
    { limit, cursor }: Ctx<'lookupRetainedUsage'>,
    store: Store<'lookupRetainedUsage'>
  ): void {
    const from = (cursor ?? this.#byTopic.entries()) as Iterator<[string, PublishPacket]>
    const page: { items: Array<[string, PublishPacket]>; cursor?: unknown } = { items: [] }
    takePage(from, limit, page)
    for (const [topic, { payload, expiresAt = 0 }] of page.items) {
      store.items.push({ topic, bytes: payload.length, expiresAt })
    }
    store.cursor = page.cursor
  }
}
