import { encode } from '../../lib/codec/index.js'
import type { Publish } from '../../lib/codec/publish.js'
import { decodePublish } from '../../lib/codec/publish-decode.js'
import { type Delivery, deliver } from '../../lib/codec/publish-deliver.js'
import type { PublishPacket, PublishProperties, QoS, Version } from '../../lib/index.js'
import { TopicTable } from '../../lib/topics/index.js'
import type { Case, Task } from './case.js'
import { Output, properties, publish } from './frames.js'

interface Way {
  readonly title: string
  readonly from: Version
  readonly to: Version
  readonly packet: PublishPacket
  /** Default: as it came. */
  readonly qos?: QoS
  readonly how?: Partial<Delivery>
  /** What is to be added to the packet for the general encoder to write the same. */
  readonly same?: Partial<PublishPacket>
}

const bare: PublishProperties = { topicAlias: 7 }
const identified: PublishProperties = { subscriptionIdentifier: [3, 400] }

const ways: readonly Way[] = [
  { title: 'the same frame, QoS 0, 64 B', from: 4, to: 4, packet: publish(0, 64) },
  { title: 'the same frame, QoS 1, 64 B', from: 4, to: 4, packet: publish(1, 64) },
  { title: 'the same frame, QoS 0, 1 KiB', from: 4, to: 4, packet: publish(0, 1024) },
  { title: 'the same frame, v5 QoS 1, five properties', from: 5, to: 5, packet: publish(1, 64, properties) },
  { title: 'QoS 1 as QoS 0, 64 B', from: 4, to: 4, packet: publish(1, 64), qos: 0 },
  { title: 'v3.1.1 to v5, QoS 0, 64 B', from: 4, to: 5, packet: publish(0, 64) },
  { title: 'v3.1.1 to v5, QoS 0, 1 KiB', from: 4, to: 5, packet: publish(0, 1024) },
  { title: 'v5 with five properties to v3.1.1', from: 5, to: 4, packet: publish(1, 64, properties) },
  {
    ...{ title: 'with a topic alias, 64 B', from: 5, to: 5, packet: publish(0, 64) },
    ...{ how: { alias: 7, bare: true }, same: { topic: '', properties: bare } }
  },
  {
    ...{ title: 'with two subscription identifiers, 64 B', from: 5, to: 5, packet: publish(0, 64) },
    ...{ how: { identifiers: [3, 400] }, same: { properties: identified } }
  }
]

/** One more copy of a PUBLISH that came in. What another encoder takes for it: `codec/write PUBLISH` (mqtt-packet). */
export const deliverCases: readonly Case[] = ways.map(way => ({
  name: `codec/deliver ${way.title}`,
  prepare: () => delivering(way)
}))

function delivering({ from, to, packet, qos = packet.qos, how, same }: Way): Task {
  const output = new Output()
  const received = receive(packet, from)
  const delivery: Delivery = {
    ...{ qos, retain: false, dup: false, messageId: 1, alias: 0, bare: false, identifiers: null, expiry: -1 },
    ...how
  }
  return {
    each: encode({ ...packet, qos, ...same }, to).length,
    run(operations) {
      let bytes = 0
      for (let i = 0; i < operations; i++) {
        delivery.messageId = (i & 0x7fff) + 1
        bytes += deliver(output, received, to === 5, 1_048_576, delivery)
      }
      return bytes
    }
  }
}

/** The packet as the broker has it after it came in. */
export function receive(packet: PublishPacket, version: Version, topics = new TopicTable(1)): Publish {
  const frame = encode(packet, version)
  // Behind the fixed header: a length below 128 has one byte.
  const topicAt = frame[1]! < 128 ? 2 : 3
  const source = { version, topics, aliases: null, now: () => Date.now() }
  return decodePublish(frame, 0, topicAt, frame.length, source)
}
