import type { Logger } from 'pino'
import type { Client } from '../client.js'
import { Middleware } from '../middleware.js'
import type { Packet } from '../packets.js'

/**
 * Logs every packet in one line, coming and going; payloads and passwords stay out of it.
 * Handles no callbacks and executes none. Stands first: it sees what comes before anybody refuses it, and what goes
 * after everybody changed it. It is only in the stack when it has something to write.
 */
export class PacketLog extends Middleware {
  override readonly before = ['Connection'] as const
  readonly #log: Logger

  constructor(log: Logger) {
    super()
    this.#log = log
  }

  override handle(client: Client, packet: Packet): void {
    this.#write('in', packet.cmd === 'connect' ? packet.clientId : client.id, packet)
  }

  override outgoing(client: Client, packet: Packet): Packet {
    this.#write('out', client.id, packet)
    return packet
  }

  #write(direction: 'in' | 'out', client: string, packet: Packet): void {
    const { cmd } = packet
    // Nothing of the peer's in the text, which goes to terminals as it is: fields are escaped.
    this.#log.debug({ client, direction, cmd, ...partsOf(packet) }, direction === 'in' ? '→' : '←')
  }
}

/** What there is to say about a packet in a line. */
function partsOf(packet: Packet): Record<string, unknown> {
  switch (packet.cmd) {
    case 'publish': {
      const { topic, qos, retain, dup, messageId: mid, payload } = packet
      return {
        topic,
        qos,
        ...(qos > 0 && { mid }),
        ...(retain && { retain }),
        ...(dup && { dup }),
        size: payload.length
      }
    }
    case 'connect': {
      const { protocolVersion: version, keepalive, clean, username, will } = packet
      return { version, keepalive, clean, username, ...(will && { will: will.topic }) }
    }
    case 'connack':
      return { reason: packet.reasonCode, sessionPresent: packet.sessionPresent }
    case 'subscribe':
      return {
        mid: packet.messageId,
        filters: packet.subscriptions.map(({ topic, qos }) => `${topic} (${qos})`)
      }
    case 'unsubscribe':
      return { mid: packet.messageId, filters: packet.unsubscriptions }
    case 'suback':
    case 'unsuback':
      return { mid: packet.messageId, granted: packet.granted }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { mid: packet.messageId, reason: packet.reasonCode }
    case 'disconnect':
    case 'auth':
      return { reason: packet.reasonCode }
    default:
      return {}
  }
}
