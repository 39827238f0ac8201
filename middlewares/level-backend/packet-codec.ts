import { decodePublish } from '../../lib/codec/publish-decode.js'
import { publishSize, writePublish } from '../../lib/codec/publish-write.js'
import { readVarint, varintSize, writeVarint } from '../../lib/codec/varint.js'
import type { PublishPacket, Stack } from '../../lib/index.js'
import { Publish } from '../../lib/index.js'

/*
 * A message on disk: one byte of flags, when it expires (if it does), and then the PUBLISH as on the wire. One that is
 * forwarded as it came is stored as it came.
 */
const qosBits = 3
const retainBit = 4
const expiresBit = 8
const v5Bit = 16

export function packetSize(packet: PublishPacket): number {
  const head = packet.expiresAt ? 7 : 1
  if (isVerbatim(packet)) return head + packet.end - packet.start
  const body = publishSize(bare(packet), 5)
  return head + 1 + varintSize(body) + body
}

export function writePacket(packet: PublishPacket, buf: Buffer, pos: number): number {
  const { expiresAt = 0 } = packet
  const verbatim = isVerbatim(packet)
  buf[pos] =
    packet.qos |
    (packet.retain ? retainBit : 0) |
    (expiresAt > 0 ? expiresBit : 0) |
    (!verbatim || packet.v5 ? v5Bit : 0)
  let at = pos + 1
  if (expiresAt > 0) at = buf.writeUIntBE(expiresAt, at, 6)
  if (verbatim) {
    const frame = packet.frame()
    buf.set(frame, at)
    return at + frame.length
  }
  const plain = bare(packet)
  buf[at] = 0x30
  at = writeVarint(buf, at + 1, publishSize(plain, 5))
  return writePublish(plain, 5, buf, at)
}

/**
 * The message in `buf[pos, end)`; it refers to the buffer.
 * @throws MqttError when these bytes are none
 */
export function readPacket(buf: Buffer, pos: number, end: number, { topics, clock }: Stack): Publish {
  const flags = buf[pos]!
  let start = pos + 1
  let expiresAt = 0
  if (flags & expiresBit) {
    expiresAt = buf.readUIntBE(start, 6)
    start += 6
  }
  const length = readVarint(buf, start + 1, end)
  const version = flags & v5Bit ? 5 : 4
  const source = { version, topics, aliases: null, now: () => clock.now() } as const
  const packet = decodePublish(buf, start, start + 1 + varintSize(length), end, source)
  packet.qos = (flags & qosBits) as PublishPacket['qos']
  packet.retain = (flags & retainBit) !== 0
  packet.expiresAt = expiresAt
  return packet
}

/** Whether its frame is all there is to it. */
function isVerbatim(packet: PublishPacket): packet is Publish {
  return packet instanceof Publish && packet.plain
}

/** Without what belongs to its way here: alias and identifiers. */
function bare({ topic, payload, properties, retain }: PublishPacket): PublishPacket {
  const common = properties && { ...properties }
  delete common?.topicAlias
  delete common?.subscriptionIdentifier
  return {
    ...{ cmd: 'publish', topic, payload, qos: 0, retain, dup: false, messageId: 0 },
    properties: common
  }
}
