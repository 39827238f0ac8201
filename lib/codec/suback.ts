import type { SubackPacket, UnsubackPacket, Version } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { checkRange, readMessageId, readPropertiesLength, writeUint16 } from './fields.js'
import { readProperties } from './properties.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { isDefinedReason } from './reason-tables.js'
import { varintSize } from './varint.js'

type AnySuback = SubackPacket | UnsubackPacket

/** SUBACK and UNSUBACK (MQTT 5.0, 3.9 and 3.11): one form, but for the codes and that UNSUBACK had none in MQTT 3. */
export function decodeSuback(
  cmd: AnySuback['cmd'],
  buf: Buffer,
  start: number,
  end: number,
  version: Version
): AnySuback {
  const packet: AnySuback = { cmd, messageId: readMessageId(buf, start, end), granted: [] }
  let pos = start + 2
  if (version === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) packet.properties = readProperties(buf, pos, pos + length, cmd)
    pos += length
  } else if (cmd === 'unsuback') {
    if (pos !== end) throw malformed('UNSUBACK has more than two bytes')
    return packet
  }
  if (pos === end) throw protocolError(`${cmd} without a code`)
  for (; pos < end; pos++) {
    const code = buf[pos]!
    if (!isGranted(code, cmd, version)) throw protocolError(`${code} is no reason code of ${cmd}`)
    packet.granted.push(code)
  }
  return packet
}

function isGranted(code: number, cmd: AnySuback['cmd'], version: Version): boolean {
  // [3.1.1 MQTT-3.9.3-2]; MQTT 3.1 has no failure, but what else could its servers say
  return version === 5 ? isDefinedReason(code, cmd) : code <= 2 || code === 0x80
}

export function subackSize(packet: AnySuback, version: Version): number {
  checkRange('messageId', packet.messageId, 1, 0xffff)
  if (version < 5 && packet.cmd === 'unsuback') return 2
  checkRange('the number of codes', packet.granted.length, 1, Number.MAX_SAFE_INTEGER)
  const size = 2 + packet.granted.length
  return version === 5 ? size + propertiesSize(packet.properties, packet.cmd) : size
}

export function writeSuback(packet: AnySuback, version: Version, buf: Buffer, pos: number): number {
  let at = writeUint16(buf, pos, packet.messageId)
  if (version === 5) at = writeProperties(buf, at, packet.properties, packet.cmd)
  else if (packet.cmd === 'unsuback') return at
  for (const code of packet.granted) buf[at++] = version < 5 && code > 0x80 ? 0x80 : code
  return at
}
