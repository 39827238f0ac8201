import type { PublishPacket, Version } from '../packets.js'
import { checkRange, writeUint16 } from './fields.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { stringSize, writeString } from './utf8-write.js'

/** DUP, QoS and RETAIN: the low nibble of the fixed header (MQTT 5.0, 3.3.1). */
export function publishFlags(packet: PublishPacket): number {
  return (packet.dup ? 0x08 : 0) | (packet.qos << 1) | (packet.retain ? 0x01 : 0)
}

/** PUBLISH from any object: for clients and tests. What the broker sends many times is written by the outbound path. */
export function publishSize(packet: PublishPacket, version: Version): number {
  checkRange('qos', packet.qos, 0, 2)
  let size = stringSize(packet.topic) + packet.payload.length
  if (packet.qos > 0) {
    checkRange('messageId', packet.messageId, 1, 0xffff)
    size += 2
  }
  return version === 5 ? size + propertiesSize(packet.properties, 'publish') : size
}

export function writePublish(packet: PublishPacket, version: Version, buf: Buffer, pos: number): number {
  let at = writeString(buf, pos, packet.topic)
  // no identifier with QoS 0 [5.0 MQTT-2.2.1-2]
  if (packet.qos > 0) at = writeUint16(buf, at, packet.messageId)
  if (version === 5) at = writeProperties(buf, at, packet.properties, 'publish')
  buf.set(packet.payload, at)
  return at + packet.payload.length
}
