import fc from 'fast-check'
import { InboundAliases } from '../../../lib/codec/inbound-aliases.js'
import type { Publish } from '../../../lib/codec/publish.js'
import { decodePublish, type PublishSource } from '../../../lib/codec/publish-decode.js'
import type { PublishProperties, QoS, Version } from '../../../lib/packets.js'
import { TopicTable } from '../../../lib/topics/index.js'
import {
  type Bytes,
  field,
  packet,
  properties,
  u16,
  u32,
  userProperty,
  varint
} from '../../../spec-suite/protocol/bytes.js'

/** When the clock of a test source stands. */
export const now = 1_700_000_000_000

export function sourceOf(version: Version, aliases = 0): PublishSource {
  return {
    version,
    topics: new TopicTable(1),
    aliases: aliases > 0 ? new InboundAliases(aliases) : null,
    now: () => now
  }
}

/** Decodes one whole packet that stands between other bytes in a chunk. */
export function decoded(wire: Buffer, source: PublishSource): Publish {
  const chunk = Buffer.concat([Buffer.from([0x30, 0x7f, 0]), wire, Buffer.from([0, 0, 5, 1, 2])])
  let bodyAt = 4
  while (chunk[bodyAt++]! > 127);
  return decodePublish(chunk, 3, bodyAt, 3 + wire.length, source)
}

/** Properties as bytes, in the order of the object, without the length before them. */
export function propertyBytes(props: PublishProperties): Buffer {
  const parts: Bytes[] = []
  if (props.payloadFormatIndicator !== undefined) parts.push([0x01, props.payloadFormatIndicator ? 1 : 0])
  if (props.messageExpiryInterval !== undefined) parts.push([0x02], u32(props.messageExpiryInterval))
  if (props.topicAlias !== undefined) parts.push([0x23], u16(props.topicAlias))
  for (const [name, value] of props.userProperties ?? []) parts.push(userProperty(name, value))
  if (props.contentType !== undefined) parts.push([0x03], field(props.contentType))
  if (props.responseTopic !== undefined) parts.push([0x08], field(props.responseTopic))
  if (props.correlationData !== undefined) parts.push([0x09], field(props.correlationData))
  const identifiers = props.subscriptionIdentifier ?? []
  for (const one of typeof identifiers === 'number' ? [identifiers] : identifiers) {
    parts.push([0x0b], varint(one))
  }
  return Buffer.concat(parts.map(part => Buffer.from(part as string)))
}

export interface Wanted {
  topic: string
  payload: Buffer
  qos: QoS
  retain: boolean
  dup: boolean
  messageId: number
  properties: PublishProperties | undefined
}

/** A PUBLISH written from its parts by hand. */
export function publishBytes(version: Version, wanted: Wanted): Buffer {
  const { topic, payload, qos, retain, dup, messageId } = wanted
  return packet(
    0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0),
    field(topic),
    qos > 0 ? u16(messageId) : [],
    version === 5 ? properties(propertyBytes(wanted.properties ?? {})) : [],
    payload
  )
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }).map(value => value.replaceAll('\0', '-')),
  fc.constantFrom('é'.repeat(40), 'x'.repeat(130))
)
export const topicName = fc
  .oneof(fc.constantFrom('a', 'a/b', 'ü/€/😀', 't'.repeat(60), 'long/'.repeat(40)), text)
  .map(name => name.replaceAll(/[+#]/g, '/') || '/')
const bytes = Buffer.from(Array.from({ length: 66_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
/** Around the borders of what is copied in a loop, at once, and handed on as a block. */
export const payload = fc
  .oneof(
    fc.integer({ min: 0, max: 70 }),
    fc.constantFrom(100, 127, 128, 4000, 16_300, 16_384, 17_000, 65_600)
  )
  .chain(size => fc.nat(99).map(at => bytes.subarray(at, at + size)))
export const messageProperties: fc.Arbitrary<PublishProperties> = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    userProperties: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 3 }),
    contentType: text,
    responseTopic: text.map(name => name.replaceAll(/[+#]/g, '/') || '/'),
    correlationData: fc.uint8Array({ maxLength: 20 }).map(bytes => Buffer.from(bytes))
  },
  { requiredKeys: [], noNullPrototype: true }
)
