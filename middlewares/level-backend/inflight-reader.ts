import type { OutgoingMessage, Publish } from '../../lib/index.js'
import { afterAll, clientDigits, idCode, parseCode } from './keys.js'
import { eachEntry } from './level-db.js'
import { MessagePut } from './put.js'
import { asBuffer, decodeRecord, ownPacket, type StoredRecord } from './record-codec.js'
import type { LevelStore } from './store.js'
import type { StoredClient } from './stored-client.js'

interface Found {
  readonly messageId: number
  readonly record: StoredRecord
  readonly packet: Publish | null
}

/** Finds what is in flight. What was stored in this run is known without the disk. */
export class InflightReader {
  readonly #store: LevelStore

  constructor(store: LevelStore) {
    this.#store = store
  }

  /** The message of an identifier, without its content. */
  find(client: StoredClient, messageId: number): MessagePut | undefined {
    const known = client.inflight.get(messageId)
    if (known !== undefined || client.complete) return known
    const { db, queue } = this.#store
    const id = idCode(messageId)
    const key = `i${client.code}${id}`
    // What was removed in this run may not be gone from the disk.
    const bytes = queue.peek(key) === undefined ? db.getSync(key) : undefined
    if (!bytes) return undefined
    const releasedApart = db.getSync(`j${client.code}${id}`) !== undefined
    return this.#know(client, messageId, decodeRecord(asBuffer(bytes)), releasedApart)
  }

  /** In the order of their first sending. */
  async read(client: StoredClient, messages: OutgoingMessage[]): Promise<void> {
    const { payloads, queue } = this.#store
    client.readers++
    client.settled ??= new Set()
    try {
      if (queue.busy) await queue.flushed()
      const found = await this.#readRecords(client)
      const shared = await payloads.read(found.map(({ record }) => record.reference).filter(id => id > 0))
      found.sort((a, b) => a.record.order - b.record.order)
      for (const { messageId, record, packet } of found) {
        const content = packet ?? shared.get(record.reference)
        if (!content) continue
        const { qos, retain, identifiers, released } = record
        messages.push({ packet: content, qos, retain, identifiers, messageId, released })
      }
    } finally {
      if (--client.readers === 0) client.settled = null
    }
  }

  async #readRecords(client: StoredClient): Promise<Found[]> {
    const { db, stack } = this.#store
    const released = new Set<number>()
    const found: Found[] = []
    const rangeOf = (kind: string) => ({
      gte: `${kind}${client.code}`,
      lt: `${kind}${client.code}${afterAll}`
    })
    const idOf = (key: string) => parseCode(key, 1 + clientDigits)
    await eachEntry(db, rangeOf('j'), key => released.add(idOf(key)))
    await eachEntry(db, rangeOf('i'), (key, value) => {
      const buf = asBuffer(value)
      const record = decodeRecord(buf)
      const packet = record.reference === 0 ? ownPacket(buf, record, stack) : null
      found.push({ messageId: idOf(key), record, packet })
    })
    for (const { messageId, record } of found) {
      const apart = released.has(messageId)
      if (!client.inflight.has(messageId) && !client.complete && !client.settled?.has(messageId))
        this.#know(client, messageId, record, apart)
      record.released ||= apart
    }
    client.complete = true
    return found
  }

  #know(client: StoredClient, messageId: number, record: StoredRecord, releasedApart: boolean): MessagePut {
    const { qos, retain, identifiers, order, reference, size } = record
    const released = record.released || releasedApart
    const known = new MessagePut(null, size, { qos, retain, identifiers, messageId, released }, order)
    known.reference = reference
    known.releasedApart = releasedApart
    client.inflight.set(messageId, known)
    return known
  }
}
