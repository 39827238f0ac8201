import { Publish, type PublishProperties, type QoS, type Subscription } from '../../../lib/index.js'
import { parseFilter } from '../../../lib/topics/index.js'
import { packetSize } from '../packet-codec.js'
import { type Fields, LineError, textProblem } from './fields.js'

/** 48 bits, which is how messages keep the time they expire. */
const latest = 2 ** 48 - 1

/** The longest packet of MQTT, and what a store puts before it. */
const largest = 268_435_460

/** The longest number of MQTT that is not of a fixed size. */
export const maximumIdentifier = 268_435_455
export const maximumSeconds = 0xffff_ffff

/** A message of an export. @throws LineError */
export function readMessage(fields: Fields): Publish {
  const packet = Publish.from({
    topic: fields.topic('topic'),
    payload: fields.bytes('payload'),
    qos: readQos(fields, 0),
    retain: fields.flag('retain'),
    expiresAt: fields.integerOrNull('expiresAt', 1, latest) ?? 0,
    properties: fields.has('properties') ? readProperties(fields.object('properties')) : undefined
  })
  fields.end()
  checkSize(packet)
  return packet
}

function checkSize(packet: Publish): void {
  // Most are small, and their parts have been checked.
  if (!packet.hasProperties && packet.payloadLength < 1_048_576) return
  let size: number
  try {
    size = packetSize(packet)
  } catch (err) {
    // Its properties are too long all together, for one.
    throw new LineError((err as Error).message)
  }
  if (size > largest) throw new LineError(`the message has ${size} bytes: MQTT carries at most ${largest}`)
}

export function readQos(fields: Fields, lowest: 0 | 1): QoS {
  return fields.integer('qos', lowest, 2) as QoS
}

function readProperties(fields: Fields): PublishProperties {
  const properties: PublishProperties = {}
  if (fields.has('payloadFormatIndicator')) {
    properties.payloadFormatIndicator = fields.flag('payloadFormatIndicator')
  }
  if (fields.has('messageExpiryInterval')) {
    properties.messageExpiryInterval = fields.integer('messageExpiryInterval', 0, maximumSeconds)
  }
  if (fields.has('contentType')) properties.contentType = fields.text('contentType')
  if (fields.has('responseTopic')) properties.responseTopic = responseTopic(fields)
  if (fields.has('correlationData')) properties.correlationData = correlationData(fields)
  if (fields.has('userProperties')) properties.userProperties = userProperties(fields)
  fields.end()
  return properties
}

/** [5.0 MQTT-3.3.2-14] */
function responseTopic(fields: Fields): string {
  const topic = fields.text('responseTopic')
  if (/[+#]/.test(topic)) throw fields.wrong('responseTopic', topic, 'a topic without wildcards')
  return topic
}

function correlationData(fields: Fields): Buffer {
  const data = fields.bytes('correlationData')
  if (data.length <= 0xffff) return data
  throw new LineError(`correlationData has ${data.length} bytes: MQTT carries at most 65535`)
}

function userProperties(fields: Fields): Array<[string, string]> {
  return fields.list('userProperties').map(pair => {
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every(text => textProblem(text) === null)
    if (!isPair) throw fields.wrong('userProperties', pair, 'pairs of texts: [["name", "value"]]')
    return pair as [string, string]
  })
}

export function readSubscription(fields: Fields): Subscription {
  const topic = fields.text('topic')
  const filter = parseFilter(topic)
  if (!filter) throw fields.wrong('topic', topic, 'a topic filter')
  const subscription: Subscription = {
    topic,
    qos: readQos(fields, 0),
    nl: fields.flag('nl'),
    rap: fields.flag('rap'),
    rh: fields.integer('rh', 0, 2) as Subscription['rh'],
    ...(fields.has('identifier') && { identifier: fields.integer('identifier', 1, maximumIdentifier) })
  }
  // [5.0 MQTT-3.8.3-4]
  if (subscription.nl && filter.share !== null) throw fields.wrong('nl', true, 'false: it is shared')
  fields.end()
  return subscription
}
