import type { ConnectPacket } from '../packets.js'
import { binarySize, checkRange, writeBinary, writeUint16 } from './fields.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { stringSize, writeString } from './utf8-write.js'

/** Protocol name with its length, level, flags and keep alive. */
function headSize(packet: ConnectPacket): number {
  return packet.protocolId.length + 6
}

/** By the packet's own `protocolVersion`. */
export function connectSize(packet: ConnectPacket): number {
  const { protocolVersion: version, will } = packet
  checkRange('protocolVersion', version, 3, 5)
  checkRange('keepalive', packet.keepalive, 0, 0xffff)
  if (version < 5 && packet.username === undefined && packet.password !== undefined) {
    throw new RangeError('a password without a user name [3.1.1 MQTT-3.1.2-22]')
  }
  let size = headSize(packet) + stringSize(packet.clientId)
  if (version === 5) size += propertiesSize(packet.properties, 'connect')
  if (will !== undefined) {
    checkRange('will.qos', will.qos, 0, 2)
    size += stringSize(will.topic) + binarySize(will.payload)
    if (version === 5) size += propertiesSize(will.properties, 'will')
  }
  if (packet.username !== undefined) size += stringSize(packet.username)
  if (packet.password !== undefined) size += binarySize(packet.password)
  return size
}

/** The order of the fields is fixed [5.0 MQTT-3.1.3-1]. */
export function writeConnect(packet: ConnectPacket, buf: Buffer, pos: number): number {
  const { protocolVersion: version, will } = packet
  let at = writeString(buf, pos, packet.protocolId)
  buf[at++] = version
  buf[at++] = flagsOf(packet)
  at = writeUint16(buf, at, packet.keepalive)
  if (version === 5) at = writeProperties(buf, at, packet.properties, 'connect')
  at = writeString(buf, at, packet.clientId)
  if (will !== undefined) {
    if (version === 5) at = writeProperties(buf, at, will.properties, 'will')
    at = writeBinary(buf, writeString(buf, at, will.topic), will.payload)
  }
  if (packet.username !== undefined) at = writeString(buf, at, packet.username)
  if (packet.password !== undefined) at = writeBinary(buf, at, packet.password)
  return at
}

function flagsOf({ clean, will, username, password }: ConnectPacket): number {
  let flags = clean ? 0x02 : 0
  if (will !== undefined) flags |= 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0)
  if (password !== undefined) flags |= 0x40
  if (username !== undefined) flags |= 0x80
  return flags
}
