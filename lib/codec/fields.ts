import { malformed, protocolError } from './faults.js'
import { readVarint, varintSize } from './varint.js'

export function readUint16(buf: Buffer, pos: number, end: number): number {
  if (pos + 2 > end) throw malformed('a two-byte integer is cut off')
  return (buf[pos]! << 8) | buf[pos + 1]!
}

export function readUint32(buf: Buffer, pos: number, end: number): number {
  if (pos + 4 > end) throw malformed('a four-byte integer is cut off')
  return buf[pos]! * 0x100_0000 + ((buf[pos + 1]! << 16) | (buf[pos + 2]! << 8) | buf[pos + 3]!)
}

export function readByte(buf: Buffer, pos: number, end: number): number {
  if (pos >= end) throw malformed('a byte is cut off')
  return buf[pos]!
}

/** The position after the string or binary data whose two-byte length is at `pos`, once that has been read. */
export function afterField(buf: Buffer, pos: number): number {
  return pos + 2 + ((buf[pos]! << 8) | buf[pos + 1]!)
}

/**
 * A copy of the binary data whose two-byte length is at `pos`. It has memory of its own: it pins neither the chunk
 * of the socket nor a slab of node's buffer pool, and a password shares memory with nothing.
 */
export function readBinary(buf: Buffer, pos: number, end: number): Buffer {
  const start = pos + 2
  if (start > end) throw malformed('the length of binary data is cut off')
  const stop = afterField(buf, pos)
  if (stop > end) throw malformed('binary data goes on beyond the end of its packet')
  const copy = Buffer.allocUnsafeSlow(stop - start)
  buf.copy(copy, 0, start, stop)
  return copy
}

/** 0 is no packet identifier [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]; the specification names no code, ours is 0x82. */
export function readMessageId(buf: Buffer, pos: number, end: number): number {
  const messageId = readUint16(buf, pos, end)
  if (messageId === 0) throw protocolError('the packet identifier is 0 [5.0 MQTT-2.2.1-3]')
  return messageId
}

/** The property length at `pos`: so many bytes of properties follow, at `pos + varintSize(length)`. */
export function readPropertiesLength(buf: Buffer, pos: number, end: number): number {
  const length = readVarint(buf, pos, end)
  if (pos + varintSize(length) + length > end) {
    throw malformed('the properties go on beyond the end of their packet')
  }
  return length
}

export function writeUint16(buf: Buffer, pos: number, value: number): number {
  buf[pos] = value >>> 8
  buf[pos + 1] = value
  return pos + 2
}

export function writeUint32(buf: Buffer, pos: number, value: number): number {
  buf[pos] = value >>> 24
  buf[pos + 1] = value >>> 16
  buf[pos + 2] = value >>> 8
  buf[pos + 3] = value
  return pos + 4
}

export function writeBinary(buf: Buffer, pos: number, value: Uint8Array): number {
  writeUint16(buf, pos, value.length)
  buf.set(value, pos + 2)
  return pos + 2 + value.length
}

/** Bytes of binary data on the wire, its two-byte length included. */
export function binarySize(value: Uint8Array): number {
  if (value.length > 0xffff)
    throw new RangeError(`${value.length} bytes of binary data: MQTT carries at most 65535`)
  return value.length + 2
}

/** @throws RangeError unless `value` is an integer from `min` to `max` */
export function checkRange(what: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max && Number.isInteger(value))) {
    throw new RangeError(`${what} is ${value}: it must be an integer from ${min} to ${max}`)
  }
}
