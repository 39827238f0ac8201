import { DONE, type Session, topicMatches } from '../../../../lib/index.js'
import { forwarding, hooks, receiving, sending } from '../kit/change.js'
import { body, bodyAt, framed, typeOf, withByte, withId } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'
import type { Instead, Rewrite } from '../kit/rewrite.js'

const saying =
  (type: number, change: (frame: Buffer, level: number) => Instead): Rewrite =>
  line => ({ toClient: frame => (typeOf(frame) === type ? change(frame, line.level) : frame) })

const suback = 9
const unsuback = 11

/** Where the codes of SUBACK or UNSUBACK begin. */
function codesAt(frame: Buffer, level: number): number {
  const at = bodyAt(frame) + 2
  return level === 5 ? at + 1 + frame[at]! : at
}

/** The same answer with other codes. */
const withCodes = (change: (codes: number[]) => number[]) => (frame: Buffer, level: number) => {
  const at = codesAt(frame, level)
  return framed(frame[0]!, frame.subarray(bodyAt(frame), at), change([...frame.subarray(at)]))
}

/** Only the first filter of a packet does anything; the others are answered as if they did. */
const firstOnly = hooks(() => {
  const ignored = new WeakMap<Session, Set<string>>()
  return {
    subscribe({ session }, { subscriptions }) {
      ignored.set(session!, new Set(subscriptions.slice(1).map(({ topic }) => topic)))
    },
    subscribeTopic({ session, subscription }) {
      if (ignored.get(session)?.has(subscription.topic)) return DONE
    }
  }
})

/** SUBSCRIBE and SUBACK: 3.8 and 3.9. */
export const subscribeMutants: readonly Mutant[] = [
  {
    name: 'suback-missing',
    does: 'does not answer SUBSCRIBE',
    breaks: both('3.8.4-1'),
    change: sending('suback', () => null)
  },
  {
    name: 'suback-other-identifier',
    does: 'answers SUBSCRIBE with another packet identifier',
    breaks: { '3.1.1': ['2.3.1-7', '3.8.4-2'], '5.0': ['2.2.1-6', '3.8.4-2'] },
    rewrite: saying(suback, frame => withId(frame, 61_234))
  },
  {
    name: 'suback-codes-reversed',
    does: 'turns the codes of SUBACK round',
    breaks: both('3.9.3-1'),
    rewrite: saying(
      suback,
      withCodes(codes => codes.reverse())
    )
  },
  {
    name: 'suback-code-missing',
    does: 'leaves the last of several codes out of SUBACK',
    breaks: { '3.1.1': ['3.8.4-5'], '5.0': ['3.8.4-6'] },
    rewrite: saying(
      suback,
      withCodes(codes => codes.slice(0, Math.max(1, codes.length - 1)))
    )
  },
  {
    name: 'suback-grants-too-much',
    does: 'grants QoS 2 to everybody, in words only',
    breaks: { '3.1.1': ['3.8.4-5', '3.8.4-6'], '5.0': ['3.8.4-7', '3.8.4-8'] },
    rewrite: saying(
      suback,
      withCodes(codes => codes.map(code => (code < 3 ? 2 : code)))
    )
  },
  {
    name: 'suback-code-3',
    does: 'answers with a code that SUBACK does not have',
    breaks: { '3.1.1': ['3.9.3-2'], '5.0': ['3.9.3-2', '3.8.4-7'] },
    rewrite: saying(
      suback,
      withCodes(codes => codes.map(code => (code === 2 ? 3 : code)))
    )
  },
  {
    name: 'suback-split',
    does: 'answers each filter of a SUBSCRIBE with a SUBACK of its own',
    breaks: { '3.1.1': ['3.8.4-4'], '5.0': ['3.8.4-5'] },
    rewrite: saying(suback, (frame, level) => {
      const at = codesAt(frame, level)
      return [...frame.subarray(at)].map(code => framed(0x90, frame.subarray(bodyAt(frame), at), [code]))
    })
  },
  {
    name: 'first-filter-only',
    does: 'subscribes to the first filter of several',
    breaks: { '3.1.1': ['3.8.4-4'], '5.0': ['3.8.4-5'] },
    change: firstOnly
  },
  {
    name: 'one-bad-filter-refuses-all',
    does: 'refuses all filters of a SUBSCRIBE when one is wrong',
    breaks: { '3.1.1': ['3.8.4-4'], '5.0': ['3.8.4-5'] },
    base: 'guarded',
    change: receiving('subscribe', ({ subscriptions }) => {
      if (!subscriptions.some(({ topic }) => topic === 'suite/forbidden')) return
      for (const one of subscriptions) one.refused = 0x87
    })
  },
  {
    name: 'subscription-not-replaced',
    does: 'grants a new QoS for a filter and goes on with the old one',
    breaks: both('3.8.4-3'),
    change: hooks(() => ({
      subscribeTopic({ session, subscription: { topic } }) {
        if (session.subscriptions.has(topic)) return DONE
      }
    }))
  },
  {
    name: 'subscription-made-twice',
    does: 'keeps the old subscription beside a new one with the same filter',
    breaks: both('3.8.4-3'),
    change: hooks(({ stack }) => {
      const times = new Map<string, number>()
      return {
        subscribe({ id }, { subscriptions }) {
          for (const { topic } of subscriptions)
            times.set(`${id} ${topic}`, (times.get(`${id} ${topic}`) ?? 0) + 1)
        },
        relayMessage({ packet: { topic, payload, retain } }) {
          for (const { client } of stack.sessions.values()) {
            if ((times.get(`${client?.id} ${topic}`) ?? 0) < 2 || retain) continue
            client!.write({
              ...{ cmd: 'publish', topic, payload, retain, qos: 0, dup: false, messageId: 0 },
              properties: {}
            })
          }
        }
      }
    })
  },
  {
    name: 'subscribing-again-loses-messages',
    does: 'drops what waits for a client that subscribes again',
    breaks: { '3.1.1': ['3.8.4-3'], '5.0': ['3.8.4-4'] },
    change: hooks(({ stack }) => {
      const pausing = new WeakSet<Session>()
      return {
        subscribe({ session }, { subscriptions }) {
          if (!subscriptions.some(({ topic }) => session!.subscriptions.has(topic))) return
          pausing.add(session!)
          stack.clock.after(50, () => pausing.delete(session!))
        },
        forwardMessage({ session }) {
          if (pausing.has(session)) return DONE
        }
      }
    })
  },
  {
    name: 'qos-of-the-publisher',
    does: 'delivers at the QoS of the publisher, whatever it granted',
    breaks: { '3.1.1': ['3.8.4-6'], '5.0': ['3.8.4-8', '4.8.2-3'] },
    change: forwarding(ctx => {
      ctx.subscription = { ...ctx.subscription, qos: 2 }
    })
  },
  {
    name: 'qos-0-always',
    does: 'delivers everything at QoS 0',
    breaks: { '3.1.1': ['3.8.4-6', '3.3.5-1'], '5.0': ['3.8.4-8', '3.3.4-2'] },
    change: forwarding(ctx => {
      ctx.subscription = { ...ctx.subscription, qos: 0 }
    })
  },
  {
    name: 'overlapping-at-lowest-qos',
    does: 'delivers at the lowest QoS of overlapping subscriptions',
    breaks: { '3.1.1': ['3.3.5-1'], '5.0': ['3.3.4-2'] },
    change: forwarding(ctx => {
      const { session, packet, group, subscription } = ctx
      if (group) return
      const matching = [...session.subscriptions.values()].filter(({ topic }) =>
        topicMatches(topic, packet.topic)
      )
      const qos = Math.min(subscription.qos, ...matching.map(one => one.qos)) as 0 | 1 | 2
      ctx.subscription = { ...subscription, qos }
    })
  },
  {
    name: 'empty-subscribe-ignored',
    does: 'ignores SUBSCRIBE and UNSUBSCRIBE without a filter',
    breaks: { '3.1.1': ['3.8.3-3', '3.10.3-2'], '5.0': ['3.8.3-2', '3.10.3-2'] },
    rewrite: line => ({
      toBroker(frame) {
        const isOne = typeOf(frame) === 8 || typeOf(frame) === 10
        return isOne && body(frame).length <= (line.level === 5 ? 3 : 2) ? null : frame
      }
    })
  },
  {
    name: 'subscription-options-any',
    does: 'does not look at the reserved bits of subscription options',
    breaks: { '3.1.1': ['3.8.3-4'], '5.0': ['3.8.3-5'] },
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) !== 8) return frame
        const mask = line.level === 5 ? 0x3f : 3
        const last = frame.length - 1
        const options = frame[last]! & mask
        return withByte(frame, last, (options & 3) === 3 ? options & ~1 : options)
      }
    })
  },
  {
    name: 'no-local-on-shared',
    does: 'takes No Local on shared subscriptions',
    breaks: { '5.0': ['3.8.3-4'] },
    change: receiving('subscribe', ({ subscriptions }) => {
      for (const one of subscriptions) if (one.topic.startsWith('$share/')) one.nl = false
    })
  },
  {
    name: 'wildcards-subscribed-where-off',
    does: 'grants filters with wildcards that it does not support',
    breaks: { '3.1.1': ['3.8.3-2'] },
    base: 'restricted',
    rewrite: saying(
      suback,
      withCodes(codes => codes.map(code => (code > 2 ? 0 : code)))
    )
  }
]

/** UNSUBSCRIBE, UNSUBACK and PINGREQ: 3.10 to 3.12. */
export const unsubscribeMutants: readonly Mutant[] = [
  {
    name: 'unsubscribe-ignored',
    does: 'goes on after UNSUBSCRIBE as before',
    breaks: both('3.10.4-1', '3.10.4-2'),
    change: hooks(() => ({ unsubscribeTopic: () => DONE }))
  },
  {
    name: 'unsubscribe-by-match',
    does: 'removes every subscription that a filter of UNSUBSCRIBE matches',
    breaks: both('3.10.4-1'),
    change: receiving('unsubscribe', (packet, { session }) => {
      const own = [...session!.subscriptions.keys()]
      const meant = (filter: string) => own.filter(topic => topic !== filter && topicMatches(filter, topic))
      const more = packet.unsubscriptions.flatMap(meant)
      packet.unsubscriptions = [...packet.unsubscriptions, ...more]
    })
  },
  {
    name: 'unsubscribe-in-any-case',
    does: 'does not distinguish upper and lower case in UNSUBSCRIBE',
    breaks: both('3.10.4-1'),
    change: receiving('unsubscribe', (packet, { session }) => {
      const own = [...session!.subscriptions.keys()]
      packet.unsubscriptions = packet.unsubscriptions.map(
        filter => own.find(topic => topic.toLowerCase() === filter.toLowerCase()) ?? filter
      )
    })
  },
  {
    name: 'unsubscribe-first-filter-only',
    does: 'removes the first filter of an UNSUBSCRIBE',
    breaks: both('3.10.4-6'),
    change: hooks(() => {
      const kept = new WeakMap<Session, Set<string>>()
      return {
        unsubscribe({ session }, { unsubscriptions }) {
          kept.set(session!, new Set(unsubscriptions.slice(1)))
        },
        unsubscribeTopic({ session, topic }) {
          if (kept.get(session)?.has(topic)) return DONE
        }
      }
    })
  },
  {
    name: 'unsubscribe-cancels-deliveries',
    does: 'acknowledges nothing more of a QoS 2 delivery after UNSUBSCRIBE',
    breaks: both('3.10.4-3'),
    change: hooks(() => {
      const over = new WeakSet<object>()
      return {
        unsubscribe(client) {
          over.add(client)
        },
        outgoing: (client, packet) => (packet.cmd === 'pubrel' && over.has(client) ? null : packet)
      }
    })
  },
  {
    name: 'unsuback-missing',
    does: 'does not answer UNSUBSCRIBE',
    breaks: both('3.10.4-4'),
    change: sending('unsuback', () => null)
  },
  {
    name: 'unsuback-only-if-removed',
    does: 'does not answer UNSUBSCRIBE when there was nothing to remove',
    breaks: both('3.10.4-5'),
    change: sending('unsuback', packet => (packet.granted.every(code => code === 0x11) ? null : packet))
  },
  {
    name: 'unsuback-other-identifier',
    does: 'answers UNSUBSCRIBE with another packet identifier',
    breaks: { '3.1.1': ['2.3.1-7', '3.10.4-4'], '5.0': ['2.2.1-6', '3.10.4-5'] },
    rewrite: saying(unsuback, frame => withId(frame, 61_234))
  },
  {
    name: 'unsuback-codes-reversed',
    does: 'turns the codes of UNSUBACK round',
    breaks: { '5.0': ['3.11.3-1'] },
    rewrite: saying(unsuback, (frame, level) =>
      level === 5 ? withCodes(codes => codes.reverse())(frame, level) : frame
    )
  },
  {
    name: 'unsuback-code-missing',
    does: 'sends one code in UNSUBACK, however many filters there were',
    breaks: { '5.0': ['3.11.3-2', '3.10.4-6'] },
    rewrite: saying(unsuback, (frame, level) =>
      level === 5 ? withCodes(codes => codes.slice(0, 1))(frame, level) : frame
    )
  },
  {
    name: 'unsuback-code-unknown',
    does: 'answers with a code that UNSUBACK does not have',
    breaks: { '5.0': ['3.11.3-2'] },
    rewrite: saying(unsuback, (frame, level) =>
      level === 5 ? withCodes(codes => codes.map(() => 0x10))(frame, level) : frame
    )
  },
  {
    name: 'unsuback-of-mqtt-5',
    does: 'sends codes in UNSUBACK to clients of 3.1.1',
    breaks: { '3.1.1': ['3.10.4-4'] },
    rewrite: saying(unsuback, (frame, level) => (level === 4 ? framed(0xb0, body(frame), [0]) : frame))
  },
  {
    name: 'pingresp-missing',
    does: 'does not answer PINGREQ',
    breaks: both('3.12.4-1'),
    change: sending('pingresp', () => null)
  },
  {
    name: 'pingresp-twice',
    does: 'answers PINGREQ twice',
    breaks: both('3.12.4-1'),
    rewrite: saying(13, frame => [frame, frame])
  }
]
