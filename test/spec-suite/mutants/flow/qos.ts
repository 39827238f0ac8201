import { DONE, type Hooks } from '../../../../lib/index.js'
import { hooks, sending } from '../kit/change.js'
import { framed, idAt, qosOf, typeOf, withByte, withId } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'
import type { Instead, Rewrite } from '../kit/rewrite.js'

const saying =
  (type: number, change: (frame: Buffer, level: number) => Instead): Rewrite =>
  line => ({ toClient: frame => (typeOf(frame) === type ? change(frame, line.level) : frame) })

const [puback, pubrec, pubrel, pubcomp] = [4, 5, 6, 7] as const

const otherId = (frame: Buffer) => withId(frame, frame.readUInt16BE(idAt(frame)) + 7000)
const withCode = (code: number) => (frame: Buffer, level: number) =>
  level === 5 ? framed(frame[0]!, frame.subarray(idAt(frame), idAt(frame) + 2), [code]) : frame

/** Answers messages that come again instead of the broker. */
const again = (make: () => NonNullable<Hooks['publish']>) => hooks(() => ({ publish: make() }))

/** Acknowledgements of QoS 1 and 2, towards publishers and receivers: 4.3, 3.4 to 3.7. */
export const qosMutants: readonly Mutant[] = [
  {
    name: 'puback-missing',
    does: 'does not acknowledge QoS 1',
    breaks: { '3.1.1': ['3.3.4-1', '4.3.2-2'], '5.0': ['3.3.4-1', '4.3.2-4'] },
    change: sending('puback', () => null)
  },
  {
    name: 'puback-other-identifier',
    does: 'acknowledges QoS 1 with another packet identifier',
    breaks: { '3.1.1': ['2.3.1-6', '4.3.2-2'], '5.0': ['2.2.1-5', '4.3.2-4'] },
    rewrite: saying(puback, otherId)
  },
  {
    name: 'puback-twice',
    does: 'acknowledges QoS 1 twice',
    breaks: both('3.3.4-1'),
    rewrite: saying(puback, frame => [frame, frame])
  },
  {
    name: 'puback-for-qos-0',
    does: 'acknowledges QoS 0',
    breaks: both('3.3.4-1'),
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) === 3 && qosOf(frame) === 0) line.say(framed(0x40, [0, 1]))
        return frame
      }
    })
  },
  {
    name: 'puback-code-unknown',
    does: 'acknowledges QoS 1 with a code that PUBACK does not have',
    breaks: { '5.0': ['3.4.2-1'] },
    rewrite: saying(puback, withCode(0x01))
  },
  {
    name: 'pubrec-code-unknown',
    does: 'acknowledges QoS 2 with a code that PUBREC does not have',
    breaks: { '5.0': ['3.5.2-1'] },
    rewrite: saying(pubrec, withCode(0x92))
  },
  {
    name: 'pubrel-code-unknown',
    does: 'sends a PUBREL with a code that it does not have',
    breaks: { '5.0': ['3.6.2-1'] },
    rewrite: saying(pubrel, withCode(0x10))
  },
  {
    name: 'pubcomp-code-unknown',
    does: 'sends a PUBCOMP with a code that it does not have',
    breaks: { '5.0': ['3.7.2-1'] },
    rewrite: saying(pubcomp, withCode(0x10))
  },
  {
    name: 'pubrec-missing',
    does: 'does not acknowledge QoS 2',
    breaks: { '3.1.1': ['3.3.4-1', '4.3.3-2'], '5.0': ['3.3.4-1', '4.3.3-8'] },
    change: sending('pubrec', () => null)
  },
  {
    name: 'pubrec-other-identifier',
    does: 'acknowledges QoS 2 with another packet identifier',
    breaks: { '3.1.1': ['2.3.1-6', '4.3.3-2'], '5.0': ['2.2.1-5', '4.3.3-8'] },
    rewrite: saying(pubrec, otherId)
  },
  {
    name: 'puback-for-qos-2',
    does: 'acknowledges QoS 2 with PUBACK',
    breaks: { '3.1.1': ['3.3.4-1', '4.3.3-2'], '5.0': ['3.3.4-1', '4.3.3-8'] },
    rewrite: saying(pubrec, frame => withByte(frame, 0, 0x40))
  },
  {
    name: 'pubcomp-missing',
    does: 'does not answer PUBREL',
    breaks: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-11'] },
    change: sending('pubcomp', () => null)
  },
  {
    name: 'pubcomp-other-identifier',
    does: 'answers PUBREL with another packet identifier',
    breaks: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-11', '2.2.1-5'] },
    rewrite: saying(pubcomp, otherId)
  },
  {
    name: 'pubrel-missing',
    does: 'does not answer PUBREC',
    breaks: { '3.1.1': ['4.3.3-1'], '5.0': ['4.3.3-4'] },
    change: sending('pubrel', () => null)
  },
  {
    name: 'pubrel-other-identifier',
    does: 'answers PUBREC with another packet identifier',
    breaks: { '3.1.1': ['2.3.1-6', '4.3.3-1'], '5.0': ['2.2.1-5', '4.3.3-4'] },
    rewrite: saying(pubrel, otherId)
  },
  {
    name: 'qos-2-twice',
    does: 'delivers a QoS 2 message again when it comes again before PUBREL',
    breaks: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-10'] },
    change: hooks(({ stack }) => {
      const open = new Set<string>()
      return {
        publish({ id }, { qos, messageId, topic, payload }) {
          if (qos !== 2) return
          const key = `${id} ${messageId}`
          if (open.has(key)) void stack.publish({ topic, payload: Buffer.from(payload), qos: 2 })
          open.add(key)
        },
        pubrel({ id }, { messageId }) {
          open.delete(`${id} ${messageId}`)
        }
      }
    })
  },
  {
    name: 'qos-2-delivered-at-pubrel-too',
    does: 'delivers a QoS 2 message when it comes and again at PUBREL',
    breaks: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-10', '4.3.3-11', '4.3.3-12'] },
    change: hooks(({ stack }) => {
      const open = new Map<string, { topic: string; payload: Buffer }>()
      return {
        publish({ id }, { qos, messageId, topic, payload }) {
          if (qos === 2) open.set(`${id} ${messageId}`, { topic, payload: Buffer.from(payload) })
        },
        pubrel({ id }, { messageId }) {
          const message = open.get(`${id} ${messageId}`)
          open.delete(`${id} ${messageId}`)
          if (message) void stack.publish({ ...message, qos: 2 })
        }
      }
    })
  },
  {
    name: 'qos-2-identifier-never-free',
    does: 'takes a new QoS 2 message for an old one that had its packet identifier',
    breaks: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-12'] },
    change: again(() => {
      const seen = new Set<string>()
      return (client, { qos, messageId }) => {
        if (qos !== 2) return
        const key = `${client.id} ${messageId}`
        if (!seen.has(key)) {
          seen.add(key)
          return
        }
        client.write({ cmd: 'pubrec', messageId, reasonCode: 0 })
        return DONE
      }
    })
  },
  {
    name: 'qos-1-dup-dropped',
    does: 'drops a QoS 1 message with DUP 1 whose packet identifier it has acknowledged',
    breaks: { '3.1.1': ['4.3.2-2'], '5.0': ['4.3.2-5'] },
    change: again(() => {
      const seen = new Set<string>()
      return (client, { qos, messageId, dup }) => {
        if (qos !== 1) return
        const key = `${client.id} ${messageId}`
        const known = seen.has(key)
        seen.add(key)
        if (!known || !dup) return
        client.write({ cmd: 'puback', messageId, reasonCode: 0 })
        return DONE
      }
    })
  },
  {
    name: 'refused-identifier-not-free',
    does: 'takes a message for one that it refused with PUBREC when it has its packet identifier',
    breaks: { '5.0': ['4.3.3-9'] },
    base: 'guarded',
    change: hooks(() => {
      const refused = new Set<string>()
      return {
        publish(client, { qos, messageId }) {
          if (qos !== 2 || !refused.has(`${client.id} ${messageId}`)) return
          client.write({ cmd: 'pubrec', messageId, reasonCode: 0 })
          return DONE
        },
        outgoing(client, packet) {
          if (packet.cmd === 'pubrec' && packet.reasonCode >= 0x80)
            refused.add(`${client.id} ${packet.messageId}`)
          return packet
        }
      }
    })
  },
  {
    name: 'dup-at-first',
    does: 'sets DUP at the first delivery',
    breaks: { '3.1.1': ['3.3.1-3'], '5.0': ['3.3.1-3', '4.3.2-2', '4.3.3-2'] },
    change: sending('publish', packet => ({ ...packet, dup: packet.qos > 0 }))
  },
  {
    name: 'dup-of-the-publisher',
    does: 'hands the DUP of the publisher on',
    breaks: both('3.3.1-3'),
    change: hooks(() => {
      let dup = false
      return {
        relayMessage({ packet }) {
          dup = packet.dup
        },
        outgoing: (_client, packet) =>
          packet.cmd === 'publish' && packet.qos > 0 ? { ...packet, dup: packet.dup || dup } : packet
      }
    })
  },
  {
    name: 'unauthorized-message-unanswered',
    does: 'neither acknowledges a message that is not allowed nor closes the connection',
    breaks: { '3.1.1': ['3.3.5-2'] },
    base: 'guarded',
    change: sending('puback', (packet, { version }) => (version === 4 ? null : packet))
  }
]
