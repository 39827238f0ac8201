import type { AuthPacket, DisconnectPacket, Version } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { readPropertiesLength } from './fields.js'
import { readProperties } from './properties.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { isDefinedReason } from './reason-tables.js'
import { varintSize } from './varint.js'

/** DISCONNECT (MQTT 5.0, 3.14), of either side: `isClientDisconnectReason` tells what a client may say. */
export function decodeDisconnect(
  buf: Buffer,
  start: number,
  end: number,
  version: Version
): DisconnectPacket {
  if (start === end) return { cmd: 'disconnect', reasonCode: 0 }
  if (version < 5) throw malformed('DISCONNECT is not empty')
  const packet: DisconnectPacket = { cmd: 'disconnect', reasonCode: buf[start]! }
  if (!isDefinedReason(packet.reasonCode, 'disconnect')) {
    throw protocolError(`${packet.reasonCode} is no reason code of DISCONNECT [5.0 MQTT-3.14.2-1]`)
  }
  // the property length may be left out (5.0, 3.14.2.2.1)
  if (end === start + 1) return packet
  const length = readPropertiesLength(buf, start + 1, end)
  const from = start + 1 + varintSize(length)
  if (from + length !== end) throw malformed('DISCONNECT has bytes after its properties')
  if (length > 0) packet.properties = readProperties(buf, from, end, 'disconnect')
  return packet
}

/** AUTH (MQTT 5.0, 3.15). Unlike DISCONNECT it is either empty or complete: 3.15.2 lets nothing else out. */
export function decodeAuth(buf: Buffer, start: number, end: number): AuthPacket {
  if (start === end) return { cmd: 'auth', reasonCode: 0 }
  const packet: AuthPacket = { cmd: 'auth', reasonCode: buf[start]! }
  if (!isDefinedReason(packet.reasonCode, 'auth')) {
    throw protocolError(`${packet.reasonCode} is no reason code of AUTH [5.0 MQTT-3.15.2-1]`)
  }
  const length = readPropertiesLength(buf, start + 1, end)
  const from = start + 1 + varintSize(length)
  if (from + length !== end) throw malformed('AUTH has bytes after its properties')
  if (length > 0) packet.properties = readProperties(buf, from, end, 'auth')
  // "a Protocol Error to omit" it (3.15.2.2.2); success may be empty, so only there it may be missing
  if (packet.reasonCode !== 0 && packet.properties?.authenticationMethod === undefined) {
    throw protocolError('AUTH without authenticationMethod')
  }
  return packet
}

/** 0, 1, or all: DISCONNECT leaves out what says nothing. */
export function disconnectSize(packet: DisconnectPacket, version: Version): number {
  if (version < 5) return 0
  const props = propertiesSize(packet.properties, 'disconnect')
  if (props > 1) return 1 + props
  return packet.reasonCode === 0 ? 0 : 1
}

export function authSize(packet: AuthPacket, version: Version): number {
  if (version < 5) throw new RangeError(`AUTH does not exist in protocol level ${version}`)
  const props = propertiesSize(packet.properties, 'auth')
  return props === 1 && packet.reasonCode === 0 ? 0 : 1 + props
}

/** Writes a body of `size` bytes. */
export function writeDisconnect(packet: DisconnectPacket, size: number, buf: Buffer, pos: number): number {
  if (size === 0) return pos
  buf[pos] = packet.reasonCode
  return size === 1 ? pos + 1 : writeProperties(buf, pos + 1, packet.properties, 'disconnect')
}

/** Writes a body of `size` bytes. */
export function writeAuth(packet: AuthPacket, size: number, buf: Buffer, pos: number): number {
  if (size === 0) return pos
  buf[pos] = packet.reasonCode
  return writeProperties(buf, pos + 1, packet.properties, 'auth')
}
