import type { Ctx, MaybePromise, OfflineBackend, Store } from '../../lib/index.js'
import { seqCode } from './keys.js'
import { OfflineReader, type QueueCursor } from './offline-reader.js'
import { checkPart, LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { payloadBytes } from './payload.js'
import type { MessagePut } from './put.js'
import { Recent } from './recent.js'
import { asBuffer, decodeRecord, ownPacket } from './record-codec.js'
import type { StoredClient } from './stored-client.js'

const recentlyStored = 8192

export interface LevelOfflineConfig extends LevelPartConfig {
  /**
   * Bytes of payload that may wait for all sessions together; a message that waits for several counts as often, though
   * it is stored once. Default: Infinity.
   */
  maximumStoredBytes: number
}

/**
 * What waits for sessions, on `level`, in the order it came. Refuses messages when there is no room for them, and while
 * the disk fails. Handles: storeOfflineMessage, lookupOfflineMessages, removeOfflineMessages, clearOfflineMessages,
 * lookupOfflineUsage, removeSession.
 */
export class LevelOffline extends LevelPart<LevelOfflineConfig> implements OfflineBackend {
  override readonly exclusive = ['storeOfflineMessage'] as const
  readonly #reader = new OfflineReader(this.store)
  /** What was stored last may be removed without having been read: a client that is online has it from memory. */
  readonly #recent = new Recent<MessagePut>(recentlyStored)

  constructor(config: Partial<LevelOfflineConfig> = {}) {
    super(config, { ...partDefaults, maximumStoredBytes: Number.POSITIVE_INFINITY })
  }

  override check(): string[] {
    return checkPart(this.config, { maximumStoredBytes: [0, Number.POSITIVE_INFINITY] })
  }

  storeOfflineMessage(
    { clientId, message }: Ctx<'storeOfflineMessage'>,
    store: Store<'storeOfflineMessage'>
  ): void {
    const { store: level } = this
    const bytes = payloadBytes(message.packet)
    if (level.queue.failing) {
      // Its publisher may not have heard of the failure, and the next commit may go well.
      level.queue.spoil()
      store.refused = true
      return
    }
    if (level.waitingBytes + bytes > this.config.maximumStoredBytes) {
      store.refused = true
      return
    }
    const client = level.clients.of(clientId)
    const seq = level.nextSeq()
    if (client.count === 0) client.first = seq
    client.count++
    client.bytes += bytes
    client.batch = level.queue.number
    level.waiting++
    level.waitingBytes += bytes
    level.clients.touch(client)
    const key = `q${client.code}${seqCode(seq)}`
    const put = level.payloads.keep(message, 0)
    this.#recent.set(seq, put)
    level.queue.put(key, put, true)
    store.key = seq
  }

  lookupOfflineMessages(
    { clientId, limit, cursor }: Ctx<'lookupOfflineMessages'>,
    store: Store<'lookupOfflineMessages'>
  ): MaybePromise<void> {
    const from = cursor as QueueCursor | undefined
    // Who began with a session that was removed meanwhile reads it to its end.
    const client = from?.client ?? this.store.clients.get(clientId)
    if (!client || client.count === 0) {
      store.cursor = undefined
      return
    }
    const lost = (keys: number[]) => this.removeOfflineMessages({ clientId, keys })
    return this.#reader.read(client, limit, from?.seq ?? 0, store, lost)
  }

  removeOfflineMessages({ clientId, keys }: Ctx<'removeOfflineMessages'>): void {
    const client = this.store.clients.get(clientId)
    if (!client || client.count === 0) return
    let last = 0
    for (const key of keys) {
      const seq = key as number
      this.#remove(client, seq)
      if (seq > last) last = seq
    }
    client.first = Math.max(client.first, client.readAhead.first)
    // A search begins behind what is removed from the front, on disk or not.
    if (last >= client.first) client.batch = this.store.queue.number
    client.removals++
    this.store.clients.touch(client)
  }

  clearOfflineMessages({ clientId }: Ctx<'clearOfflineMessages'>): void {
    const client = this.store.clients.get(clientId)
    if (!client || client.count === 0) return
    const { store } = this
    store.waiting -= client.count
    store.waitingBytes -= client.bytes
    client.count = 0
    client.bytes = 0
    client.first = store.nextSeq()
    client.removals++
    client.readAhead.clear()
    store.clients.touch(client)
    store.clear(client, client.first)
  }

  lookupOfflineUsage({ clientId }: Ctx<'lookupOfflineUsage'>, store: Store<'lookupOfflineUsage'>): void {
    const client = this.store.clients.get(clientId)
    store.count = client?.count ?? 0
    store.bytes = client?.bytes ?? 0
  }

  removeSession({ clientId }: Ctx<'removeSession'>): void {
    this.store.removeClient(clientId)
  }

  #remove(client: StoredClient, seq: number): void {
    if (seq < client.first) return
    const key = `q${client.code}${seqCode(seq)}`
    const { payloads, queue } = this.store
    const read = client.readAhead.take(seq)
    if (read === null) return
    let size: number
    if (read !== undefined) {
      size = read.size
      payloads.release({ payload: null, reference: read.reference })
    } else {
      const found = this.#find(key, seq)
      if (found === null) return
      size = found.size
      payloads.release(found)
    }
    queue.del(key)
    client.count--
    client.bytes -= size
    this.store.waiting--
    this.store.waitingBytes -= size
  }

  /** What was not read before it is removed, or is not on disk yet. */
  #find(key: string, seq: number): Pick<MessagePut, 'payload' | 'reference' | 'size'> | null {
    const { db, queue, stack } = this.store
    const recent = this.#recent.get(seq)
    if (recent !== undefined) {
      this.#recent.delete(seq)
      return recent
    }
    const pending = queue.peek(key)
    if (pending !== undefined) return pending as MessagePut | null
    const bytes = db.getSync(key)
    if (!bytes) return null
    const buf = asBuffer(bytes)
    const record = decodeRecord(buf)
    const { reference } = record
    const size = reference > 0 ? record.size : ownPacket(buf, record, stack).payloadLength
    return { payload: null, reference, size }
  }
}
