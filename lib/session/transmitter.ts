import type { DropReason } from '../callbacks.js'
import type { Client } from '../client.js'
import { encodedSize, encodeInto } from '../codec/index.js'
import type { Publish } from '../codec/publish.js'
import { type Delivery, deliver } from '../codec/publish-deliver.js'
import { toError } from '../errors.js'
import { fit } from '../fit.js'
import type { PublishPacket, QoS } from '../packets.js'
import type { Stack } from '../stack.js'
import type { OutboundAliases } from './outbound-aliases.js'
import type { Outgoing } from './outgoing.js'

/** In seconds. A clock that is set back would give more, and no room for it. */
const longestExpiry = 0xffff_ffff

/** Puts one copy of a message on the wire of a client. */
export class Transmitter {
  readonly #stack: Stack
  /** Filled in for each copy and read before the next one: nothing is made for a message. */
  readonly #how: Delivery = {
    ...{ qos: 0, retain: false, dup: false, messageId: 0 },
    ...{ alias: 0, bare: false, identifiers: null, expiry: -1 }
  }

  constructor(stack: Stack) {
    this.#stack = stack
  }

  /** null when it went out, else why it did not. What is sent again does not expire any more. */
  send(
    client: Client,
    packet: Publish,
    qos: QoS,
    retain: boolean,
    dup: boolean,
    messageId: number,
    identifiers: readonly number[] | null,
    aliases: OutboundAliases | null
  ): DropReason | null {
    const how = this.#how
    how.qos = qos
    how.retain = retain
    how.dup = dup
    how.messageId = messageId
    how.expiry = -1
    if (packet.expiresAt > 0) {
      const left = packet.expiresAt - this.#stack.clock.now()
      if (left <= 0 && !dup) return 'expired'
      // Counted down in whole seconds [5.0 MQTT-3.3.2-6].
      how.expiry = left <= 0 ? 0 : Math.min(Math.ceil(left / 1000), longestExpiry)
    }
    const v5 = client.version === 5
    how.identifiers = v5 ? identifiers : null
    how.alias = 0
    how.bare = false
    if (this.#stack.hasOutgoing) return this.#sendHooked(client, packet)
    if (aliases !== null) return this.#sendAliased(client, packet, aliases)
    const size = deliver(client.writer, packet, v5, client.maximumPacketSize, how)
    if (size === 0) return 'packet-too-large'
    this.#stack.counters.messagesSent++
    return null
  }

  /** A message of QoS 1 or 2 with its identifier; `again` sets DUP [5.0 MQTT-3.3.1-1]. */
  sendOutgoing(client: Client, message: Outgoing, again: boolean, aliases: OutboundAliases | null) {
    const { packet, qos, retain, messageId, identifiers } = message
    return this.send(client, packet, qos, retain, again, messageId, identifiers, aliases)
  }

  #sendAliased(client: Client, packet: Publish, aliases: OutboundAliases): DropReason | null {
    const how = this.#how
    const { topic } = packet
    how.alias = aliases.known(topic)
    how.bare = how.alias > 0
    const assigned = how.bare ? 0 : aliases.assign(topic)
    how.alias ||= assigned
    const limit = client.maximumPacketSize
    if (deliver(client.writer, packet, true, limit, how) === 0) {
      if (assigned > 0) aliases.forget(topic)
      // The alias itself takes three bytes: without it the message may just fit.
      how.alias = 0
      how.bare = false
      if (deliver(client.writer, packet, true, limit, how) === 0) return 'packet-too-large'
    }
    this.#stack.counters.messagesSent++
    return null
  }

  /** Somebody wants the last word on what goes out: a packet of its own for each copy. */
  #sendHooked(client: Client, packet: Publish): DropReason | null {
    const { qos, retain, dup, messageId, identifiers, expiry } = this.#how
    const { topic, payload } = packet
    const { topicAlias: _, messageExpiryInterval: __, ...forwarded } = packet.properties ?? {}
    const properties = {
      ...forwarded,
      ...(expiry >= 0 && { messageExpiryInterval: expiry }),
      ...(identifiers && { subscriptionIdentifier: identifiers })
    }
    const copy: PublishPacket = { cmd: 'publish', topic, payload, qos, retain, dup, messageId, properties }
    try {
      const hooked = this.#stack.outgoing(client, copy)
      if (hooked === null) return 'refused'
      const fitting = fit(hooked, client)
      if (fitting === null) return 'packet-too-large'
      const at = client.writer.reserve(encodedSize(fitting, client.version))
      encodeInto(fitting, client.version, client.writer.buf, at)
    } catch (thrown) {
      // A fault on the way to this client is not the publisher's.
      this.#stack.refuse(client, null, toError(thrown))
      return 'refused'
    }
    this.#stack.counters.messagesSent++
    return null
  }
}
