import type { ByteSink } from '../../lib/codec/publish-deliver.js'
import type { Packet, PublishPacket, PublishProperties, QoS, Version } from '../../lib/index.js'

export const topic = 'site/12/line/3/temperature'

/** What a device may say of a message. */
export const properties: PublishProperties = {
  contentType: 'application/json',
  responseTopic: 'site/12/answers',
  correlationData: Buffer.from('0123456789abcdef'),
  userProperties: [
    ['unit', 'celsius'],
    ['sensor', 'north-east']
  ]
}

/** A packet that is read or written, and the version it has. */
export interface Sample<P extends Packet = Packet> {
  readonly title: string
  readonly version: Version
  readonly packet: P
}

export function publish(qos: QoS, size: number, own?: PublishProperties): PublishPacket {
  const payload = Buffer.alloc(size, 'x')
  return { cmd: 'publish', topic, payload, qos, retain: false, dup: false, messageId: qos, properties: own }
}

export const publishes: ReadonlyArray<Sample<PublishPacket>> = [
  { title: 'PUBLISH QoS 0, 64 B', version: 4, packet: publish(0, 64) },
  { title: 'PUBLISH QoS 1, 64 B', version: 4, packet: publish(1, 64) },
  { title: 'PUBLISH QoS 0, 1 KiB', version: 4, packet: publish(0, 1024) },
  { title: 'PUBLISH v5 QoS 0, 64 B', version: 5, packet: publish(0, 64) },
  { title: 'PUBLISH v5 QoS 1, 64 B, five properties', version: 5, packet: publish(1, 64, properties) }
]

const ack = (cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'): Packet => {
  return { cmd, messageId: 1234, reasonCode: 0 }
}

export const acks: readonly Sample[] = [
  { title: 'PUBACK', version: 4, packet: ack('puback') },
  { title: 'PUBREC', version: 4, packet: ack('pubrec') },
  { title: 'PUBREL', version: 4, packet: ack('pubrel') },
  { title: 'PUBCOMP', version: 4, packet: ack('pubcomp') },
  { title: 'PUBACK v5, with a reason', version: 5, packet: { cmd: 'puback', messageId: 1, reasonCode: 0x10 } }
]

export function connect(version: Version, clientId: string): Extract<Packet, { cmd: 'connect' }> {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    keepalive: 60,
    clientId
  }
}

export function subscribe(count: number, qos: QoS, filter = topic): Extract<Packet, { cmd: 'subscribe' }> {
  const one = (i: number) => (count === 1 ? filter : `${filter}/${i}/+`)
  const subscriptions = Array.from({ length: count }, (_, i) => {
    return { topic: one(i), qos, nl: false, rap: false, rh: 0 as const }
  })
  return { cmd: 'subscribe', messageId: 1, subscriptions }
}

const credentials = { username: 'device-0042', password: Buffer.from('correct horse battery staple') }

export const requests: readonly Sample[] = [
  { title: 'CONNECT', version: 4, packet: { ...connect(4, 'device-0042'), ...credentials } },
  { title: 'CONNECT v5', version: 5, packet: { ...connect(5, 'device-0042'), ...credentials } },
  { title: 'SUBSCRIBE of 10 filters', version: 4, packet: subscribe(10, 1) },
  { title: 'SUBSCRIBE v5 of 10 filters', version: 5, packet: subscribe(10, 1) }
]

/** Where encoders write, over and over. */
export class Output implements ByteSink {
  readonly buf = Buffer.alloc(65_536)
  #pos = 0

  reserve(bytes: number): number {
    if (this.#pos + bytes > this.buf.length) this.#pos = 0
    const at = this.#pos
    this.#pos += bytes
    return at
  }

  append(block: Buffer): void {
    throw new Error(`a block of ${block.length} bytes was to be handed on: use smaller ones here`)
  }
}
