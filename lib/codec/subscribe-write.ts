import type { SubscribePacket, UnsubscribePacket, Version } from '../packets.js'
import { checkRange, writeUint16 } from './fields.js'
import { propertiesSize, writeProperties } from './properties-write.js'
import { stringSize, writeString } from './utf8-write.js'

export function subscribeSize(packet: SubscribePacket, version: Version): number {
  checkRange('messageId', packet.messageId, 1, 0xffff)
  checkRange('the number of subscriptions', packet.subscriptions.length, 1, Number.MAX_SAFE_INTEGER)
  let size = version === 5 ? 2 + propertiesSize(packet.properties, 'subscribe') : 2
  for (const subscription of packet.subscriptions) {
    checkRange('qos', subscription.qos, 0, 2)
    checkRange('rh', subscription.rh, 0, 2)
    size += stringSize(subscription.topic) + 1
  }
  return size
}

/** MQTT 3 has no options: No Local, Retain As Published and Retain Handling are not written there. */
export function writeSubscribe(packet: SubscribePacket, version: Version, buf: Buffer, pos: number): number {
  let at = writeUint16(buf, pos, packet.messageId)
  if (version === 5) at = writeProperties(buf, at, packet.properties, 'subscribe')
  for (const { topic, qos, nl, rap, rh } of packet.subscriptions) {
    at = writeString(buf, at, topic)
    buf[at++] = version === 5 ? qos | (nl ? 0x04 : 0) | (rap ? 0x08 : 0) | (rh << 4) : qos
  }
  return at
}

export function unsubscribeSize(packet: UnsubscribePacket, version: Version): number {
  checkRange('messageId', packet.messageId, 1, 0xffff)
  checkRange('the number of unsubscriptions', packet.unsubscriptions.length, 1, Number.MAX_SAFE_INTEGER)
  let size = version === 5 ? 2 + propertiesSize(packet.properties, 'unsubscribe') : 2
  for (const filter of packet.unsubscriptions) size += stringSize(filter)
  return size
}

export function writeUnsubscribe(
  packet: UnsubscribePacket,
  version: Version,
  buf: Buffer,
  pos: number
): number {
  let at = writeUint16(buf, pos, packet.messageId)
  if (version === 5) at = writeProperties(buf, at, packet.properties, 'unsubscribe')
  for (const filter of packet.unsubscriptions) at = writeString(buf, at, filter)
  return at
}
