import type { SubscribePacket, SubscriptionRequest, UnsubscribePacket, Version } from '../packets.js'
import { malformed, protocolError } from './faults.js'
import { afterField, readByte, readMessageId, readPropertiesLength } from './fields.js'
import { readProperties } from './properties.js'
import { readString } from './utf8.js'
import { varintSize } from './varint.js'

/**
 * SUBSCRIBE (MQTT 5.0, 3.8). Filters are judged as strings only; whether they are filters, and whether No Local
 * meets a shared subscription, is for a middleware.
 */
export function decodeSubscribe(buf: Buffer, start: number, end: number, version: Version): SubscribePacket {
  const packet: SubscribePacket = {
    cmd: 'subscribe',
    messageId: readMessageId(buf, start, end),
    subscriptions: []
  }
  let pos = start + 2
  if (version === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) packet.properties = readProperties(buf, pos, pos + length, 'subscribe')
    pos += length
  }
  if (pos === end) throw protocolError('SUBSCRIBE without a filter [5.0 MQTT-3.8.3-2] [3.1.1 MQTT-3.8.3-3]')
  while (pos < end) {
    const topic = readString(buf, pos, end)
    pos = afterField(buf, pos)
    const options = readByte(buf, pos++, end)
    packet.subscriptions.push(version === 5 ? request(topic, options) : oldRequest(topic, options))
  }
  return packet
}

function request(topic: string, options: number): SubscriptionRequest {
  if ((options & 0xc0) !== 0) throw malformed('reserved bits in the options of a filter [5.0 MQTT-3.8.3-5]')
  const qos = options & 0x03
  const rh = options >> 4
  if (qos === 3) throw protocolError('a filter with the maximum QoS 3 (5.0, 3.8.3.1)')
  if (rh === 3) throw protocolError('a filter with the Retain Handling 3 (5.0, 3.8.3.1)')
  return {
    topic,
    qos: qos as 0 | 1 | 2,
    nl: (options & 0x04) !== 0,
    rap: (options & 0x08) !== 0,
    rh: rh as 0 | 1 | 2
  }
}

function oldRequest(topic: string, qos: number): SubscriptionRequest {
  if (qos > 2) throw malformed('a filter with a QoS byte above 2 [3.1.1 MQTT-3.8.3-4]')
  return { topic, qos: qos as 0 | 1 | 2, nl: false, rap: false, rh: 0 }
}

/** UNSUBSCRIBE (MQTT 5.0, 3.10). */
export function decodeUnsubscribe(
  buf: Buffer,
  start: number,
  end: number,
  version: Version
): UnsubscribePacket {
  const messageId = readMessageId(buf, start, end)
  const packet: UnsubscribePacket = { cmd: 'unsubscribe', messageId, unsubscriptions: [] }
  let pos = start + 2
  if (version === 5) {
    const length = readPropertiesLength(buf, pos, end)
    pos += varintSize(length)
    if (length > 0) packet.properties = readProperties(buf, pos, pos + length, 'unsubscribe')
    pos += length
  }
  if (pos === end)
    throw protocolError('UNSUBSCRIBE without a filter [5.0 MQTT-3.10.3-2] [3.1.1 MQTT-3.10.3-2]')
  while (pos < end) {
    packet.unsubscriptions.push(readString(buf, pos, end))
    pos = afterField(buf, pos)
  }
  return packet
}
