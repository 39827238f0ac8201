import type { Version } from '../../../lib/packets.js'
import type { Fixture } from './fixtures-v3.js'

const versions: readonly Version[] = [5]
const problem = { reasonString: 'r', userProperties: [['k', 'v']] } as const
const problemWire = '0b 1f 00 01 "r" 26 00 01 "k" 00 01 "v"'

/** PUBLISH, acknowledgements and subscriptions of MQTT 5.0, by hand from the specification. */
export const fixtures: readonly Fixture[] = [
  {
    name: 'PUBLISH without properties',
    versions,
    packet: {
      cmd: 'publish',
      topic: 't',
      payload: Buffer.from('p'),
      qos: 0,
      retain: false,
      dup: false,
      messageId: 0,
      properties: undefined
    },
    wire: '30 05 00 01 "t" 00 "p"'
  },
  {
    name: 'PUBLISH with all properties',
    versions,
    packet: {
      cmd: 'publish',
      topic: '',
      payload: Buffer.from('p'),
      qos: 1,
      retain: true,
      dup: true,
      messageId: 1,
      properties: {
        payloadFormatIndicator: false,
        messageExpiryInterval: 1,
        contentType: 'c',
        responseTopic: 'r',
        correlationData: Buffer.alloc(0),
        subscriptionIdentifier: [1, 128],
        topicAlias: 2,
        userProperties: [['k', 'v']]
      }
    },
    wire: `3b 27 00 00 00 01
      21 01 00 02 00 00 00 01 03 00 01 "c" 08 00 01 "r" 09 00 00 0b 01 0b 80 01 23 00 02 26 00 01 "k" 00 01 "v" "p"`
  },
  {
    name: 'PUBACK, success',
    versions,
    packet: { cmd: 'puback', messageId: 1, reasonCode: 0 },
    wire: '40 02 00 01'
  },
  {
    name: 'PUBACK, no matching subscribers',
    versions,
    packet: { cmd: 'puback', messageId: 1, reasonCode: 0x10 },
    wire: '40 03 00 01 10'
  },
  {
    name: 'PUBACK, success with properties',
    versions,
    packet: { cmd: 'puback', messageId: 1, reasonCode: 0, properties: problem },
    wire: `40 0f 00 01 00 ${problemWire}`
  },
  {
    name: 'PUBREC with everything',
    versions,
    packet: { cmd: 'pubrec', messageId: 1, reasonCode: 0x97, properties: problem },
    wire: `50 0f 00 01 97 ${problemWire}`
  },
  {
    name: 'PUBREL, not found',
    versions,
    packet: { cmd: 'pubrel', messageId: 1, reasonCode: 0x92 },
    wire: '62 03 00 01 92'
  },
  {
    name: 'PUBCOMP with everything',
    versions,
    packet: { cmd: 'pubcomp', messageId: 1, reasonCode: 0x92, properties: problem },
    wire: `70 0f 00 01 92 ${problemWire}`
  },
  {
    name: 'SUBSCRIBE with all options',
    versions,
    packet: {
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [
        { topic: 'a', qos: 2, nl: true, rap: true, rh: 2 },
        { topic: 'b', qos: 1, nl: true, rap: false, rh: 1 },
        { topic: '', qos: 0, nl: false, rap: true, rh: 0 }
      ],
      properties: { subscriptionIdentifier: 268_435_455, userProperties: [['k', 'v']] }
    },
    wire: '82 1a 00 01 0c 0b ff ff ff 7f 26 00 01 "k" 00 01 "v" 00 01 "a" 2e 00 01 "b" 15 00 00 08'
  },
  {
    name: 'SUBSCRIBE without properties',
    versions,
    packet: {
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'a', qos: 0, nl: false, rap: false, rh: 0 }]
    },
    wire: '82 07 00 01 00 00 01 "a" 00'
  },
  {
    name: 'SUBACK with every code',
    versions,
    packet: {
      cmd: 'suback',
      messageId: 1,
      granted: [0, 1, 2, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]
    },
    wire: '90 0f 00 01 00 00 01 02 80 83 87 8f 91 97 9e a1 a2'
  },
  {
    name: 'SUBACK with properties',
    versions,
    packet: { cmd: 'suback', messageId: 1, granted: [0], properties: problem },
    wire: `90 0f 00 01 ${problemWire} 00`
  },
  {
    name: 'UNSUBSCRIBE with properties',
    versions,
    packet: {
      cmd: 'unsubscribe',
      messageId: 1,
      unsubscriptions: ['a', 'b'],
      properties: { userProperties: [['k', 'v']] }
    },
    wire: 'a2 10 00 01 07 26 00 01 "k" 00 01 "v" 00 01 "a" 00 01 "b"'
  },
  {
    name: 'UNSUBACK with every code',
    versions,
    packet: {
      cmd: 'unsuback',
      messageId: 1,
      granted: [0, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91],
      properties: problem
    },
    wire: `b0 15 00 01 ${problemWire} 00 11 80 83 87 8f 91`
  }
]
