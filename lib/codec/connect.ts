import { MqttError } from '../errors.js'
import type { ConnectPacket, QoS, Version, Will } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { afterField, readBinary, readByte, readPropertiesLength, readUint16 } from './fields.js'
import { readProperties } from './properties.js'
import { readString } from './utf8.js'
import { varintSize } from './varint.js'

/**
 * CONNECT (MQTT 5.0, 3.1), of all versions: it says itself which one. The client id may have any length here, and a
 * will may have any topic.
 * @throws MqttError UnsupportedProtocolVersion, fatal, for other protocols than MQTT 3.1, 3.1.1 and 5.0
 */
export function decodeConnect(buf: Buffer, start: number, end: number): ConnectPacket {
  const version = readProtocol(buf, start, end)
  let pos = afterField(buf, start) + 1
  const flags = readByte(buf, pos, end)
  checkFlags(flags, version)
  const packet: ConnectPacket = {
    cmd: 'connect',
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion: version,
    clean: (flags & 0x02) !== 0,
    keepalive: readUint16(buf, pos + 1, end),
    clientId: ''
  }
  pos += 3
  if (version === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) packet.properties = readProperties(buf, pos, pos + length, 'connect')
    pos += length
  }
  packet.clientId = readString(buf, pos, end)
  pos = afterField(buf, pos)
  if ((flags & 0x04) !== 0) {
    pos = readWill(buf, pos, end, packet, flags)
  }
  return readCredentials(buf, pos, end, packet, flags)
}

/** Name and level [5.0 MQTT-3.1.2-1] [5.0 MQTT-3.1.2-2]. MQTT had another name up to level 3. */
function readProtocol(buf: Buffer, start: number, end: number): Version {
  const name = readString(buf, start, end)
  const level = readByte(buf, afterField(buf, start), end)
  if (name === 'MQTT' && (level === 4 || level === 5)) return level
  if (name === 'MQIsdp' && level === 3) return level
  const spoken = `protocol ${JSON.stringify(name.slice(0, 16))} with level ${level}`
  throw new MqttError('UnsupportedProtocolVersion', `${spoken} is not supported`, { fatal: true })
}

function checkFlags(flags: number, version: Version): void {
  if ((flags & 0x01) !== 0) throw malformed('the reserved connect flag is set [5.0 MQTT-3.1.2-3]')
  if ((flags & 0x04) === 0) {
    if ((flags & 0x18) !== 0) throw malformed('Will QoS without a will [5.0 MQTT-3.1.2-11]')
    if ((flags & 0x20) !== 0) throw malformed('Will Retain without a will [5.0 MQTT-3.1.2-13]')
  } else if ((flags & 0x18) === 0x18) {
    throw malformed('the Will QoS is 3 [5.0 MQTT-3.1.2-12]')
  }
  if (version < 5 && (flags & 0xc0) === 0x40) {
    throw malformed('a password without a user name [3.1.1 MQTT-3.1.2-22]')
  }
}

function readWill(buf: Buffer, start: number, end: number, packet: ConnectPacket, flags: number): number {
  let pos = start
  let properties: Will['properties']
  if (packet.protocolVersion === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) properties = readProperties(buf, pos, pos + length, 'will')
    pos += length
    if (properties?.responseTopic !== undefined && /[+#]/.test(properties.responseTopic)) {
      throw protocolError('the response topic of a will has wildcards [5.0 MQTT-3.3.2-14]')
    }
  }
  const topic = readString(buf, pos, end)
  pos = afterField(buf, pos)
  packet.will = {
    topic,
    payload: readBinary(buf, pos, end),
    qos: ((flags >> 3) & 0x03) as QoS,
    retain: (flags & 0x20) !== 0
  }
  if (properties !== undefined) packet.will.properties = properties
  return afterField(buf, pos)
}

function readCredentials(
  buf: Buffer,
  start: number,
  end: number,
  packet: ConnectPacket,
  flags: number
): ConnectPacket {
  let pos = start
  // MQTT 3.1 takes precedence of the length over these two flags: flagged, but missing at the end, is valid there
  const lenient = packet.protocolVersion === 3
  if ((flags & 0x80) !== 0 && !(lenient && pos === end)) {
    packet.username = readString(buf, pos, end)
    pos = afterField(buf, pos)
  }
  if ((flags & 0x40) !== 0 && !(lenient && pos === end)) {
    packet.password = readBinary(buf, pos, end)
    pos = afterField(buf, pos)
  }
  if (pos !== end) throw malformed('CONNECT has bytes after its last field')
  return packet
}
