import type { Ctx, Store, SubscriptionBackend } from '../../lib/index.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { put } from './put.js'
import { encodeSubscription } from './small-values.js'

/**
 * Subscriptions on `level`; they are in memory, too. Handles: storeSubscription, removeSubscription,
 * clearSubscriptions, lookupSubscriptions, removeSession.
 */
export class LevelSubscriptions extends LevelPart implements SubscriptionBackend {
  override readonly exclusive = ['storeSubscription'] as const

  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  storeSubscription({ clientId, subscription }: Ctx<'storeSubscription'>): void {
    const { clients, queue } = this.store
    const { code, subscriptions } = clients.of(clientId)
    const { topic } = subscription
    const isNew = !subscriptions.has(topic)
    subscriptions.set(topic, subscription)
    queue.put(`s${code}${topic}`, put(encodeSubscription(subscription)), isNew)
  }

  removeSubscription(
    { clientId, topic }: Ctx<'removeSubscription'>,
    store: Store<'removeSubscription'>
  ): void {
    const client = this.store.clients.get(clientId)
    store.existed = client?.subscriptions.delete(topic) ?? false
    if (store.existed) this.store.queue.del(`s${client!.code}${topic}`)
  }

  clearSubscriptions({ clientId }: Ctx<'clearSubscriptions'>): void {
    const client = this.store.clients.get(clientId)
    if (!client) return
    for (const topic of client.subscriptions.keys()) this.store.queue.del(`s${client.code}${topic}`)
    client.subscriptions.clear()
  }

  lookupSubscriptions({ clientId }: Ctx<'lookupSubscriptions'>, store: Store<'lookupSubscriptions'>): void {
    for (const subscription of this.store.clients.get(clientId)?.subscriptions.values() ?? []) {
      store.subscriptions.push(subscription)
    }
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.store.removeClient(clientId)
  }
}
