import type { QoS } from '../packets.js'
import { writeUint32 } from './fields.js'
import type { Publish } from './publish.js'
import { MAX_VARINT, varintSize, writeVarint } from './varint.js'

/** Where encoders write: the output buffer of a connection. */
export interface ByteSink {
  /** Makes room for so many bytes in one piece and returns the position to write them at in `buf`. */
  reserve(bytes: number): number
  readonly buf: Buffer
  /** Sends a large block as it is, after what was written before. */
  append(block: Buffer): void
}

/** How one copy of a message differs from the others. */
export interface Delivery {
  qos: QoS
  retain: boolean
  dup: boolean
  messageId: number
  /** 0 for none. */
  alias: number
  /** The receiver knows the alias: the topic stays empty. */
  bare: boolean
  identifiers: readonly number[] | null
  /** Seconds left, -1 when the message does not expire. */
  expiry: number
}

/** From here on a payload is handed to the socket as it is: copying costs more than a system call. */
const large = 16_384

/**
 * Writes one copy of a message. Where the form of the receiver is the form it came in, that is a copy of its bytes
 * with flags and packet identifier patched in; else it is put together from its parts.
 * Returns the size written, or 0 when it would be above `limit` or the protocol's own and nothing was written.
 */
export function deliver(sink: ByteSink, packet: Publish, v5: boolean, limit: number, how: Delivery): number {
  if (packet.plain && packet.v5 === v5 && how.alias === 0 && how.identifiers === null && how.expiry < 0) {
    const size = packet.end - packet.start
    if (how.qos === packet.wireQos && size < large) {
      if (size > limit) return 0
      copyFrame(sink, packet, size, how)
      return size
    }
  }
  return assemble(sink, packet, v5, limit, how)
}

function copyFrame(sink: ByteSink, packet: Publish, size: number, how: Delivery): void {
  const at = sink.reserve(size)
  const { buf } = sink
  const source = packet.buf
  const { start } = packet
  if (size < 48) for (let i = 0; i < size; i++) buf[at + i] = source[start + i]!
  else buf.set(packet.frame(), at)
  buf[at] = firstByte(how)
  if (how.qos > 0) {
    // The identifier is right before the body, whatever the topic.
    const idAt = at + packet.bodyAt - start - 2
    buf[idAt] = how.messageId >> 8
    buf[idAt + 1] = how.messageId & 255
  }
}

function assemble(sink: ByteSink, packet: Publish, v5: boolean, limit: number, how: Delivery): number {
  const name = packet.source.bytes
  const nameLength = how.bare ? 0 : name.length
  const payloadLength = packet.end - packet.payloadAt
  const propertiesLength = v5 ? contentLength(packet, how) : 0
  let remaining = 2 + nameLength + (how.qos > 0 ? 2 : 0) + payloadLength
  if (v5) remaining += varintSize(propertiesLength) + propertiesLength
  if (remaining > MAX_VARINT) return 0
  const size = 1 + varintSize(remaining) + remaining
  if (size > limit) return 0
  const whole = size < large
  let at = sink.reserve(whole ? size : size - payloadLength)
  const { buf } = sink
  buf[at++] = firstByte(how)
  at = writeVarint(buf, at, remaining)
  buf[at++] = nameLength >> 8
  buf[at++] = nameLength & 255
  if (!how.bare) {
    buf.set(name, at)
    at += nameLength
  }
  if (how.qos > 0) {
    buf[at++] = how.messageId >> 8
    buf[at++] = how.messageId & 255
  }
  if (v5) at = writeContent(buf, writeVarint(buf, at, propertiesLength), packet, how)
  if (whole) packet.copyPayload(buf, at)
  else sink.append(packet.payload)
  return size
}

function contentLength(packet: Publish, how: Delivery): number {
  let length = packet.forwardedSize
  if (how.expiry >= 0) length += 5
  if (how.alias > 0) length += 3
  if (how.identifiers !== null) {
    for (const identifier of how.identifiers) length += 1 + varintSize(identifier)
  }
  return length
}

function writeContent(buf: Buffer, pos: number, packet: Publish, how: Delivery): number {
  let at = pos
  if (packet.hasProperties) {
    const forwarded = packet.forwardedProperties()
    buf.set(forwarded, at)
    at += forwarded.length
  }
  if (how.expiry >= 0) {
    buf[at++] = 0x02
    at = writeUint32(buf, at, how.expiry)
  }
  if (how.alias > 0) {
    buf[at++] = 0x23
    buf[at++] = how.alias >> 8
    buf[at++] = how.alias & 255
  }
  if (how.identifiers !== null) {
    for (const identifier of how.identifiers) {
      buf[at++] = 0x0b
      at = writeVarint(buf, at, identifier)
    }
  }
  return at
}

function firstByte(how: Delivery): number {
  return 0x30 | (how.dup ? 8 : 0) | (how.qos << 1) | (how.retain ? 1 : 0)
}
