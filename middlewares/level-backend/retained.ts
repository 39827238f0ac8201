import type { Ctx, MaybePromise, PublishPacket, RetainedBackend, Store } from '../../lib/index.js'
import { MqttError } from '../../lib/index.js'
import { readPacket } from './packet-codec.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { payloadBytes } from './payload.js'
import { put } from './put.js'
import { asBuffer } from './record-codec.js'
import { encodePacket, encodeRetainedInfo, type RetainedInfo } from './small-values.js'

type Matches = Iterator<[topic: string, info: RetainedInfo]>

/**
 * Retained messages on `level`: their topics are in memory, too. RetainManager removes those that expire. Refuses new
 * ones (0x97) while the disk fails. Handles: storeRetainedMessage, lookupRetainedMessages, lookupRetainedUsage.
 */
export class LevelRetained extends LevelPart implements RetainedBackend {
  override readonly exclusive = ['storeRetainedMessage'] as const

  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  storeRetainedMessage({ packet }: Ctx<'storeRetainedMessage'>, store: Store<'storeRetainedMessage'>): void {
    const { queue, retained } = this.store
    const { topic, expiresAt = 0 } = packet
    const bytes = payloadBytes(packet)
    const before = retained.all.get(topic)
    if (bytes > 0 && queue.failing) throw new MqttError('QuotaExceeded', 'the disk takes nothing now')
    if (before) store.replaced = Buffer.byteLength(topic) + before.bytes
    if (bytes === 0) {
      if (!before) return
      retained.delete(topic)
      queue.del(`r${topic}`)
      queue.del(`t${topic}`)
      return
    }
    queue.put(`r${topic}`, put(encodePacket(packet)), !before)
    if (before?.bytes === bytes && before.expiresAt === expiresAt) return
    const info = { bytes, expiresAt }
    retained.set(topic, info)
    queue.put(`t${topic}`, put(encodeRetainedInfo(info)), !before)
  }

  lookupRetainedMessages(
    { filter, limit, cursor }: Ctx<'lookupRetainedMessages'>,
    store: Store<'lookupRetainedMessages'>
  ): MaybePromise<void> {
    const matches = (cursor as Matches | undefined) ?? this.store.retained.tree.match(filter)
    const topics = take(matches, limit, store).map(([topic]) => topic)
    if (topics.length > 0) return this.#read(topics, store.items)
  }

  lookupRetainedUsage(
    { limit, cursor }: Ctx<'lookupRetainedUsage'>,
    store: Store<'lookupRetainedUsage'>
  ): void {
    const all = (cursor as Matches | undefined) ?? this.store.retained.all.entries()
    for (const [topic, { bytes, expiresAt }] of take(all, limit, store)) {
      store.items.push({ topic, bytes, expiresAt })
    }
  }

  /** What is on its way to disk is taken from there; what is gone by now is left out. */
  async #read(topics: readonly string[], items: PublishPacket[]): Promise<void> {
    const { db, queue, stack } = this.store
    const keys = topics.map(topic => `r${topic}`)
    const pending = keys.map(key => queue.peek(key))
    const unread = keys.filter((_, i) => pending[i] === undefined)
    const bytes = pending.map(put => put?.bytes ?? null)
    const found = unread.length > 0 ? await db.getMany(unread) : []
    let at = 0
    for (const [i, put] of pending.entries()) {
      const value = put === undefined ? found[at++] : bytes[i]
      if (value) items.push(readPacket(asBuffer(value), 0, value.length, stack))
    }
  }
}

/** So many steps of an iterator, which is the cursor. */
function take<T>(from: Iterator<T>, limit: number, store: { cursor?: unknown }): T[] {
  const taken: T[] = []
  while (taken.length < limit) {
    const { done, value } = from.next()
    if (done) {
      store.cursor = undefined
      return taken
    }
    taken.push(value)
  }
  store.cursor = from
  return taken
}
