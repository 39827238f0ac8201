import type { AckPacket, Version } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { checkRange, readMessageId, readPropertiesLength, writeUint16 } from './fields.js'
import { readProperties } from './properties.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { isDefinedReason } from './reason-tables.js'
import { varintSize } from './varint.js'

export type AckCmd = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'
export type AnyAck = { [C in AckCmd]: AckPacket<C> }[AckCmd]

/** PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5.0, 3.4 to 3.7): one form for all. */
export function decodeAck(cmd: AckCmd, buf: Buffer, start: number, end: number, version: Version): AnyAck {
  const packet: AnyAck = { cmd, messageId: readMessageId(buf, start, end), reasonCode: 0 }
  // nothing after the identifier stands for success without properties (5.0, 3.4.2.1)
  if (end === start + 2) return packet
  if (version < 5) throw malformed(`${cmd} has more than two bytes`)
  packet.reasonCode = buf[start + 2]!
  if (!isDefinedReason(packet.reasonCode, cmd)) {
    throw protocolError(
      `${packet.reasonCode} is no reason code of ${cmd} [5.0 MQTT-3.4.2-1] [5.0 MQTT-3.6.2-1]`
    )
  }
  if (end === start + 3) return packet
  const length = readPropertiesLength(buf, start + 3, end)
  const from = start + 3 + varintSize(length)
  if (from + length !== end) throw malformed(`${cmd} has bytes after its properties`)
  if (length > 0) packet.properties = readProperties(buf, from, end, cmd)
  return packet
}

/** The shortest form that says it all. */
export function ackSize(packet: AnyAck, version: Version): number {
  checkRange('messageId', packet.messageId, 1, 0xffff)
  if (version < 5) return 2
  const props = propertiesSize(packet.properties, packet.cmd)
  if (props > 1) return 3 + props
  return packet.reasonCode === 0 ? 2 : 3
}

/** Writes a body of `size` bytes. */
export function writeAck(packet: AnyAck, size: number, buf: Buffer, pos: number): number {
  const at = writeUint16(buf, pos, packet.messageId)
  if (size === 2) return at
  buf[at] = packet.reasonCode
  if (size === 3) return at + 1
  return writeProperties(buf, at + 1, packet.properties, packet.cmd)
}
