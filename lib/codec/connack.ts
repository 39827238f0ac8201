import type { ConnackPacket, Version } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { readPropertiesLength } from './fields.js'
import { readProperties } from './properties.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { isDefinedReason } from './reason-tables.js'
import { varintSize } from './varint.js'

/** CONNACK (MQTT 5.0, 3.2). */
export function decodeConnack(buf: Buffer, start: number, end: number, version: Version): ConnackPacket {
  if (end < start + 2) throw malformed('CONNACK has less than two bytes')
  const flags = buf[start]!
  if (flags > 1) throw malformed('reserved bits in the flags of CONNACK [5.0 MQTT-3.2.2-1]')
  const reasonCode = buf[start + 1]!
  if (version === 5 ? !isDefinedReason(reasonCode, 'connack') : reasonCode > 5) {
    throw protocolError(`${reasonCode} is no code of CONNACK [5.0 MQTT-3.2.2-8]`)
  }
  const packet: ConnackPacket = { cmd: 'connack', sessionPresent: flags === 1, reasonCode }
  let pos = start + 2
  if (version === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) packet.properties = readProperties(buf, pos, pos + length, 'connack')
    pos += length
  }
  if (pos !== end) throw malformed('CONNACK has bytes after its last field')
  return packet
}

export function connackSize(packet: ConnackPacket, version: Version): number {
  return version === 5 ? 2 + propertiesSize(packet.properties, 'connack') : 2
}

export function writeConnack(packet: ConnackPacket, version: Version, buf: Buffer, pos: number): number {
  // MQTT 3.1 has no Session Present, the byte is reserved there
  buf[pos] = packet.sessionPresent && version > 3 ? 1 : 0
  buf[pos + 1] = packet.reasonCode
  return version === 5 ? writeProperties(buf, pos + 2, packet.properties, 'connack') : pos + 2
}
