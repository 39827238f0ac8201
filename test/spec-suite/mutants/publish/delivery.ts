import { type Client, DONE, type Session } from '../../../../lib/index.js'
import { hooks, receiving, sending } from '../kit/change.js'
import { bodyAt, typeOf } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Messages on their way: what arrives, how often, and in which form. */
export const deliveryMutants: readonly Mutant[] = [
  {
    name: 'topics-in-latin-1',
    does: 'writes topics in another encoding than UTF-8',
    breaks: both('3.3.2-1'),
    change: sending('publish', packet => ({ ...packet, topic: Buffer.from(packet.topic).toString('latin1') }))
  },
  {
    name: 'topic-beyond-packet-ignored',
    does: 'ignores a PUBLISH whose topic is longer than the packet',
    breaks: both('3.3.2-1'),
    rewrite: () => ({
      toBroker(frame) {
        if (typeOf(frame) !== 3) return frame
        const at = bodyAt(frame)
        return at + 2 + frame.readUInt16BE(at) > frame.length ? null : frame
      }
    })
  },
  {
    name: 'delivered-four-times',
    does: 'delivers each message four times',
    breaks: { '3.1.1': ['3.3.5-1'], '5.0': ['3.3.4-2'] },
    change: hooks(({ stack }) => {
      let again = false
      return {
        forwardMessage(ctx) {
          if (again) return
          again = true
          for (let i = 0; i < 3; i++) void stack.execute('forwardMessage', { ...ctx })
          again = false
        }
      }
    })
  },
  {
    name: 'will-at-qos-0',
    does: 'publishes wills at QoS 0',
    breaks: { '3.1.1': ['3.1.2-14'], '5.0': ['3.1.2-12'] },
    change: receiving('connect', ({ will }) => {
      if (will) will.qos = 0
    })
  },
  {
    name: 'will-topic-mended',
    does: 'takes will topics with wildcards, and empty ones',
    breaks: { '3.1.1': ['4.7.1-1', '4.7.3-1'], '5.0': ['4.7.0-1', '4.7.3-1'] },
    change: receiving('connect', ({ will }) => {
      if (will) will.topic = will.topic.replace(/[+#]/g, '_') || 'empty'
    })
  },
  {
    name: 'unsubscribed-not-resent',
    does: 'does not send messages again when their subscription was removed meanwhile',
    breaks: both('3.10.4-3'),
    change: hooks(() => {
      const removed = new Set<string>()
      return {
        topicUnsubscribed({ topic }) {
          removed.add(topic)
        },
        outgoing: (_client, packet) =>
          packet.cmd === 'publish' && packet.dup && removed.has(packet.topic) ? null : packet
      }
    })
  },
  {
    name: 'unsubscribe-ends-deliveries',
    does: 'forgets messages under way when their subscription is removed',
    breaks: both('3.10.4-3'),
    change: hooks(() => {
      const removed = new WeakSet<Session>()
      return {
        unsubscribe({ session }) {
          removed.add(session!)
        },
        puback({ session }) {
          if (removed.has(session!)) return DONE
        },
        pubrec({ session }) {
          if (removed.has(session!)) return DONE
        }
      }
    })
  },
  {
    name: 'order-of-pubrels-swapped',
    does: 'sends the second of two PUBRELs first',
    breaks: { '3.1.1': ['4.6.0-4', '4.6.0-6'] },
    rewrite: line => {
      let held: Buffer | null = null
      return {
        toClient(frame) {
          if (typeOf(frame) !== 6) return frame
          const first = held
          held = first ? null : frame
          if (first) return [frame, first]
          setTimeout(() => {
            if (held) line.say(held)
            held = null
          }, 20).unref()
          return null
        }
      }
    }
  },
  {
    name: 'expired-not-released',
    does: 'does not answer PUBREL when the message has expired since',
    breaks: { '5.0': ['4.3.3-13'] },
    change: hooks(({ stack }) => {
      const expires = new Map<string, number>()
      return {
        publish({ id }, { messageId, qos, expiresAt = 0 }) {
          if (qos === 2) expires.set(`${id} ${messageId}`, expiresAt)
        },
        pubrel({ id }, { messageId }) {
          const at = expires.get(`${id} ${messageId}`) ?? 0
          if (at > 0 && at <= stack.clock.now()) return DONE
        }
      }
    })
  },
  {
    name: 'empty-filter-ignored',
    does: 'ignores SUBSCRIBE and UNSUBSCRIBE with an empty filter',
    breaks: both('4.7.3-1'),
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) !== 8 && typeOf(frame) !== 10) return frame
        const at = bodyAt(frame) + 2
        const filterAt = line.level === 5 ? at + 1 + frame[at]! : at
        return frame.readUInt16BE(filterAt) === 0 ? null : frame
      }
    })
  },
  {
    name: 'keep-alive-0-timed',
    does: 'closes silent connections that have no keep alive',
    breaks: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22'] },
    change: receiving('connect', packet => {
      packet.keepalive ||= 1
    })
  },
  {
    name: 'aliases-for-everybody',
    does: 'has one list of topic aliases for all connections',
    breaks: { '5.0': ['3.3.2-7'] },
    change: hooks(() => {
      let shared: Client['aliases'] = null
      return {
        clientConnected({ client }) {
          shared ??= client.aliases
          if (client.aliases) client.aliases = shared
        }
      }
    })
  }
]
