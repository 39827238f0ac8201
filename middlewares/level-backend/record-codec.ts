import { readVarint, varintSize, writeVarint } from '../../lib/codec/varint.js'
import type { OutgoingMessage, Publish, QoS, Stack } from '../../lib/index.js'
import { packetSize, readPacket, writePacket } from './packet-codec.js'
import type { MessagePut } from './put.js'

const qosBits = 3
const retainBit = 4
const releasedBit = 8
const identifiersBit = 16
const orderBit = 32
const referenceBit = 64

/** A message of a session, as bytes: its own content, or a reference to one that others refer to, too. */
export function encodeRecord(put: MessagePut): Buffer {
  const { payload, identifiers, order } = put
  const { id, packet } = payload!
  let size = 1 + (order > 0 ? 6 : 0)
  if (identifiers !== null) {
    size += varintSize(identifiers.length)
    for (const identifier of identifiers) size += varintSize(identifier)
  }
  size += id > 0 ? 6 + varintSize(put.size) : packetSize(packet!)
  const buf = Buffer.allocUnsafe(size)
  buf[0] =
    put.qos |
    (put.retain ? retainBit : 0) |
    (put.released ? releasedBit : 0) |
    (identifiers !== null ? identifiersBit : 0) |
    (order > 0 ? orderBit : 0) |
    (id > 0 ? referenceBit : 0)
  let at = 1
  if (order > 0) at = buf.writeUIntBE(order, at, 6)
  if (identifiers !== null) {
    at = writeVarint(buf, at, identifiers.length)
    for (const identifier of identifiers) at = writeVarint(buf, at, identifier)
  }
  if (id > 0) writeVarint(buf, buf.writeUIntBE(id, at, 6), put.size)
  else writePacket(packet!, buf, at)
  return buf
}

export interface StoredRecord extends Omit<OutgoingMessage, 'packet' | 'messageId'> {
  order: number
  /** The id of a content of several; 0 when it is its own. */
  reference: number
  /** Where its own content is. */
  at: number
  /** Bytes of the payload, where it is a reference. */
  size: number
}

/** What stands before the content. */
export function decodeRecord(buf: Buffer): StoredRecord {
  const flags = buf[0]!
  const end = buf.length
  let at = 1
  let order = 0
  if (flags & orderBit) {
    order = buf.readUIntBE(at, 6)
    at += 6
  }
  let identifiers: number[] | null = null
  if (flags & identifiersBit) {
    const count = readVarint(buf, at, end)
    at += varintSize(count)
    identifiers = []
    for (let i = 0; i < count; i++) {
      const identifier = readVarint(buf, at, end)
      at += varintSize(identifier)
      identifiers.push(identifier)
    }
  }
  const isReference = (flags & referenceBit) !== 0
  return {
    qos: (flags & qosBits) as QoS,
    retain: (flags & retainBit) !== 0,
    identifiers,
    released: (flags & releasedBit) !== 0,
    order,
    reference: isReference ? buf.readUIntBE(at, 6) : 0,
    at,
    size: isReference ? readVarint(buf, at + 6, end) : 0
  }
}

/** The content that is part of a record. */
export function ownPacket(buf: Buffer, record: StoredRecord, stack: Stack): Publish {
  return readPacket(buf, record.at, buf.length, stack)
}

/** What `level` gives is a Buffer already; others may give any bytes. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
