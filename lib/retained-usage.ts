import type { RetainedUsageEntry } from './backend.js'
import type { PublishPacket } from './packets.js'

/** How much is retained, and what of it expires. */
export class RetainedUsage {
  messages = 0
  /** Of topics and payloads. */
  bytes = 0
  readonly #expiring = new Map<string, { at: number; size: number }>()

  /** A message that the backend has kept. */
  found({ topic, bytes, expiresAt }: RetainedUsageEntry): void {
    const size = bytes + Buffer.byteLength(topic)
    this.#watch(topic, expiresAt, size)
    this.#add(size)
  }

  /** A message was stored, in the place of so many bytes; one that has expired may have gone before. */
  stored(packet: PublishPacket, replaced: number | null): void {
    const { topic, expiresAt = 0 } = packet
    const size = retainedSize(packet)
    const gone = replaced ?? this.#expiring.get(topic)?.size ?? null
    this.#watch(topic, expiresAt, size)
    if (gone !== null) this.#remove(gone)
    if (size > 0) this.#add(size)
  }

  /** Topics whose message has expired. */
  *expired(now: number): Generator<string> {
    for (const [topic, { at }] of this.#expiring) if (at <= now) yield topic
  }

  #watch(topic: string, expiresAt: number, size: number): void {
    if (expiresAt > 0 && size > 0) this.#expiring.set(topic, { at: expiresAt, size })
    else if (this.#expiring.size > 0) this.#expiring.delete(topic)
  }

  #add(size: number): void {
    this.messages++
    this.bytes += size
  }

  #remove(size: number): void {
    this.messages--
    this.bytes -= size
  }
}

/** What counts against limits: bytes of topic and payload, 0 for a message that removes. */
export function retainedSize(packet: PublishPacket): number {
  const { length } = packet.payload
  return length === 0 ? 0 : length + Buffer.byteLength(packet.topic)
}
