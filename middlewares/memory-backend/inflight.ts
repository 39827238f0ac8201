import type { Ctx, InflightBackend, OutgoingMessage, Store } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'
import { IdSet } from '../../lib/session/id-set.js'
import { InflightTable } from '../../lib/session/inflight-table.js'

/**
 * QoS 1 and 2 messages under way, in both directions, in memory. Handles: storeInflight, removeInflight,
 * lookupInflight, storeIncoming, removeIncoming, lookupIncoming, removeSession.
 */
export class MemoryInflight extends Middleware implements InflightBackend {
  override readonly exclusive = ['storeInflight', 'storeIncoming'] as const
  #outgoing = new Map<string, InflightTable<OutgoingMessage>>()
  #incoming = new Map<string, IdSet>()

  override exportState(): unknown {
    return { outgoing: this.#outgoing, incoming: this.#incoming }
  }

  override importState(state: {
    outgoing: Map<string, InflightTable<OutgoingMessage>>
    incoming: Map<string, IdSet>
  }): void {
    this.#outgoing = state.outgoing
    this.#incoming = state.incoming
  }

  storeInflight({ clientId, message }: Ctx<'storeInflight'>): void {
    const known = this.#outgoing.get(clientId)
    if (known) known.set(message.messageId, message)
    else this.#outgoing.set(clientId, new InflightTable<OutgoingMessage>().set(message.messageId, message))
  }

  removeInflight({ clientId, messageId }: Ctx<'removeInflight'>, store: Store<'removeInflight'>): void {
    store.existed = this.#outgoing.get(clientId)?.delete(messageId) ?? false
  }

  lookupInflight({ clientId }: Ctx<'lookupInflight'>, store: Store<'lookupInflight'>): void {
    for (const message of this.#outgoing.get(clientId)?.values() ?? []) store.messages.push(message)
  }

  storeIncoming({ clientId, messageId }: Ctx<'storeIncoming'>): void {
    const known = this.#incoming.get(clientId)
    if (known) known.add(messageId)
    else this.#incoming.set(clientId, new IdSet([messageId]))
  }

  removeIncoming({ clientId, messageId }: Ctx<'removeIncoming'>, store: Store<'removeIncoming'>): void {
    store.existed = this.#incoming.get(clientId)?.delete(messageId) ?? false
  }

  lookupIncoming({ clientId }: Ctx<'lookupIncoming'>, store: Store<'lookupIncoming'>): void {
    for (const messageId of this.#incoming.get(clientId) ?? []) store.messageIds.push(messageId)
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.#outgoing.delete(clientId)
    this.#incoming.delete(clientId)
  }
}
