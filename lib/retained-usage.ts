import type { PublishPacket } from './packets.js'

/** How much is retained, and what of it expires. */
export class RetainedUsage {
  messages = 0
  /** Of topics and payloads. */
  bytes = 0
  readonly #expiring = new Map<string, { at: number; size: number }>()

  /** A message as it was found in the backend. */
  found(packet: PublishPacket): void {
    const size = retainedSize(packet)
    this.#watch(packet, size)
    this.#add(size)
  }

  /**
   * A message is about to be stored. Call what comes back once it is, with the bytes it replaced; an expired one may
   * be gone already.
   */
  storing(packet: PublishPacket): (replaced: number | null) => void {
    const size = retainedSize(packet)
    const expiring = this.#expiring.get(packet.topic)?.size ?? null
    this.#watch(packet, size)
    return replaced => {
      const gone = replaced ?? expiring
      if (gone !== null) this.#remove(gone)
      if (size > 0) this.#add(size)
    }
  }

  /** Topics whose message has expired. */
  *expired(now: number): Generator<string> {
    for (const [topic, { at }] of this.#expiring) if (at <= now) yield topic
  }

  #watch({ topic, expiresAt = 0 }: PublishPacket, size: number): void {
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
