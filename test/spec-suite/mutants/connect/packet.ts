import { isUtf8 } from 'node:buffer'
import { body, bodyAt, framed, publishParts, qosOf, typeOf, withByte } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'
import type { Rewrite } from '../kit/rewrite.js'

const connect = 1

/** Mends a CONNECT before the broker sees it. */
const mending =
  (mend: (frame: Buffer, flagsAt: number) => Buffer): Rewrite =>
  () => ({
    toBroker(frame) {
      if (typeOf(frame) !== connect) return frame
      const at = bodyAt(frame)
      return mend(frame, at + 2 + frame.readUInt16BE(at) + 1)
    }
  })

/** CONNECT: what a broker has to look at. */
export const connectPacketMutants: readonly Mutant[] = [
  {
    name: 'second-connect-ignored',
    does: 'goes on after a second CONNECT as if it had not come',
    breaks: both('3.1.0-2'),
    rewrite: () => {
      let first = true
      return {
        toBroker(frame) {
          if (typeOf(frame) !== connect || first) {
            first = false
            return frame
          }
          return null
        }
      }
    }
  },
  {
    name: 'first-packet-any',
    does: 'answers PINGREQ and ignores others before CONNECT',
    breaks: both('3.1.0-1'),
    rewrite: line => {
      let connected = false
      return {
        toBroker(frame) {
          connected ||= typeOf(frame) === connect
          if (!connected && typeOf(frame) === 12) line.say(Buffer.from([0xd0, 0]))
          return connected ? frame : null
        }
      }
    }
  },
  {
    name: 'any-protocol-name',
    does: 'takes every protocol name for MQTT',
    breaks: both('3.1.2-1'),
    rewrite: mending((frame, flagsAt) => {
      const name = frame.subarray(bodyAt(frame) + 2, flagsAt - 1).toString()
      if (name === 'MQTT' || name === 'MQIsdp') return frame
      return framed(0x10, [0, 4], Buffer.from('MQTT'), frame.subarray(flagsAt - 1))
    })
  },
  {
    name: 'any-protocol-level',
    does: 'goes on with a protocol level that it does not know',
    breaks: both('3.1.2-2'),
    rewrite: mending((frame, flagsAt) => {
      const level = frame[flagsAt - 1]!
      if (level >= 3 && level <= 5) return frame
      // In the form of the version that it was made for: only MQTT 5 has properties, here none.
      const hasProperties = frame[flagsAt + 3] === 0 && frame[flagsAt + 4] === 0
      return withByte(frame, flagsAt - 1, hasProperties ? 5 : 4)
    })
  },
  {
    name: 'unknown-level-unanswered',
    does: 'closes without CONNACK 0x01 when the protocol level is unknown',
    breaks: { '3.1.1': ['3.1.2-2'] },
    rewrite: () => ({ toClient: frame => (typeOf(frame) === 2 && frame[3] === 1 ? null : frame) })
  },
  {
    name: 'reserved-connect-flag',
    does: 'does not look at the reserved bit of the connect flags',
    breaks: both('3.1.2-3'),
    rewrite: mending((frame, at) => withByte(frame, at, frame[at]! & 0xfe))
  },
  {
    name: 'will-qos-3',
    does: 'takes Will QoS 3 for 2',
    breaks: { '3.1.1': ['3.1.2-14'], '5.0': ['3.1.2-12'] },
    rewrite: mending((frame, at) =>
      (frame[at]! & 0x18) === 0x18 ? withByte(frame, at, frame[at]! & ~8) : frame
    )
  },
  {
    name: 'will-qos-without-will',
    does: 'ignores a Will QoS where there is no will',
    breaks: { '3.1.1': ['3.1.2-11', '3.1.2-13'], '5.0': ['3.1.2-11'] },
    rewrite: mending((frame, at) => (frame[at]! & 4 ? frame : withByte(frame, at, frame[at]! & ~0x18)))
  },
  {
    name: 'will-retain-without-will',
    does: 'ignores Will Retain where there is no will',
    breaks: { '3.1.1': ['3.1.2-11', '3.1.2-15'], '5.0': ['3.1.2-13'] },
    rewrite: mending((frame, at) => (frame[at]! & 4 ? frame : withByte(frame, at, frame[at]! & ~0x20)))
  },
  {
    name: 'password-without-user-name',
    does: 'forgets a password that comes without a user name',
    breaks: { '3.1.1': ['3.1.2-22'] },
    rewrite: mending((frame, at) => {
      if (frame[at - 1] !== 4 || (frame[at]! & 0xc4) !== 0x40) return frame
      const idAt = at + 3
      const end = idAt + 2 + frame.readUInt16BE(idAt)
      const flagless = withByte(frame, at, frame[at]! & ~0x40)
      return framed(0x10, flagless.subarray(bodyAt(frame), end))
    })
  },
  {
    name: 'client-id-of-bad-utf-8',
    does: 'mends client ids that are not UTF-8',
    breaks: both('3.1.3-4'),
    rewrite: mending((frame, at) => {
      const idAt = at + 3 + (frame[at - 1] === 5 ? 1 + frame[at + 3]! : 0)
      if (idAt + 2 > frame.length) return frame
      const end = idAt + 2 + frame.readUInt16BE(idAt)
      if (end > frame.length || isUtf8(frame.subarray(idAt + 2, end))) return frame
      return Buffer.from(frame).fill('x', idAt + 2, end)
    })
  },
  {
    name: 'refused-and-obeyed',
    does: 'carries out a PUBLISH that follows a CONNECT it refuses',
    breaks: { '3.1.1': ['3.1.4-5'], '5.0': ['3.1.4-6'] },
    rewrite: line => {
      const waiting: Buffer[] = []
      return {
        toBroker(frame) {
          if (typeOf(frame) === 3) waiting.push(frame)
          return frame
        },
        toClient(frame) {
          const refused = typeOf(frame) === 2 && frame[3] !== 0
          for (const one of refused ? waiting : []) {
            const { topicAt, topicEnd, propertiesEnd } = publishParts(one, line.level)
            const qos = qosOf(one) as 0 | 1 | 2
            const topic = one.subarray(topicAt, topicEnd).toString()
            line.broker.publish(topic, one.subarray(propertiesEnd), { qos, retain: (one[0]! & 1) === 1 })
          }
          return frame
        }
      }
    }
  },
  {
    name: 'malformed-connect-answered',
    does: 'answers a malformed CONNECT with CONNACK 0x02 before it closes',
    breaks: { '3.1.1': ['3.1.4-1', '3.1.2-3', '3.2.2-6'] },
    rewrite: line => {
      let answered = false
      return {
        toClient(frame) {
          answered ||= typeOf(frame) === 2
          return frame
        },
        keepsOpen() {
          if (!answered && line.level === 4) line.say(framed(0x20, [0, 2]))
          return false
        }
      }
    }
  },
  {
    name: 'malformed-connect-stays-open',
    does: 'says nothing to a malformed CONNECT and keeps the connection',
    breaks: {
      '3.1.1': ['3.1.4-1', '3.1.2-9', '3.1.2-19', '3.1.2-20', '3.1.2-21', '3.1.3-3', '3.1.3-10', '3.1.3-11'],
      '5.0': ['3.1.4-1', '3.1.2-9', '3.1.2-17', '3.1.2-19', '3.1.3-3', '3.1.3-11', '3.1.3-12']
    },
    rewrite: () => {
      let connected = false
      return {
        toClient(frame) {
          connected ||= typeOf(frame) === 2 && frame[3] === 0
          return connected ? frame : null
        },
        keepsOpen: () => !connected
      }
    }
  },
  {
    name: 'connect-with-bytes-behind-it',
    does: 'does not mind bytes behind the last field of CONNECT',
    breaks: both('3.1.4-1', '3.1.2-16', '3.1.2-18'),
    rewrite: mending((frame, at) => {
      const isFive = frame[at - 1] === 5
      let end = at + 3 + (isFive ? 1 + frame[at + 3]! : 0)
      const fields = 1 + (frame[at]! & 4 ? 2 : 0) + (frame[at]! & 0x80 ? 1 : 0) + (frame[at]! & 0x40 ? 1 : 0)
      for (let i = 0; i < fields; i++) {
        if (isFive && frame[at]! & 4 && i === 1) end += 1 + frame[end]!
        if (end + 2 > frame.length) return frame
        end += 2 + frame.readUInt16BE(end)
      }
      return end < frame.length ? framed(0x10, body(frame.subarray(0, end))) : frame
    })
  }
]
