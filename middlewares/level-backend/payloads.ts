import type { OutgoingMessage, Publish, PublishPacket, Stack } from '../../lib/index.js'
import { seqCode } from './keys.js'
import type { LevelDb } from './level-db.js'
import { readPacket } from './packet-codec.js'
import { Payload } from './payload.js'
import { MessagePut, type Put, put } from './put.js'
import { asBuffer, encodeRecord } from './record-codec.js'
import { decodeNumber, encodeNumber, encodePacket } from './small-values.js'
import type { WriteQueue } from './write-queue.js'

/** So many counts that did not change are kept at hand. */
const mostAtHand = 100_000

/**
 * Contents of messages. A message for many sessions comes as one object for all of them, one after the other: when they
 * are written together, its content is stored once and counted.
 */
export class Payloads {
  readonly #stack: Stack
  readonly #db: LevelDb
  readonly #nextId: () => number
  /** The one that was stored last, which is the one that is stored next, if any is. */
  #last: Payload | null = null
  /** The ids of messages that are entries of their own, by the object they were written from or read as. */
  readonly #ids = new WeakMap<PublishPacket, number>()
  readonly #known = new Map<number, Payload>()
  readonly #changed = new Set<Payload>()
  #queue!: WriteQueue

  constructor(stack: Stack, db: LevelDb, nextId: () => number) {
    this.#stack = stack
    this.#db = db
    this.#nextId = nextId
  }

  start(queue: WriteQueue): void {
    this.#queue = queue
  }

  /** A record of a message to be written; it counts from now on. */
  keep(message: OutgoingMessage, order: number): MessagePut {
    const { packet } = message
    let payload = this.#last
    if (payload?.packet !== packet) payload = this.#last = this.#of(packet)
    payload!.count++
    if (payload!.id > 0) this.#changed.add(payload!)
    return MessagePut.of(payload!, message, order)
  }

  /** A record is gone. */
  release({ payload, reference }: Pick<MessagePut, 'payload' | 'reference'>): void {
    const counted = payload ?? this.#find(reference)
    if (counted === null) return
    counted.count--
    if (counted.id > 0) this.#changed.add(counted)
  }

  encode(put: Put): Uint8Array {
    const message = put as MessagePut
    const payload = message.payload!
    if (payload.id === 0 && payload.count > 1) this.#share(payload)
    const bytes = encodeRecord(message)
    // What is in the record itself is not counted, and a later record of it is one of its own.
    message.payload = null
    message.reference = payload.id
    return bytes
  }

  /** The contents and counts that changed, at the end of a batch. */
  complete(add: (key: string, put: Put | null) => void): void {
    this.#last = null
    for (const payload of this.#changed) {
      const { id, count, written, packet } = payload
      if (count <= 0) {
        add(payloadKey(id), null)
        add(countKey(id), null)
        this.#known.delete(id)
        continue
      }
      if (packet !== null) {
        add(payloadKey(id), { fresh: false, bytes: encodePacket(packet) })
        payload.packet = null
      }
      if (count !== written) add(countKey(id), put(encodeNumber(count)))
      payload.written = count
    }
    this.#changed.clear()
    if (this.#known.size > mostAtHand) this.#known.clear()
  }

  /** Messages that records refer to, by id. What is missing is told as an error and left out. */
  async read(references: Iterable<number>): Promise<Map<number, Publish>> {
    const found = new Map<number, Publish>()
    const wanted: number[] = []
    for (const id of new Set(references)) {
      const recent = this.#known.get(id)?.recent?.deref()
      if (recent) found.set(id, recent)
      else wanted.push(id)
    }
    if (wanted.length === 0) return found
    const values = await this.#db.getMany(wanted.map(payloadKey))
    for (const [i, id] of wanted.entries()) {
      const bytes = values[i] ?? this.#queue.peek(payloadKey(id))?.bytes
      if (!bytes) {
        this.#stack.emit('error', new Error(`the stored message ${id} is missing`), null, null)
        continue
      }
      const packet = readPacket(asBuffer(bytes), 0, bytes.length, this.#stack)
      this.#find(id)?.remember(packet)
      this.#ids.set(packet, id)
      found.set(id, packet)
    }
    return found
  }

  #of(packet: PublishPacket): Payload {
    const id = this.#ids.get(packet)
    return (id !== undefined && this.#find(id)) || new Payload(packet)
  }

  /** The content that records refer to; null when there is none. The only one of its id. */
  #find(id: number): Payload | null {
    if (id === 0) return null
    const known = this.#known.get(id)
    if (known) return known
    const key = countKey(id)
    const pending = this.#queue.peek(key)
    const bytes = pending === undefined ? this.#db.getSync(key) : pending?.bytes
    if (!bytes) return null
    const payload = new Payload(null)
    payload.id = id
    payload.count = decodeNumber(asBuffer(bytes))
    payload.written = payload.count
    this.#known.set(id, payload)
    return payload
  }

  #share(payload: Payload): void {
    const packet = payload.packet!
    payload.id = this.#nextId()
    payload.remember(packet)
    this.#ids.set(packet, payload.id)
    this.#known.set(payload.id, payload)
    this.#changed.add(payload)
  }
}

const payloadKey = (id: number) => `m${seqCode(id)}`
const countKey = (id: number) => `k${seqCode(id)}`
