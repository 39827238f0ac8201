import { readVarint, varintSize, writeVarint } from '../../lib/codec/varint.js'
import type { PublishPacket, QoS, Stack, StoredSession, StoredWill, Subscription } from '../../lib/index.js'
import { packetSize, readPacket, writePacket } from './packet-codec.js'

/** Stands for null where a time may be missing. */
const noTime = -1

export const nothing = Buffer.alloc(0)

export function encodeNumber(value: number): Buffer {
  const buf = Buffer.allocUnsafe(6)
  buf.writeUIntBE(value, 0, 6)
  return buf
}

export function decodeNumber(buf: Buffer): number {
  return buf.readUIntBE(0, 6)
}

export function encodeSession({ expiryInterval, expiresAt }: StoredSession): Buffer {
  const buf = Buffer.allocUnsafe(12)
  buf.writeUInt32BE(expiryInterval, 0)
  buf.writeDoubleBE(expiresAt ?? noTime, 4)
  return buf
}

export function decodeSession(clientId: string, buf: Buffer): StoredSession {
  return { clientId, expiryInterval: buf.readUInt32BE(0), expiresAt: timeAt(buf, 4) }
}

export function encodeSubscription({ qos, nl, rap, rh, identifier }: Subscription): Buffer {
  const buf = Buffer.allocUnsafe(1 + (identifier === undefined ? 0 : varintSize(identifier)))
  buf[0] = qos | (nl ? 4 : 0) | (rap ? 8 : 0) | (rh << 4)
  if (identifier !== undefined) writeVarint(buf, 1, identifier)
  return buf
}

export function decodeSubscription(topic: string, buf: Buffer): Subscription {
  const bits = buf[0]!
  return {
    topic,
    qos: (bits & 3) as QoS,
    nl: (bits & 4) !== 0,
    rap: (bits & 8) !== 0,
    rh: ((bits >> 4) & 3) as Subscription['rh'],
    ...(buf.length > 1 && { identifier: readVarint(buf, 1, buf.length) })
  }
}

/** What waits for a client. */
export interface StoredUsage {
  count: number
  bytes: number
  /** No sequence number before this one waits. */
  first: number
}

export function encodeUsage({ count, bytes, first }: StoredUsage): Buffer {
  const buf = Buffer.allocUnsafe(18)
  buf.writeUIntBE(count, 0, 6)
  buf.writeUIntBE(bytes, 6, 6)
  buf.writeUIntBE(first, 12, 6)
  return buf
}

export function decodeUsage(buf: Buffer): StoredUsage {
  return { count: buf.readUIntBE(0, 6), bytes: buf.readUIntBE(6, 6), first: buf.readUIntBE(12, 6) }
}

/** What is known of a retained message without reading it. */
export interface RetainedInfo {
  /** Of the payload. */
  bytes: number
  /** Milliseconds since the epoch, 0 for never. */
  expiresAt: number
}

export function encodeRetainedInfo({ bytes, expiresAt }: RetainedInfo): Buffer {
  const buf = Buffer.allocUnsafe(12)
  buf.writeUInt32BE(bytes, 0)
  buf.writeDoubleBE(expiresAt, 4)
  return buf
}

export function decodeRetainedInfo(buf: Buffer): RetainedInfo {
  return { bytes: buf.readUInt32BE(0), expiresAt: buf.readDoubleBE(4) }
}

export function encodePacket(packet: PublishPacket): Buffer {
  const buf = Buffer.allocUnsafe(packetSize(packet))
  writePacket(packet, buf, 0)
  return buf
}

export function encodeWill({ packet, delay, dueAt }: StoredWill): Buffer {
  const buf = Buffer.allocUnsafe(12 + packetSize(packet))
  buf.writeUInt32BE(delay, 0)
  buf.writeDoubleBE(dueAt ?? noTime, 4)
  writePacket(packet, buf, 12)
  return buf
}

export function decodeWill(clientId: string, buf: Buffer, stack: Stack): StoredWill {
  const packet = readPacket(buf, 12, buf.length, stack)
  return { clientId, packet, delay: buf.readUInt32BE(0), dueAt: timeAt(buf, 4) }
}

function timeAt(buf: Buffer, pos: number): number | null {
  const time = buf.readDoubleBE(pos)
  return time === noTime ? null : time
}
