import type { Packet, Version } from '../../../lib/packets.js'

/** A packet and the bytes it is written as, and read from. */
export interface Fixture {
  readonly name: string
  readonly versions: readonly Version[]
  readonly packet: Packet
  readonly wire: string
}

const both: readonly Version[] = [3, 4]

/** MQTT 3.1 and 3.1.1, by hand from their specifications. */
export const fixtures: readonly Fixture[] = [
  {
    name: 'CONNECT of 3.1, smallest',
    versions: [3],
    packet: {
      cmd: 'connect',
      protocolId: 'MQIsdp',
      protocolVersion: 3,
      clean: true,
      keepalive: 60,
      clientId: 'c'
    },
    wire: '10 0f 00 06 "MQIsdp" 03 02 00 3c 00 01 "c"'
  },
  {
    name: 'CONNECT of 3.1.1, empty client id',
    versions: [4],
    packet: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 0,
      clientId: ''
    },
    wire: '10 0c 00 04 "MQTT" 04 02 00 00 00 00'
  },
  {
    name: 'CONNECT of 3.1.1 with everything',
    versions: [4],
    packet: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: false,
      keepalive: 65_535,
      clientId: 'client',
      will: { topic: 'w/t', payload: Buffer.from([0, 255]), qos: 2, retain: true },
      username: 'us',
      password: Buffer.from([0, 1, 2])
    },
    wire: '10 24 00 04 "MQTT" 04 f4 ff ff 00 06 "client" 00 03 "w/t" 00 02 00 ff 00 02 "us" 00 03 00 01 02'
  },
  {
    name: 'CONNECT of 3.1 with a user name and a will with QoS 1',
    versions: [3],
    packet: {
      cmd: 'connect',
      protocolId: 'MQIsdp',
      protocolVersion: 3,
      clean: false,
      keepalive: 1,
      clientId: 'c',
      will: { topic: 't', payload: Buffer.alloc(0), qos: 1, retain: false },
      username: ''
    },
    wire: '10 16 00 06 "MQIsdp" 03 8c 00 01 00 01 "c" 00 01 "t" 00 00 00 00'
  },
  {
    name: 'CONNACK with a session',
    versions: [4],
    packet: { cmd: 'connack', sessionPresent: true, reasonCode: 0 },
    wire: '20 02 01 00'
  },
  {
    name: 'CONNACK, not authorized',
    versions: both,
    packet: { cmd: 'connack', sessionPresent: false, reasonCode: 5 },
    wire: '20 02 00 05'
  },
  {
    name: 'PUBLISH with QoS 0',
    versions: both,
    packet: {
      cmd: 'publish',
      topic: 'a/b',
      payload: Buffer.from('hi'),
      qos: 0,
      retain: true,
      dup: false,
      messageId: 0,
      properties: undefined
    },
    wire: '31 07 00 03 "a/b" "hi"'
  },
  {
    name: 'PUBLISH with QoS 2 again, without payload',
    versions: both,
    packet: {
      cmd: 'publish',
      topic: 'a/b',
      payload: Buffer.alloc(0),
      qos: 2,
      retain: false,
      dup: true,
      messageId: 258,
      properties: undefined
    },
    wire: '3c 07 00 03 "a/b" 01 02'
  },
  {
    name: 'PUBACK',
    versions: both,
    packet: { cmd: 'puback', messageId: 1, reasonCode: 0 },
    wire: '40 02 00 01'
  },
  {
    name: 'PUBREC',
    versions: both,
    packet: { cmd: 'pubrec', messageId: 65_535, reasonCode: 0 },
    wire: '50 02 ff ff'
  },
  {
    name: 'PUBREL',
    versions: both,
    packet: { cmd: 'pubrel', messageId: 256, reasonCode: 0 },
    wire: '62 02 01 00'
  },
  {
    name: 'PUBCOMP',
    versions: both,
    packet: { cmd: 'pubcomp', messageId: 2, reasonCode: 0 },
    wire: '70 02 00 02'
  },
  {
    name: 'SUBSCRIBE',
    versions: both,
    packet: {
      cmd: 'subscribe',
      messageId: 10,
      subscriptions: [
        { topic: 'a/+', qos: 2, nl: false, rap: false, rh: 0 },
        { topic: '#', qos: 0, nl: false, rap: false, rh: 0 }
      ]
    },
    wire: '82 0c 00 0a 00 03 "a/+" 02 00 01 "#" 00'
  },
  {
    name: 'SUBACK',
    versions: both,
    packet: { cmd: 'suback', messageId: 10, granted: [2, 0x80, 1, 0] },
    wire: '90 06 00 0a 02 80 01 00'
  },
  {
    name: 'UNSUBSCRIBE',
    versions: both,
    packet: { cmd: 'unsubscribe', messageId: 11, unsubscriptions: ['a/+', '#'] },
    wire: 'a2 0a 00 0b 00 03 "a/+" 00 01 "#"'
  },
  {
    name: 'UNSUBACK',
    versions: both,
    packet: { cmd: 'unsuback', messageId: 11, granted: [] },
    wire: 'b0 02 00 0b'
  },
  { name: 'PINGREQ', versions: [3, 4, 5], packet: { cmd: 'pingreq' }, wire: 'c0 00' },
  { name: 'PINGRESP', versions: [3, 4, 5], packet: { cmd: 'pingresp' }, wire: 'd0 00' },
  { name: 'DISCONNECT', versions: both, packet: { cmd: 'disconnect', reasonCode: 0 }, wire: 'e0 00' }
]
