import type { Client, Ctx, PacketOf, Slot, Store } from '../../../../lib/index.js'
import type { OutboundLine } from '../../../../lib/session/outbound-line.js'
import type { Outgoing } from '../../../../lib/session/outgoing.js'
import { MemoryOffline, OutboundManager } from '../../../../middlewares/index.js'
import { hooks, receiving, sending } from '../kit/change.js'
import { idAt, qosOf, typeOf, withByte } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Reaches what a session has in flight the way a middleware does that takes over. */
abstract class Meddling extends OutboundManager {
  override get name(): string {
    return 'OutboundManager'
  }

  protected lineOf({ session }: Client): OutboundLine | undefined {
    const { lines } = this.exportState() as { lines: Slot<OutboundLine> }
    return session ? lines.get(session) : undefined
  }
}

/** Changes what is in flight before it is sent again. */
class Rearranging extends Meddling {
  readonly #change: (messages: Outgoing[]) => Outgoing[]

  constructor(change: (messages: Outgoing[]) => Outgoing[]) {
    super()
    this.#change = change
  }

  override clientConnected(ctx: Ctx<'clientConnected'>): void {
    const { inflight } = this.lineOf(ctx.client) ?? {}
    if (inflight) {
      const messages = this.#change([...inflight.values()])
      inflight.clear()
      for (const message of messages) inflight.set(message.messageId, message)
    }
    super.clientConnected(ctx)
  }
}

/** Thinks that a message has arrived when PUBREC came: its quota is free. */
class Generous extends Meddling {
  override handle(client: Client, packet: PacketOf<'puback' | 'pubrec' | 'pubcomp'>) {
    const outcome = super.handle(client, packet)
    const line = this.lineOf(client)
    const message = line?.inflight.get(packet.messageId)
    if (packet.cmd === 'pubrec' && line && message?.counted) {
      message.counted = false
      line.used--
      this.clientDrained({ client })
    }
    return outcome
  }
}

/** Gives the messages that waited from the last to the first. */
class LastFirst extends MemoryOffline {
  override lookupOfflineMessages(
    ctx: Ctx<'lookupOfflineMessages'>,
    store: Store<'lookupOfflineMessages'>
  ): void {
    super.lookupOfflineMessages(ctx, store)
    const messages = store.items.map(({ message }) => message).reverse()
    store.items = store.items.map((item, i) => ({ ...item, message: messages[i]! }))
  }
}

const rearranging = (change: (messages: Outgoing[]) => Outgoing[]): Mutant['change'] => {
  return broker => broker.stack.replace('OutboundManager', new Rearranging(change))
}

/** What comes again when a session is resumed, in which order, and how much may be under way: 4.4, 4.6, 4.9. */
export const resendMutants: readonly Mutant[] = [
  {
    name: 'nothing-resent',
    does: 'sends nothing again when a session is resumed',
    breaks: {
      '3.1.1': ['4.4.0-1', '4.3.2-1', '4.3.3-1'],
      '5.0': ['4.4.0-1', '4.3.2-3', '4.3.3-3', '4.3.3-5']
    },
    change: rearranging(() => [])
  },
  {
    name: 'dup-missing-when-resent',
    does: 'sends messages again without DUP',
    breaks: both('3.3.1-1'),
    change: sending('publish', packet => ({ ...packet, dup: false }))
  },
  {
    name: 'other-identifier-when-resent',
    does: 'sends messages again with another packet identifier',
    breaks: both('4.4.0-1'),
    change: rearranging(messages => {
      for (const message of messages) message.messageId += 5000
      return messages
    })
  },
  {
    name: 'resent-in-reverse',
    does: 'sends messages again from the last to the first',
    breaks: { '3.1.1': ['4.6.0-1', '4.6.0-6'], '5.0': ['4.6.0-1', '4.6.0-5'] },
    change: rearranging(messages => messages.reverse())
  },
  {
    name: 'pubrel-not-resent',
    does: 'does not send PUBREL again',
    breaks: { '3.1.1': ['4.4.0-1', '4.3.3-1'], '5.0': ['4.4.0-1', '4.3.3-5'] },
    change: rearranging(messages => messages.filter(({ released }) => !released))
  },
  {
    name: 'publish-resent-after-pubrec',
    does: 'sends a QoS 2 message again though PUBREC came',
    breaks: { '3.1.1': ['4.3.3-1'], '5.0': ['4.3.3-6'] },
    change: rearranging(messages => {
      for (const message of messages) message.released = false
      return messages
    })
  },
  {
    name: 'pubrel-instead-of-publish',
    does: 'sends PUBREL for QoS 2 messages that were not acknowledged',
    breaks: { '3.1.1': ['4.3.3-1', '4.4.0-1'], '5.0': ['4.3.3-3', '4.4.0-1'] },
    change: rearranging(messages => {
      for (const message of messages) message.released ||= message.qos === 2
      return messages
    })
  },
  {
    name: 'expired-not-completed',
    does: 'gives a QoS 2 message up that expired after it was sent',
    breaks: { '5.0': ['4.3.3-7', '4.3.3-13'] },
    change: rearranging(messages =>
      messages.filter(({ packet }) => packet.expiresAt === 0 || packet.expiresAt > Date.now())
    )
  },
  {
    name: 'expired-pubrel-missing',
    does: 'does not answer PUBREC with PUBREL when the message has expired meanwhile',
    breaks: { '5.0': ['4.3.3-13', '4.3.3-7'] },
    change: hooks(({ stack }) => {
      const expiring = new Map<string, number>()
      return {
        outgoing(client, packet) {
          const key = (id: number) => `${client.id} ${id}`
          if (packet.cmd === 'publish' && packet.properties?.messageExpiryInterval !== undefined) {
            const left = packet.properties.messageExpiryInterval * 1000
            if (!packet.dup) expiring.set(key(packet.messageId), stack.clock.now() + left)
          }
          if (packet.cmd !== 'pubrel') return packet
          const until = expiring.get(key(packet.messageId))
          return until !== undefined && until <= stack.clock.now() ? null : packet
        }
      }
    })
  },
  {
    name: 'resent-on-the-same-connection',
    does: 'sends messages again that were not acknowledged for half a second',
    breaks: { '5.0': ['4.4.0-1'] },
    rewrite: line => {
      const timers = new Map<number, NodeJS.Timeout>()
      return {
        toClient(frame) {
          if (typeOf(frame) !== 3 || qosOf(frame) === 0) return frame
          const again = withByte(frame, 0, frame[0]! | 8)
          timers.set(frame.readUInt16BE(idAt(frame)), setTimeout(() => line.say(again), 500).unref())
          return frame
        },
        toBroker(frame) {
          if (typeOf(frame) === 4 || typeOf(frame) === 5)
            clearTimeout(timers.get(frame.readUInt16BE(idAt(frame))))
          return frame
        }
      }
    }
  },
  {
    name: 'refused-puback-resent',
    does: 'sends messages again that were refused with PUBACK or PUBREC',
    breaks: { '5.0': ['4.4.0-2'] },
    rewrite: () => ({
      toBroker(frame) {
        const refused = (typeOf(frame) === 4 || typeOf(frame) === 5) && frame.length > 4 && frame[4]! >= 0x80
        return refused ? null : frame
      }
    })
  },
  {
    name: 'refused-pubrec-released',
    does: 'answers PUBREC 0x80 with PUBREL',
    breaks: { '5.0': ['4.4.0-2', '4.3.3-4'] },
    change: receiving('pubrec', packet => {
      packet.reasonCode = 0
    })
  },
  {
    name: 'order-swapped',
    does: 'sends the second of two messages first',
    breaks: { '3.1.1': ['4.6.0-5', '4.6.0-6'], '5.0': ['4.6.0-5', '4.6.0-6'] },
    rewrite: line => {
      let held: Buffer | null = null
      const flush = () => {
        if (held) line.say(held)
        held = null
      }
      return {
        toClient(frame) {
          if (typeOf(frame) !== 3) return frame
          if (held) {
            const both = [frame, held]
            held = null
            return both
          }
          held = frame
          setTimeout(flush, 20).unref()
          return null
        }
      }
    }
  },
  {
    name: 'order-of-the-absent-swapped',
    does: 'sends what waited for a session from the last to the first',
    breaks: { '3.1.1': ['4.6.0-6', '4.5.0-1'], '5.0': ['4.6.0-5', '4.6.0-6', '4.5.0-1'] },
    change: broker => broker.stack.replace('MemoryOffline', new LastFirst())
  },
  {
    name: 'receive-maximum-ignored',
    does: 'sends more messages at a time than the client takes',
    breaks: { '5.0': ['3.3.4-9', '4.9.0-1', '4.9.0-2'] },
    change: receiving('connect', (_, client) => {
      client.receiveMaximum = 65_535
    })
  },
  {
    name: 'receive-maximum-by-one',
    does: 'sends one message more than the client takes',
    breaks: { '5.0': ['3.3.4-9', '4.9.0-1', '4.9.0-2'] },
    change: receiving('connect', (_, client) => {
      client.receiveMaximum = Math.min(65_535, client.receiveMaximum + 1)
    })
  },
  {
    name: 'quota-restored-by-pubrec',
    does: 'counts a QoS 2 message as done when PUBREC came',
    breaks: { '5.0': ['3.3.4-9', '4.9.0-2'] },
    change: broker => broker.stack.replace('OutboundManager', new Generous())
  },
  {
    name: 'quota-restored-by-nothing',
    does: 'sends no more messages once the receive maximum was reached',
    breaks: { '5.0': ['3.3.4-9', '4.9.0-2', '4.9.0-1'] },
    change: hooks(() => {
      const sent = new WeakMap<Client, number>()
      return {
        outgoing(client, packet) {
          if (packet.cmd !== 'publish' || packet.qos === 0) return packet
          const count = (sent.get(client) ?? 0) + 1
          sent.set(client, count)
          return count > client.receiveMaximum ? null : packet
        }
      }
    })
  },
  {
    name: 'receive-maximum-holds-everything',
    does: 'answers nothing while the receive maximum is used up',
    breaks: { '5.0': ['3.3.4-10', '4.9.0-3'] },
    change: hooks(() => {
      const open = new WeakMap<Client, Set<number>>()
      const settle = (client: Client, id: number) => open.get(client)?.delete(id)
      return {
        puback: (client, { messageId }) => void settle(client, messageId),
        pubcomp: (client, { messageId }) => void settle(client, messageId),
        outgoing(client, packet) {
          const own = open.get(client) ?? new Set()
          open.set(client, own)
          if (packet.cmd === 'publish' && packet.qos > 0) own.add(packet.messageId)
          else if (own.size >= client.receiveMaximum && packet.cmd !== 'pubrel') return null
          return packet
        }
      }
    })
  },
  {
    name: 'receive-maximum-exceeded-taken',
    does: 'takes more messages at a time than it announced',
    breaks: { '5.0': ['3.3.4-7'] },
    change: sending('connack', packet => ({
      ...packet,
      properties: { ...packet.properties, receiveMaximum: 10 }
    }))
  },
  {
    name: 'receive-maximum-counts-acknowledged',
    does: 'closes connections after as many messages as its receive maximum',
    breaks: { '5.0': ['3.3.4-7'] },
    options: { receiveMaximum: 20 },
    change: hooks(() => {
      const sent = new WeakMap<Client, number>()
      return {
        publish(client, { qos }) {
          if (qos === 0) return
          sent.set(client, (sent.get(client) ?? 0) + 1)
          if (sent.get(client)! > 20) client.close('ReceiveMaximumExceeded')
        }
      }
    })
  }
]
