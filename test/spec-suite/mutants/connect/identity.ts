import { MqttError } from '../../../../lib/index.js'
import { hooks, receiving, sending, withProperties } from '../kit/change.js'
import { bodyAt, framed, publishParts, qosOf, typeOf } from '../kit/frame.js'
import { both, type Mutant } from '../kit/mutant.js'

/** Who a client is: its id, its name and password. */
export const identityMutants: readonly Mutant[] = [
  {
    name: 'assigned-id-missing',
    does: 'does not say which client id it assigned',
    breaks: { '5.0': ['3.1.3-7', '3.2.2-16'] },
    change: sending('connack', packet => withProperties(packet, { assignedClientIdentifier: undefined }))
  },
  {
    name: 'assigned-id-repeated',
    does: 'assigns the same client id to everybody',
    breaks: { '3.1.1': ['3.1.3-6'], '5.0': ['3.1.3-6', '3.2.2-16'] },
    change: receiving('connect', (packet, client) => {
      if (packet.clientId !== '') return
      client.id = 'the-same'
      if (client.version === 5) client.connack!.properties!.assignedClientIdentifier = 'the-same'
    })
  },
  {
    name: 'client-id-of-23-refused',
    does: 'refuses client ids of more than 22 characters',
    breaks: both('3.1.3-5'),
    options: { maximumClientIdLength: 23 },
    rewrite: line => {
      let long = false
      return {
        toBroker(frame) {
          if (typeOf(frame) === 1) long = frame.includes(Buffer.from([0, 23]), bodyAt(frame) + 6)
          return frame
        },
        toClient(frame) {
          if (!long || typeOf(frame) !== 2) return frame
          return line.level === 5 ? framed(0x20, [0, 0x85, 0]) : framed(0x20, [0, 2])
        }
      }
    }
  },
  {
    name: 'client-id-case',
    does: 'does not distinguish upper and lower case in client ids',
    breaks: both('3.1.3-2', '3.1.3-5'),
    change: receiving('connect', (_, client) => {
      client.id = client.id.toLowerCase()
    })
  },
  {
    name: 'empty-id-with-session-accepted',
    does: 'takes an empty client id with CleanSession 0',
    breaks: { '3.1.1': ['3.1.3-8', '3.1.3-7'] },
    rewrite: line => ({
      toClient: frame =>
        typeOf(frame) === 2 && line.level === 4 && frame[3] === 2 ? framed(0x20, [0, 0]) : frame,
      keepsOpen: () => true
    })
  },
  {
    name: 'wrong-password',
    does: 'lets clients in that have the wrong password',
    breaks: { '5.0': ['3.1.4-2'] },
    base: 'guarded',
    change: hooks(() => ({
      authenticateConnection(_ctx, store) {
        store.valid = true
      }
    }))
  },
  {
    name: 'refused-silently-open',
    does: 'neither answers a client that it refuses nor closes',
    breaks: { '5.0': ['3.1.4-2'] },
    base: 'guarded',
    rewrite: () => {
      let refused = false
      return {
        toClient(frame) {
          refused ||= typeOf(frame) === 2 && frame[3] !== 0
          return refused ? null : frame
        },
        keepsOpen: () => refused
      }
    }
  },
  {
    name: 'client-id-cut',
    does: 'does not look at the last character of client ids',
    breaks: both('3.1.3-2'),
    change: receiving('connect', (_, client) => {
      client.id = client.id.slice(0, -1)
    })
  },
  {
    name: 'refused-client-id-stays',
    does: 'refuses a client id and keeps the connection open',
    breaks: { '3.1.1': ['3.1.3-9', '3.2.2-5'], '5.0': ['3.1.3-8', '3.2.2-7'] },
    base: 'guarded',
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
    name: 'wrong-password-and-obeyed',
    does: 'carries out a PUBLISH that follows a CONNECT with a wrong password',
    breaks: { '3.1.1': ['3.1.4-5'], '5.0': ['3.1.4-6'] },
    base: 'guarded',
    rewrite: line => {
      const waiting: Buffer[] = []
      return {
        toBroker(frame) {
          if (typeOf(frame) === 3) waiting.push(frame)
          return frame
        },
        toClient(frame) {
          for (const one of typeOf(frame) === 2 && frame[3] !== 0 ? waiting : []) {
            const { topicAt, topicEnd, propertiesEnd } = publishParts(one, line.level)
            const options = { qos: qosOf(one) as 0 | 1 | 2, retain: (one[0]! & 1) === 1 }
            line.broker.publish(
              one.subarray(topicAt, topicEnd).toString(),
              one.subarray(propertiesEnd),
              options
            )
          }
          return frame
        }
      }
    }
  },
  {
    name: 'connect-property-unknown',
    does: 'refuses a CONNECT that asks for response information',
    breaks: { '5.0': ['3.1.4-5'] },
    change: receiving('connect', ({ properties }) => {
      if (properties?.requestResponseInformation !== undefined)
        throw new MqttError('ImplementationSpecificError')
    })
  },
  {
    name: 'connect-needs-one-piece',
    does: 'needs each packet in one piece',
    breaks: { '3.1.1': ['7.1.1-1'], '5.0': ['4.2.0-1'] },
    rewrite: () => ({ part: () => null })
  }
]
