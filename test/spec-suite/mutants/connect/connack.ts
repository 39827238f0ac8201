import { receiving, sending, withProperties } from '../kit/change.js'
import { body, bodyAt, framed, typeOf, withByte } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'
import type { Instead, Rewrite } from '../kit/rewrite.js'

/** Changes CONNACK at the bytes. */
const connack =
  (change: (frame: Buffer) => Instead): Rewrite =>
  () => ({ toClient: frame => (typeOf(frame) === 2 ? change(frame) : frame) })

/** CONNACK: what a broker says first. */
export const connackMutants: readonly Mutant[] = [
  {
    name: 'pingresp-before-connack',
    does: 'sends another packet before CONNACK',
    breaks: both('3.2.0-1'),
    rewrite: connack(frame => [Buffer.from([0xd0, 0]), frame])
  },
  {
    name: 'connack-twice',
    does: 'sends CONNACK twice',
    breaks: { '5.0': ['3.2.0-2'] },
    rewrite: connack(frame => [frame, frame])
  },
  {
    name: 'connack-reserved-flags',
    does: 'sets a reserved bit of the acknowledge flags',
    breaks: { '5.0': ['3.2.2-1'] },
    rewrite: connack(frame => withByte(frame, bodyAt(frame), frame[bodyAt(frame)]! | 2))
  },
  {
    name: 'session-never-present',
    does: 'says Session Present 0 also of sessions that it has',
    breaks: { '3.1.1': ['3.2.2-2'], '5.0': ['3.2.2-3'] },
    change: sending('connack', packet => ({ ...packet, sessionPresent: false }))
  },
  {
    name: 'session-always-present',
    does: 'says Session Present 1 also of new sessions',
    breaks: { '3.1.1': ['3.2.2-1', '3.2.2-3'], '5.0': ['3.2.2-2', '3.2.2-3', '3.1.2-6'] },
    change: sending('connack', packet => ({ ...packet, sessionPresent: packet.reasonCode === 0 }))
  },
  {
    name: 'session-present-in-refusal',
    does: 'says Session Present 1 when it refuses',
    breaks: { '3.1.1': ['3.2.2-4'], '5.0': ['3.2.2-6'] },
    rewrite: connack(frame => (frame[3] === 0 ? frame : withByte(frame, 2, 1)))
  },
  {
    name: 'refused-and-open',
    does: 'keeps the connection open after a CONNACK that refuses',
    breaks: { '3.1.1': ['3.2.2-5'], '5.0': ['3.2.2-7', '4.13.2-1'] },
    rewrite: () => {
      let refused = false
      return {
        toClient(frame) {
          refused ||= typeOf(frame) === 2 && frame[3] !== 0
          return frame
        },
        keepsOpen: () => refused
      }
    }
  },
  {
    name: 'connack-code-unknown',
    does: 'refuses with a code that CONNACK does not have',
    breaks: { '3.1.1': ['3.2.2-6', '3.1.3-8'], '5.0': ['3.2.2-8'] },
    rewrite: connack(frame => (frame[3] === 0 ? frame : withByte(frame, 3, 0x8e)))
  },
  {
    name: 'reserved-mqtt-5-properties-in-3',
    does: 'sends the properties of MQTT 5 to clients of 3.1.1',
    breaks: { '3.1.1': ['3.2.2-1', '3.2.2-3', '3.1.4-4', '7.0.0-2'] },
    rewrite: line => ({
      toClient: frame => (typeOf(frame) === 2 && line.level === 4 ? framed(0x20, body(frame), [0]) : frame)
    })
  },
  {
    name: 'response-information-unasked',
    does: 'sends response information to those who did not ask',
    breaks: { '5.0': ['3.1.2-28'] },
    change: sending('connack', packet => withProperties(packet, { responseInformation: 'here' }))
  },
  {
    name: 'server-keep-alive-hidden',
    does: 'applies a keep alive of its own and does not announce it',
    breaks: { '5.0': ['3.2.2-22'] },
    options: { serverKeepAlive: 1 },
    change: sending('connack', packet => withProperties(packet, { serverKeepAlive: undefined }))
  },
  {
    name: 'maximum-qos-hidden',
    does: 'does not announce its maximum QoS',
    breaks: { '5.0': ['3.2.2-9'] },
    base: 'restricted',
    capabilities: { maximumQos: 1 },
    change: sending('connack', packet => withProperties(packet, { maximumQoS: undefined }))
  },
  {
    name: 'subscribe-above-maximum-qos-refused',
    does: 'refuses subscriptions above its maximum QoS',
    breaks: { '5.0': ['3.2.2-10'] },
    base: 'restricted',
    change: receiving('subscribe', packet => {
      for (const one of packet.subscriptions) if (one.qos > 1) one.refused = 0x80
    })
  },
  {
    name: 'will-above-maximum-qos',
    does: 'lowers the QoS of a will instead of refusing it',
    breaks: { '5.0': ['3.2.2-12'] },
    base: 'restricted',
    change: receiving('connect', ({ will }) => {
      if (will) will.qos = Math.min(will.qos, 1) as 0 | 1
    })
  },
  {
    name: 'retained-will-not-supported',
    does: 'forgets Will Retain instead of refusing it',
    breaks: { '5.0': ['3.2.2-13'] },
    base: 'restricted',
    change: receiving('connect', ({ will }) => {
      if (will) will.retain = false
    })
  }
]
