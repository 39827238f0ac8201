import type { Ctx, InflightBackend, MaybePromise, Store } from '../../lib/index.js'
import { InflightReader } from './inflight-reader.js'
import { idCode } from './keys.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { type MessagePut, put } from './put.js'
import { nothing } from './small-values.js'
import type { StoredClient } from './stored-client.js'

/**
 * QoS 1 and 2 messages under way, in both directions, on `level`. Handles: storeInflight, removeInflight,
 * lookupInflight, storeIncoming, removeIncoming, lookupIncoming, removeSession.
 */
export class LevelInflight extends LevelPart implements InflightBackend {
  override readonly exclusive = ['storeInflight', 'storeIncoming'] as const
  readonly #reader = new InflightReader(this.store)

  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  storeInflight({ clientId, message }: Ctx<'storeInflight'>): void {
    const { clients, payloads, queue } = this.store
    const client = clients.of(clientId)
    const { messageId } = message
    const known = this.#reader.find(client, messageId)
    const key = `i${client.code}${idCode(messageId)}`
    if (known !== undefined && message.released && !known.released) {
      this.#release(client, messageId, known, key)
      return
    }
    const stored = payloads.keep(message, known?.order ?? this.store.nextSeq())
    if (known !== undefined) this.#forget(client, messageId, known)
    client.inflight.set(messageId, stored)
    queue.put(key, stored, known === undefined)
  }

  removeInflight({ clientId, messageId }: Ctx<'removeInflight'>, store: Store<'removeInflight'>): void {
    const client = this.store.clients.get(clientId)
    const known = client && this.#reader.find(client, messageId)
    store.existed = known !== undefined
    if (!known) return
    this.#forget(client, messageId, known)
    client.inflight.delete(messageId)
    client.settled?.add(messageId)
    this.store.queue.del(`i${client.code}${idCode(messageId)}`)
  }

  lookupInflight({ clientId }: Ctx<'lookupInflight'>, store: Store<'lookupInflight'>): MaybePromise<void> {
    const client = this.store.clients.get(clientId)
    if (!client || (client.complete && client.inflight.size === 0)) return
    return this.#reader.read(client, store.messages)
  }

  storeIncoming({ clientId, messageId }: Ctx<'storeIncoming'>): void {
    const { clients, queue } = this.store
    const { code, incoming } = clients.of(clientId)
    if (incoming.has(messageId)) return
    incoming.add(messageId)
    queue.put(`n${code}${idCode(messageId)}`, put(nothing), true)
  }

  removeIncoming({ clientId, messageId }: Ctx<'removeIncoming'>, store: Store<'removeIncoming'>): void {
    const client = this.store.clients.get(clientId)
    store.existed = client?.incoming.delete(messageId) ?? false
    if (store.existed) this.store.queue.del(`n${client!.code}${idCode(messageId)}`)
  }

  lookupIncoming({ clientId }: Ctx<'lookupIncoming'>, store: Store<'lookupIncoming'>): void {
    for (const messageId of this.store.clients.get(clientId)?.incoming ?? []) store.messageIds.push(messageId)
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.store.removeClient(clientId)
  }

  /** The payload is not written again for it. */
  #release({ code }: StoredClient, messageId: number, known: MessagePut, key: string): void {
    known.released = true
    if (this.store.queue.isGathering(key, known)) return
    known.releasedApart = true
    this.store.queue.put(`j${code}${idCode(messageId)}`, put(nothing), true)
  }

  #forget({ code }: StoredClient, messageId: number, known: MessagePut): void {
    this.store.payloads.release(known)
    if (known.releasedApart) this.store.queue.del(`j${code}${idCode(messageId)}`)
  }
}
