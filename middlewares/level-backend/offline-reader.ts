import type { Page, Publish, StoredMessage } from '../../lib/index.js'
import { afterAll, seqCode, seqOf } from './keys.js'
import { asBuffer, decodeRecord, ownPacket, type StoredRecord } from './record-codec.js'
import type { LevelStore } from './store.js'
import type { StoredClient } from './stored-client.js'

/** Entries read at a time. */
const most = 1000

interface Found {
  readonly seq: number
  readonly record: StoredRecord
  readonly packet: Publish | null
}

/** Where a page ends. */
export interface QueueCursor {
  readonly client: StoredClient
  readonly seq: number
}

/** Bytes of messages after which a page ends. */
const largestPage = 1_048_576

/** Reads what waits for a client, page by page. */
export class OfflineReader {
  readonly #store: LevelStore

  constructor(store: LevelStore) {
    this.#store = store
  }

  /** `lost` is told of messages that cannot be read, for they would be looked up again and again. */
  async read(
    client: StoredClient,
    limit: number,
    cursor: number,
    page: Page<StoredMessage>,
    lost: (keys: number[]) => void
  ): Promise<void> {
    const { payloads, queue } = this.#store
    const { removals } = client
    const from = Math.max(cursor, client.first)
    const follows = client.readAhead.reaches(from, client.first)
    client.readers++
    try {
      // What was stored before has to be there to be read.
      if (client.batch > queue.written) await queue.flushed()
      const found: Found[] = []
      const next = await this.#readRecords(client, from, limit, found)
      const shared = await payloads.read(found.map(({ record }) => record.reference).filter(id => id > 0))
      page.cursor = next === undefined ? undefined : ({ client, seq: next } satisfies QueueCursor)
      this.#keep(client, next !== undefined)
      if (follows && removals === client.removals) this.#readAhead(client, found)
      const unreadable: number[] = []
      for (const { seq, record, packet } of found) {
        const content = packet ?? shared.get(record.reference)
        if (!content) {
          unreadable.push(seq)
          continue
        }
        const { qos, retain, identifiers } = record
        const message = { packet: content, qos, retain, identifiers, messageId: 0, released: false }
        page.items.push({ key: seq, message })
      }
      if (unreadable.length > 0) lost(unreadable)
    } finally {
      client.readers--
    }
  }

  /** Nothing of a session that was removed is cleared away before who reads it has come to its end. */
  #keep(client: StoredClient, more: boolean): void {
    const keeps = more && this.#store.clients.get(client.id) !== client
    if (keeps === client.isLeaving) return
    client.isLeaving = keeps
    client.readers += keeps ? 1 : -1
  }

  /** Gives the number to go on with, undefined at the end. */
  async #readRecords(
    { code }: StoredClient,
    from: number,
    limit: number,
    found: Found[]
  ): Promise<number | undefined> {
    const { db, stack } = this.#store
    const cursor = db.iterator({
      ...{ gte: `q${code}${seqCode(from)}`, lt: `q${code}${afterAll}`, highWaterMarkBytes: 1_048_576 },
      ...(limit < most && { limit: limit + 1 })
    })
    let bytes = 0
    try {
      for (;;) {
        const entries = await cursor.nextv(Math.min(most, limit + 1))
        if (entries.length === 0) return undefined
        for (const [key, value] of entries) {
          const seq = seqOf(key)
          if (found.length === limit || bytes >= largestPage) return seq
          const buf = asBuffer(value)
          const record = decodeRecord(buf)
          bytes += record.reference === 0 ? buf.length : record.size
          found.push({ seq, record, packet: record.reference === 0 ? ownPacket(buf, record, stack) : null })
        }
      }
    } finally {
      await cursor.close()
    }
  }

  #readAhead({ readAhead }: StoredClient, found: readonly Found[]): void {
    for (const { seq, record, packet } of found) {
      if (!readAhead.add(seq, packet?.payloadLength ?? record.size, record.reference)) return
    }
  }
}
