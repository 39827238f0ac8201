import { receiving, sending } from '../kit/change.js'
import { body, bodyAt, framed, publishParts, typeOf, withByte } from '../kit/frame.js'
import type { Mutant } from '../kit/mutant.js'
import type { Instead, Rewrite } from '../kit/rewrite.js'

const disconnect = 14

/** Changes DISCONNECT of the broker. */
const disconnecting =
  (change: (frame: Buffer) => Instead): Rewrite =>
  () => ({ toClient: frame => (typeOf(frame) === disconnect ? change(frame) : frame) })

/** Drops packets of the client before the broker can mind them. */
const ignoring =
  (isMeant: (frame: Buffer, level: number) => boolean): Rewrite =>
  line => ({ toBroker: frame => (isMeant(frame, line.level) ? null : frame) })

const acknowledgement = (frame: Buffer) => typeOf(frame) >= 4 && typeOf(frame) <= 7

/** How connections end: DISCONNECT, malformed packets and protocol errors. */
export const endMutants: readonly Mutant[] = [
  {
    name: 'disconnect-code-of-clients',
    does: 'says DISCONNECT with a code that only clients use',
    breaks: { '5.0': ['3.14.2-1'] },
    rewrite: disconnecting(frame => framed(0xe0, [4], body(frame).subarray(2)))
  },
  {
    name: 'disconnect-with-expiry',
    does: 'sends a session expiry interval in DISCONNECT',
    breaks: { '5.0': ['3.14.2-2'] },
    rewrite: disconnecting(frame => framed(0xe0, [frame[2] ?? 0, 5, 0x11, 0, 0, 0, 1]))
  },
  {
    name: 'disconnect-to-3.1.1',
    does: 'says DISCONNECT to clients of 3.1.1',
    breaks: { '3.1.1': ['4.8.0-1'] },
    rewrite: line => ({
      keepsOpen() {
        if (line.level === 4) line.say(framed(0xe0))
        return false
      }
    })
  },
  {
    name: 'disconnect-before-connack',
    does: 'refuses a CONNECT with DISCONNECT',
    breaks: { '5.0': ['3.14.0-1'] },
    rewrite: line => ({
      toClient: frame =>
        typeOf(frame) === 2 && line.level === 5 && frame[3]! >= 0x80 ? framed(0xe0, [frame[3]!]) : frame
    })
  },
  {
    name: 'packet-after-disconnect',
    does: 'sends another packet after DISCONNECT',
    breaks: { '5.0': ['3.14.4-1'] },
    rewrite: disconnecting(frame => [frame, Buffer.from([0xd0, 0])])
  },
  {
    name: 'open-after-disconnect',
    does: 'keeps the connection open after its DISCONNECT',
    breaks: { '5.0': ['3.14.4-2', '4.13.2-1', '4.13.1-1'] },
    rewrite: () => {
      let said = false
      return {
        toClient(frame) {
          said ||= typeOf(frame) === disconnect
          return frame
        },
        keepsOpen: () => said
      }
    }
  },
  {
    name: 'client-disconnect-ignored',
    does: 'keeps the connection open after DISCONNECT of the client',
    breaks: { '3.1.1': ['3.14.4-2'], '5.0': ['3.14.4-2', '3.14.4-1'] },
    rewrite: ignoring(frame => typeOf(frame) === disconnect && frame[0] === 0xe0)
  },
  {
    name: 'never-closes',
    does: 'ends no connection for an error',
    breaks: { '3.1.1': ['4.8.0-1', '2.2.2-2'], '5.0': ['4.13.1-1', '4.13.2-1'] },
    rewrite: line => {
      let told = false
      return {
        toClient(frame) {
          told ||= typeOf(frame) === disconnect
          return told ? null : frame
        },
        keepsOpen: () => line.level > 0
      }
    }
  },
  {
    name: 'unknown-types-ignored',
    does: 'ignores packets of a type that there is not, or that only a server sends',
    breaks: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
    rewrite: ignoring((frame, level) => {
      const type = typeOf(frame)
      return [0, 2, 9, 11, 13].includes(type) || (type === 15 && level === 4)
    })
  },
  {
    name: 'acknowledgements-any-form',
    does: 'takes acknowledgements that are too long or have unknown codes',
    breaks: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1', '3.4.2-1', '3.5.2-1', '3.6.2-1', '3.7.2-1'] },
    rewrite: () => ({
      toBroker: frame =>
        acknowledgement(frame) && body(frame).length > 2
          ? framed(frame[0]!, body(frame).subarray(0, 2))
          : frame
    })
  },
  {
    name: 'bytes-behind-ping',
    does: 'does not mind bytes in PINGREQ',
    breaks: { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] },
    rewrite: () => ({ toBroker: frame => (typeOf(frame) === 12 ? framed(frame[0]!) : frame) })
  },
  {
    name: 'property-twice-taken',
    does: 'takes a property that is there twice, or that PUBLISH does not have',
    breaks: { '5.0': ['4.13.1-1'] },
    rewrite: line => ({
      toBroker(frame) {
        if (typeOf(frame) !== 3 || line.level !== 5) return frame
        const { propertiesAt, propertiesEnd } = publishParts(frame, 5)
        const id = frame[propertiesAt]
        if (id === 0x26 || id === 0x23) return frame
        const head = frame.subarray(bodyAt(frame), propertiesAt - 1)
        return framed(frame[0]!, head, [0], frame.subarray(propertiesEnd))
      }
    })
  },
  {
    name: 'disconnect-expiry-from-0-taken',
    does: 'takes a session expiry interval in DISCONNECT after a CONNECT without one',
    breaks: { '5.0': ['4.13.1-1'] },
    change: receiving('disconnect', ({ properties }) => {
      delete properties?.sessionExpiryInterval
    })
  },
  {
    name: 'maximum-packet-size-exceeded-taken',
    does: 'takes packets that are larger than it announced',
    breaks: { '5.0': ['3.2.2-15', '4.13.1-1'] },
    change: sending('connack', packet => ({
      ...packet,
      properties: { ...packet.properties, maximumPacketSize: 4096 }
    }))
  },
  {
    name: 'retain-taken-where-off',
    does: 'takes messages with RETAIN 1 though it said that it does not',
    breaks: { '5.0': ['3.2.2-14', '4.13.1-1'] },
    base: 'restricted',
    rewrite: () => ({
      toBroker: frame => (typeOf(frame) === 3 ? withByte(frame, 0, frame[0]! & 0xfe) : frame)
    })
  },
  {
    name: 'maximum-qos-exceeded-taken',
    does: 'takes messages above the maximum QoS that it announced',
    breaks: { '5.0': ['3.2.2-11'] },
    change: sending('connack', packet => ({ ...packet, properties: { ...packet.properties, maximumQoS: 1 } }))
  }
]
