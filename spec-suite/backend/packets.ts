import type { OutgoingMessage, PublishPacket } from '../../lib/index.js'
import { Publish } from '../../lib/index.js'

type Given = Partial<PublishPacket> & { topic: string }

/** A message as a plain object. */
export function plain(given: Given): PublishPacket {
  return {
    ...{ cmd: 'publish', payload: Buffer.from('payload'), qos: 0, retain: false, dup: false, messageId: 0 },
    ...{ properties: undefined, expiresAt: 0 },
    ...given
  }
}

/** The same as the broker's own class. */
export function publish(given: Given): Publish {
  return Publish.from(plain(given))
}

/** With everything that a message may carry. */
export const everything = {
  payload: Buffer.from([0, 255, 1, 0x80, 0, 0]),
  properties: {
    payloadFormatIndicator: false,
    messageExpiryInterval: 3600,
    contentType: 'text/plain; ü',
    responseTopic: 'answer/here',
    correlationData: Buffer.from([0, 0xff, 7]),
    userProperties: [
      ['b', '1'],
      ['a', '2'],
      ['b', '']
    ]
  },
  expiresAt: 4_102_444_800_000
} satisfies Partial<PublishPacket>

export function outgoingMessage(packet: PublishPacket, rest: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { packet, qos: 1, retain: false, identifiers: null, messageId: 0, released: false, ...rest }
}

/** What has to be the same when a message comes back, in a form that can be compared. */
export function essence({ topic, payload, qos, retain, properties, expiresAt }: PublishPacket): object {
  const entries = Object.entries(properties ?? {}).filter(([, value]) => value !== undefined)
  const plainly = entries.map(([name, value]) => [
    name,
    Buffer.isBuffer(value) ? value.toString('hex') : value
  ])
  return {
    ...{ topic, payload: Buffer.from(payload).toString('hex'), qos, retain, expiresAt: expiresAt ?? 0 },
    properties: Object.fromEntries(plainly.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
  }
}

export function messageEssence(message: OutgoingMessage): object {
  const { packet, qos, retain, identifiers, messageId, released } = message
  return {
    ...{ packet: essence(packet), qos, retain, messageId, released },
    identifiers: identifiers === null ? null : [...identifiers]
  }
}
