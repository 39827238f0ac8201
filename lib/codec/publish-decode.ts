import { MqttError } from '../errors.js'
import type { QoS, Version } from '../packets.js'
import type { Topic, TopicTable } from '../topics/index.js'
import { malformed, protocolError } from './faults.js'
import type { InboundAliases } from './inbound-aliases.js'
import { readProperties } from './properties.js'
import { Publish } from './publish.js'
import { isWellFormed } from './utf8.js'
import { readVarint, varintSize } from './varint.js'

/** What decoding a PUBLISH needs to know of its connection. */
export interface PublishSource {
  readonly version: Version
  readonly topics: TopicTable
  /** null: the connection may use none [5.0 MQTT-3.2.2-18]. */
  readonly aliases: InboundAliases | null
  now(): number
}

/**
 * Reads a PUBLISH of a client. The result refers to `buf`; see Publish.detach().
 * @throws MqttError, always fatal: MalformedPacket, ProtocolError, TopicNameInvalid, TopicAliasInvalid
 */
export function decodePublish(
  buf: Buffer,
  start: number,
  topicAt: number,
  end: number,
  source: PublishSource
): Publish {
  const flags = buf[start]! & 15
  const qos = ((flags >> 1) & 3) as QoS
  if ((flags & 6) === 6) throw malformed('a PUBLISH has QoS 3')
  if ((flags & 14) === 8) throw malformed('a PUBLISH of QoS 0 has DUP set')
  const nameAt = topicAt + 2
  if (nameAt > end) throw malformed('a PUBLISH ends before its topic')
  const nameEnd = nameAt + ((buf[topicAt]! << 8) | buf[topicAt + 1]!)
  let bodyAt = nameEnd
  if (bodyAt > end) throw malformed('the topic of a PUBLISH goes on beyond its end')
  let messageId = 0
  if (qos > 0) {
    bodyAt += 2
    if (bodyAt > end) throw malformed('a PUBLISH ends before its packet identifier')
    messageId = (buf[nameEnd]! << 8) | buf[nameEnd + 1]!
    if (messageId === 0) throw protocolError('a PUBLISH has the packet identifier 0 [5.0 MQTT-2.2.1-3]')
  }
  const v5 = source.version === 5
  let topic = source.topics.intern(buf, nameAt, nameEnd)
  if (topic === null && nameEnd > nameAt) throw badTopic(buf, nameAt, nameEnd)
  if (!v5 || buf[bodyAt] === 0) {
    if (topic === null) throw noTopic(v5)
    if (v5 && bodyAt >= end) throw malformed('a PUBLISH ends before its properties')
    const payloadAt = v5 ? bodyAt + 1 : bodyAt
    const packet = new Publish(flags, topic, messageId, { buf, start, topicAt, bodyAt, payloadAt, end, v5 })
    // MQTT 3 may send a remaining length in more bytes than it needs; nobody else has to see it.
    if (topicAt - start > 2 && topicAt - start - 1 > varintSize(end - topicAt)) packet.plain = false
    return packet
  }
  const length = readVarint(buf, bodyAt, end)
  const propertiesAt = bodyAt + varintSize(length)
  const payloadAt = propertiesAt + length
  if (payloadAt > end) throw malformed('the properties of a PUBLISH go on beyond its end')
  const properties = readProperties(buf, propertiesAt, payloadAt, 'publish')
  if (properties.subscriptionIdentifier !== undefined) {
    throw protocolError('a client sent a subscription identifier in a PUBLISH [5.0 MQTT-3.3.4-6]')
  }
  if (properties.responseTopic !== undefined && /[+#]/.test(properties.responseTopic)) {
    throw protocolError('a response topic has wildcards [5.0 MQTT-3.3.2-14]')
  }
  if (properties.topicAlias !== undefined) topic = resolve(source, topic, properties.topicAlias)
  if (topic === null) throw noTopic(v5)
  const packet = new Publish(flags, topic, messageId, { buf, start, topicAt, bodyAt, payloadAt, end, v5 })
  const expiry = properties.messageExpiryInterval
  packet.received(properties, properties.topicAlias === undefined && expiry === undefined)
  if (expiry !== undefined) packet.expiresAt = source.now() + expiry * 1000
  return packet
}

function resolve(source: PublishSource, topic: Topic | null, alias: number): Topic | null {
  if (source.aliases === null) {
    throw new MqttError('TopicAliasInvalid', 'topic aliases are not accepted here [5.0 MQTT-3.2.2-18]')
  }
  return source.aliases.resolve(alias, topic)
}

function noTopic(v5: boolean): MqttError {
  return v5 ? protocolError('a PUBLISH has neither a topic nor a topic alias') : malformed('a topic is empty')
}

function badTopic(buf: Buffer, start: number, end: number): MqttError {
  if (!isWellFormed(buf, start, end)) return malformed('a topic is not well-formed UTF-8 or holds U+0000')
  return new MqttError('TopicNameInvalid', 'a topic name has wildcards [5.0 MQTT-3.3.2-2]', { fatal: true })
}
