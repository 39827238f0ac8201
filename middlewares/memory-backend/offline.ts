import type { Ctx, OfflineBackend, OutgoingMessage, Store } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'
import { NumberedQueue } from './numbered-queue.js'

interface State {
  queues: Map<string, NumberedQueue<OutgoingMessage>>
  next: number
}

/**
 * What waits for sessions, in memory, in the order it came. Handles: storeOfflineMessage, lookupOfflineMessages,
 * removeOfflineMessages, clearOfflineMessages, lookupOfflineUsage, removeSession.
 */
export class MemoryOffline extends Middleware implements OfflineBackend {
  override readonly exclusive = ['storeOfflineMessage'] as const
  /** By client. */
  #queues = new Map<string, NumberedQueue<OutgoingMessage>>()
  /** Where a new queue begins: keys of one that is gone never mean something in another one. */
  #next = 1

  override exportState(): State {
    return { queues: this.#queues, next: this.#next }
  }

  override importState({ queues, next }: State): void {
    this.#queues = queues
    this.#next = next
  }

  storeOfflineMessage(
    { clientId, message }: Ctx<'storeOfflineMessage'>,
    store: Store<'storeOfflineMessage'>
  ): void {
    const queue = this.#queues.get(clientId) ?? new NumberedQueue(this.#next)
    if (queue.size === 0) this.#queues.set(clientId, queue)
    store.key = queue.next
    queue.add(message)
  }

  lookupOfflineMessages(
    { clientId, limit, cursor = 0 }: Ctx<'lookupOfflineMessages'>,
    store: Store<'lookupOfflineMessages'>
  ): void {
    const { items } = store
    const next = this.#queues
      .get(clientId)
      ?.read(cursor as number, limit, (key, message) => items.push({ key, message }))
    if (next) store.cursor = next
  }

  removeOfflineMessages({ clientId, keys }: Ctx<'removeOfflineMessages'>): void {
    const queue = this.#queues.get(clientId)
    if (!queue) return
    for (const key of keys) queue.delete(key as number)
    if (queue.size === 0) this.#drop(clientId)
  }

  clearOfflineMessages({ clientId }: Ctx<'clearOfflineMessages'>): void {
    this.#drop(clientId)
  }

  /** Counted when somebody asks, which is seldom: at the start of a connection. */
  lookupOfflineUsage({ clientId }: Ctx<'lookupOfflineUsage'>, store: Store<'lookupOfflineUsage'>): void {
    this.#queues.get(clientId)?.read(0, Number.POSITIVE_INFINITY, (_key, { packet }) => {
      store.count++
      store.bytes += packet.payload.length
    })
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.#drop(clientId)
  }

  #drop(clientId: string): void {
    const queue = this.#queues.get(clientId)
    if (!queue) return
    this.#next = Math.max(this.#next, queue.next)
    this.#queues.delete(clientId)
  }
}
