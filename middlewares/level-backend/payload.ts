import type { PublishPacket } from '../../lib/index.js'
import { Publish } from '../../lib/index.js'

/**
 * The content of a message, that any number of records may refer to. With one record it is part of it; once
 * several are written at a time it becomes an entry of its own that is counted.
 */
export class Payload {
  /** Let go when it was written. */
  packet: PublishPacket | null
  /** 0 as long as it is no entry of its own. */
  id = 0
  /** Records that refer to it, written or not. */
  count = 0
  /** The count on disk. */
  written = 0
  /** As it was read or written last, for those who read it next. */
  recent: WeakRef<Publish> | null = null

  constructor(packet: PublishPacket | null) {
    this.packet = packet
  }

  remember(packet: PublishPacket): void {
    if (packet instanceof Publish) this.recent = new WeakRef(packet)
  }
}

/** Bytes that count against limits. */
export function payloadBytes(packet: PublishPacket): number {
  return packet instanceof Publish ? packet.payloadLength : packet.payload.length
}
