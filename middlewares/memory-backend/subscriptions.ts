import type { Ctx, Store, Subscription, SubscriptionBackend } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'

/**
 * Subscriptions in memory. Handles: storeSubscription, removeSubscription, clearSubscriptions, lookupSubscriptions,
 * removeSession.
 */
export class MemorySubscriptions extends Middleware implements SubscriptionBackend {
  override readonly exclusive = ['storeSubscription'] as const
  #subscriptions = new Map<string, Map<string, Subscription>>()

  override exportState(): unknown {
    return this.#subscriptions
  }

  override importState(state: Map<string, Map<string, Subscription>>): void {
    this.#subscriptions = state
  }

  storeSubscription({ clientId, subscription }: Ctx<'storeSubscription'>): void {
    const known = this.#subscriptions.get(clientId)
    if (known) known.set(subscription.topic, subscription)
    else this.#subscriptions.set(clientId, new Map([[subscription.topic, subscription]]))
  }

  removeSubscription(
    { clientId, topic }: Ctx<'removeSubscription'>,
    store: Store<'removeSubscription'>
  ): void {
    const known = this.#subscriptions.get(clientId)
    store.existed = known?.delete(topic) ?? false
    if (known?.size === 0) this.#subscriptions.delete(clientId)
  }

  clearSubscriptions({ clientId }: Ctx<'clearSubscriptions'>): void {
    this.#subscriptions.delete(clientId)
  }

  lookupSubscriptions({ clientId }: Ctx<'lookupSubscriptions'>, store: Store<'lookupSubscriptions'>): void {
    for (const subscription of this.#subscriptions.get(clientId)?.values() ?? []) {
      store.subscriptions.push(subscription)
    }
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.#subscriptions.delete(clientId)
  }
}
