import { hooks, receiving } from '../kit/change.js'
import { body, bodyAt, framed, publishParts, qosOf, typeOf, withByte } from '../kit/frame.js'
import type { Mutant } from '../kit/mutant.js'

/** What a broker said that it does not take, and takes; what it refuses, and how. */
export const ruledOutMutants: readonly Mutant[] = [
  {
    name: 'subscriptions-where-off',
    does: 'grants subscriptions of a kind that it said it does not have',
    breaks: { '5.0': ['4.13.1-1'] },
    base: 'restricted',
    change: receiving('subscribe', packet => {
      delete packet.properties?.subscriptionIdentifier
      for (const one of packet.subscriptions)
        one.topic = one.topic.replace(/^\$share\/[^/]+\//, '').replace(/[+#]/g, '_')
    })
  },
  {
    name: 'qos-lowered-where-over',
    does: 'takes messages of QoS 2 at QoS 1 where that is its maximum',
    breaks: { '5.0': ['3.2.2-11', '4.13.1-1'] },
    base: 'restricted',
    rewrite: line => ({
      toBroker: frame =>
        typeOf(frame) === 3 && qosOf(frame) === 2 && line.level === 5
          ? withByte(frame, 0, frame[0]! ^ 6)
          : frame
    })
  },
  {
    name: 'large-packets-dropped',
    does: 'drops packets that are larger than it takes, and goes on',
    breaks: { '5.0': ['3.2.2-15', '4.13.1-1'] },
    base: 'restricted',
    rewrite: () => ({ toBroker: frame => (frame.length > 4096 ? null : frame) })
  },
  {
    name: 'largest-packet-refused',
    does: 'refuses packets of exactly the maximum size',
    breaks: { '5.0': ['4.13.1-1'] },
    base: 'restricted',
    change: hooks(() => ({
      publish(client, { payload }) {
        if (payload.length > 4000) client.close('PacketTooLarge')
      }
    }))
  },
  {
    name: 'aliases-where-off',
    does: 'forgets topic aliases where it takes none',
    breaks: { '5.0': ['3.2.2-18'] },
    base: 'restricted',
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) !== 3 || line.level !== 5) return frame
        const { propertiesAt, propertiesEnd } = publishParts(frame, 5)
        if (frame[propertiesAt] !== 0x23) return frame
        const head = frame.subarray(bodyAt(frame), propertiesAt - 1)
        return framed(frame[0]!, head, [0], frame.subarray(propertiesEnd))
      }
    })
  },
  {
    name: 'refusals-use-quota',
    does: 'counts messages that it refused as under way',
    breaks: { '5.0': ['3.3.4-7'] },
    base: 'guarded',
    change: hooks(() => {
      const refused = new WeakMap<object, number>()
      return {
        outgoing(client, packet) {
          if (packet.cmd === 'pubrec' && packet.reasonCode >= 0x80) {
            const count = (refused.get(client) ?? 0) + 1
            refused.set(client, count)
            if (count >= 20) setImmediate(() => client.close('ReceiveMaximumExceeded'))
          }
          return packet
        }
      }
    })
  },
  {
    name: 'refusal-code-unknown',
    does: 'refuses messages with a code that PUBACK and PUBREC do not have',
    breaks: { '5.0': ['3.4.2-1', '3.5.2-1'] },
    base: 'guarded',
    rewrite: () => ({
      toClient(frame) {
        const refusing = (typeOf(frame) === 4 || typeOf(frame) === 5) && frame.length > 4 && frame[4]! >= 0x80
        return refusing ? withByte(frame, 4, 0x88) : frame
      }
    })
  },
  {
    name: 'auth-answer-of-any-code',
    does: 'takes AUTH 0x19 for an answer to its challenge',
    breaks: { '5.0': ['4.12.0-3'] },
    base: 'guarded',
    rewrite: () => {
      let connected = false
      return {
        toBroker: frame =>
          typeOf(frame) === 15 && !connected && frame.length > 2
            ? withByte(frame, bodyAt(frame), 0x18)
            : frame,
        toClient(frame) {
          connected ||= typeOf(frame) === 2
          return frame
        }
      }
    }
  },
  {
    name: 'malformed-auth-ignored',
    does: 'ignores AUTH that is malformed',
    breaks: { '5.0': ['4.13.1-1'] },
    base: 'guarded',
    rewrite: () => ({ toBroker: frame => (typeOf(frame) === 15 && !isWhole(body(frame)) ? null : frame) })
  },
  {
    name: 'auth-with-flags-ignored',
    does: 'ignores AUTH with reserved bits',
    breaks: { '5.0': ['3.15.1-1'] },
    rewrite: () => ({ toBroker: frame => (typeOf(frame) === 15 && frame[0] !== 0xf0 ? null : frame) })
  }
]

/** Whether the body of an AUTH is a code and, at most once each, method and data. */
function isWhole(auth: Buffer): boolean {
  if (auth.length < 2) return true
  if (auth[1] !== auth.length - 2) return false
  const seen = new Set<number>()
  let at = 2
  while (at < auth.length) {
    const id = auth[at]!
    if ((id !== 0x15 && id !== 0x16) || seen.has(id)) return false
    seen.add(id)
    at += 3 + auth.readUInt16BE(at + 1)
  }
  return at === auth.length
}
