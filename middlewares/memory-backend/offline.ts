import type { Ctx, OfflineBackend, OutgoingMessage, Store, StoredMessage } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'

/**
 * What waits for sessions, in memory, in the order it came. Handles: storeOfflineMessage, lookupOfflineMessages,
 * removeOfflineMessages, clearOfflineMessages, removeSession.
 */
export class MemoryOffline extends Middleware implements OfflineBackend {
  override readonly exclusive = ['storeOfflineMessage'] as const
  /** By client, then by a number that grows. */
  #queues = new Map<string, Map<number, OutgoingMessage>>()
  #lastKey = 0

  override exportState(): unknown {
    return { queues: this.#queues, lastKey: this.#lastKey }
  }

  override importState(state: { queues: Map<string, Map<number, OutgoingMessage>>; lastKey: number }): void {
    this.#queues = state.queues
    this.#lastKey = state.lastKey
  }

  storeOfflineMessage({ clientId, message }: Ctx<'storeOfflineMessage'>): void {
    const key = ++this.#lastKey
    const queue = this.#queues.get(clientId)
    if (queue) queue.set(key, message)
    else this.#queues.set(clientId, new Map([[key, message]]))
  }

  lookupOfflineMessages(
    { clientId, limit, cursor }: Ctx<'lookupOfflineMessages'>,
    store: Store<'lookupOfflineMessages'>
  ): void {
    const from = (cursor ?? this.#queues.get(clientId)?.entries()) as
      | Iterator<[number, OutgoingMessage]>
      | undefined
    if (!from) return
    for (let i = 0; i < limit; i++) {
      const { done, value } = from.next()
      if (done) return
      store.items.push({ key: value[0], message: value[1] } satisfies StoredMessage)
    }
    store.cursor = from
  }

  removeOfflineMessages({ clientId, keys }: Ctx<'removeOfflineMessages'>): void {
    const queue = this.#queues.get(clientId)
    if (!queue) return
    for (const key of keys) queue.delete(key as number)
    if (queue.size === 0) this.#queues.delete(clientId)
  }

  clearOfflineMessages({ clientId }: Ctx<'clearOfflineMessages'>): void {
    this.#queues.delete(clientId)
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.#queues.delete(clientId)
  }
}
