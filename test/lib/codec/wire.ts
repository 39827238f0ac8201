import { decode, readProperties, readString, varintSize } from '../../../lib/codec/index.js'
import { MqttError } from '../../../lib/errors.js'
import type { Packet, PublishPacket, QoS, Version } from '../../../lib/packets.js'
import type { ReasonName } from '../../../lib/reasons.js'

/** Bytes as people write them: `10 02 "MQTT"`; text in quotes stands for its bytes only, lengths are explicit. */
export function bytes(text: string): Buffer {
  const parts: Buffer[] = []
  for (const [word, quoted] of text.matchAll(/"([^"]*)"|\S+/g)) {
    if (quoted === undefined && !/^([0-9a-f]{2})+$/.test(word)) throw new Error(`${word} is no byte`)
    parts.push(quoted === undefined ? Buffer.from(word, 'hex') : Buffer.from(quoted))
  }
  return Buffer.concat(parts)
}

/** Decodes a body that stands between bytes which are not its own, and which then are overwritten. */
export function decodeBody(type: number, flags: number, body: Buffer, version: Version): Packet {
  const chunk = Buffer.concat([Buffer.from([0, 4, 0x4d]), body, Buffer.from([0, 1, 0x41, 0, 0])])
  const end = 3 + body.length
  const packet =
    type === 3 ? readPublish(flags, chunk, 3, end, version) : decode(type, flags, chunk, 3, end, version)
  chunk.fill(0xa5)
  return packet
}

/** Splits one whole packet and decodes it. */
export function decodePacket(packet: Buffer, version: Version): Packet {
  const [first, ...rest] = packet
  let length = 0
  let size = 0
  do length += (rest[size]! & 0x7f) << (7 * size)
  while (rest[size++]! > 0x7f)
  if (length !== rest.length - size)
    throw new Error(`remaining length ${length} of ${rest.length - size} bytes`)
  return decodeBody(first! >> 4, first! & 0x0f, packet.subarray(1 + size), version)
}

/** Slow, and trusts its input: only for what the encoder has written. */
function readPublish(
  flags: number,
  buf: Buffer,
  start: number,
  end: number,
  version: Version
): PublishPacket {
  const topic = readString(buf, start, end)
  let pos = start + 2 + Buffer.byteLength(topic)
  const qos = ((flags >> 1) & 3) as QoS
  const messageId = qos > 0 ? buf.readUInt16BE(pos) : 0
  if (qos > 0) pos += 2
  let properties: PublishPacket['properties']
  if (version === 5) {
    let length = 0
    let size = 0
    do length += (buf[pos + size]! & 0x7f) << (7 * size)
    while (buf[pos + size++]! > 0x7f)
    pos += varintSize(length)
    if (length > 0) properties = readProperties(buf, pos, pos + length, 'publish')
    pos += length
  }
  const payload = Buffer.from(buf.subarray(pos, end))
  return {
    cmd: 'publish',
    topic,
    payload,
    qos,
    retain: (flags & 1) === 1,
    dup: flags > 7,
    messageId,
    properties
  }
}

/** The reason a call was refused with, or what else came of it; refusals by the codec are always fatal. */
export function outcome(call: () => unknown): ReasonName | string {
  try {
    return `accepted: ${JSON.stringify(call())}`
  } catch (error) {
    if (!(error instanceof MqttError)) return `threw ${String(error)}`
    return error.fatal ? error.reasonName : `not fatal: ${error.reasonName}`
  }
}

/** A row of a table of refusals: title, type and flags, body, versions, reason. */
export type Refusal = readonly [
  title: string,
  first: string,
  body: string,
  versions: readonly Version[],
  reason: ReasonName
]

/** The reason a row of a table was refused with, in each version. */
export function reasonsOf([, first, body, versions]: Refusal): string[] {
  const head = Number.parseInt(first, 16)
  return versions.map(version => outcome(() => decodeBody(head >> 4, head & 0x0f, bytes(body), version)))
}
