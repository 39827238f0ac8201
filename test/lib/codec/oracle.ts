import mqtt, { type Packet as TheirPacket } from 'mqtt-packet'
import type { Packet, UserProperties, Version } from '../../../lib/packets.js'

type Loose = Record<string, unknown>

/** What mqtt-packet reads, or undefined if it refuses. */
export function theirDecode(wire: Buffer, version: Version): Loose | undefined {
  const parser = mqtt.parser({ protocolVersion: version })
  let packet: Loose | undefined
  let failed = false
  parser.on('packet', read => {
    packet = read as unknown as Loose
  })
  parser.on('error', () => {
    failed = true
  })
  try {
    parser.parse(wire)
  } catch {
    return undefined
  }
  return failed ? undefined : packet
}

/** What mqtt-packet writes, or undefined if it refuses. */
export function theirEncode(packet: Packet, version: Version): Buffer | undefined {
  try {
    return mqtt.generate(toTheirs(packet) as unknown as TheirPacket, { protocolVersion: version })
  } catch {
    return undefined
  }
}

/**
 * Our user properties in their shape: names are keys, repeated ones have an array. An empty first value is
 * overwritten by the next one there, so it is here.
 */
function grouped(pairs: UserProperties): Loose {
  const result: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of pairs) {
    const before = result[name]
    if (!before) result[name] = value
    else if (Array.isArray(before)) before.push(value)
    else result[name] = [before, value]
  }
  return result
}

function theirProperties(properties: Loose | undefined): Loose | undefined {
  if (properties?.userProperties === undefined) return properties
  return { ...properties, userProperties: grouped(properties.userProperties as UserProperties) }
}

/** Our packet with their user properties and their name of a return code. */
export function toTheirs(packet: Packet): Loose {
  const { properties, ...rest } = packet as unknown as Loose & { properties?: Loose }
  const theirs: Loose = { ...rest }
  if (properties !== undefined) theirs.properties = theirProperties(properties)
  if (packet.cmd === 'connect' && packet.will?.properties !== undefined) {
    theirs.will = { ...packet.will, properties: theirProperties(packet.will.properties as Loose) }
  }
  if (packet.cmd === 'connack') theirs.returnCode = packet.reasonCode
  return theirs
}

/** Their packet without the fields that every one of theirs has, and with those that all of ours have. */
export function fromTheirs(packet: Loose, version: Version): Loose {
  const { cmd, length: _, payload, topic, qos, retain, dup, ...rest } = packet
  const ours: Loose = { cmd, ...rest }
  if (cmd === 'publish') {
    Object.assign(ours, { payload, topic, qos, retain, dup })
    ours.messageId ??= 0
    if (qos === 0) ours.messageId = 0
  } else if ('messageId' in ours && ours.messageId === null) {
    delete ours.messageId
  }
  if (cmd === 'connack') {
    ours.reasonCode ??= ours.returnCode
    ours.returnCode = ours.reasonCode
  }
  if (cmd === 'subscribe' && version < 5) {
    ours.subscriptions = (ours.subscriptions as Loose[]).map(one => ({
      ...one,
      nl: false,
      rap: false,
      rh: 0
    }))
  }
  if (cmd === 'unsuback') ours.granted ??= []
  if (/^(pub(ack|rec|rel|comp)|disconnect)$/.test(cmd as string)) ours.reasonCode ??= 0
  for (const key of Object.keys(ours)) {
    if (ours[key] === undefined || ours[key] === null) delete ours[key]
  }
  return ours
}
