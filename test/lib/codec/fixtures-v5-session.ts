import type { Version } from '../../../lib/packets.js'
import type { Fixture } from './fixtures-v3.js'

const versions: readonly Version[] = [5]

/** CONNECT, CONNACK, DISCONNECT and AUTH of MQTT 5.0, by hand from the specification. */
export const fixtures: readonly Fixture[] = [
  {
    name: 'CONNECT, smallest',
    versions,
    packet: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 60,
      clientId: ''
    },
    wire: '10 0d 00 04 "MQTT" 05 02 00 3c 00 00 00'
  },
  {
    name: 'CONNECT with a password alone',
    versions,
    packet: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: false,
      keepalive: 0,
      clientId: 'c',
      password: Buffer.from('p')
    },
    wire: '10 11 00 04 "MQTT" 05 40 00 00 00 00 01 "c" 00 01 "p"'
  },
  {
    name: 'CONNECT with all properties',
    versions,
    packet: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 5,
      clean: true,
      keepalive: 1,
      clientId: 'é',
      properties: {
        sessionExpiryInterval: 0xffff_ffff,
        authenticationMethod: 'm',
        authenticationData: Buffer.from([0]),
        requestProblemInformation: false,
        requestResponseInformation: true,
        receiveMaximum: 256,
        topicAliasMaximum: 0,
        userProperties: [
          ['k', 'v'],
          ['k', '']
        ],
        maximumPacketSize: 65_536
      },
      will: {
        topic: 't',
        payload: Buffer.from('pl'),
        qos: 1,
        retain: true,
        properties: {
          payloadFormatIndicator: true,
          messageExpiryInterval: 1,
          contentType: 'ct',
          responseTopic: 'rt',
          correlationData: Buffer.from([255]),
          willDelayInterval: 2,
          userProperties: [['w', 'x']]
        }
      },
      username: 'u',
      password: Buffer.from('p')
    },
    wire: `10 67 00 04 "MQTT" 05 ee 00 01
      29 11 ff ff ff ff 15 00 01 "m" 16 00 01 00 17 00 19 01 21 01 00 22 00 00
        26 00 01 "k" 00 01 "v" 26 00 01 "k" 00 00 27 00 01 00 00
      00 02 c3 a9
      21 01 01 02 00 00 00 01 03 00 02 "ct" 08 00 02 "rt" 09 00 01 ff 18 00 00 00 02 26 00 01 "w" 00 01 "x"
      00 01 "t" 00 02 "pl" 00 01 "u" 00 01 "p"`
  },
  {
    name: 'CONNACK, smallest',
    versions,
    packet: { cmd: 'connack', sessionPresent: true, reasonCode: 0 },
    wire: '20 03 01 00 00'
  },
  {
    name: 'CONNACK with all properties',
    versions,
    packet: {
      cmd: 'connack',
      sessionPresent: false,
      reasonCode: 0x9d,
      properties: {
        sessionExpiryInterval: 1,
        assignedClientIdentifier: 'i',
        serverKeepAlive: 2,
        authenticationMethod: 'm',
        authenticationData: Buffer.from([1]),
        responseInformation: 'ri',
        serverReference: 'sr',
        reasonString: 'rs',
        receiveMaximum: 3,
        topicAliasMaximum: 4,
        maximumQoS: 1,
        retainAvailable: false,
        userProperties: [['k', 'v']],
        maximumPacketSize: 5,
        wildcardSubscriptionAvailable: true,
        subscriptionIdentifiersAvailable: false,
        sharedSubscriptionAvailable: true
      }
    },
    wire: `20 42 00 9d 3f
      11 00 00 00 01 12 00 01 "i" 13 00 02 15 00 01 "m" 16 00 01 01 1a 00 02 "ri" 1c 00 02 "sr" 1f 00 02 "rs"
      21 00 03 22 00 04 24 01 25 00 26 00 01 "k" 00 01 "v" 27 00 00 00 05 28 01 29 00 2a 01`
  },
  {
    name: 'DISCONNECT, normal',
    versions,
    packet: { cmd: 'disconnect', reasonCode: 0 },
    wire: 'e0 00'
  },
  {
    name: 'DISCONNECT with a reason',
    versions,
    packet: { cmd: 'disconnect', reasonCode: 4 },
    wire: 'e0 01 04'
  },
  {
    name: 'DISCONNECT with all properties',
    versions,
    packet: {
      cmd: 'disconnect',
      reasonCode: 0,
      properties: {
        sessionExpiryInterval: 0,
        serverReference: 's',
        reasonString: 'r',
        userProperties: [['k', 'v']]
      }
    },
    wire: 'e0 16 00 14 11 00 00 00 00 1c 00 01 "s" 1f 00 01 "r" 26 00 01 "k" 00 01 "v"'
  },
  { name: 'AUTH, success', versions, packet: { cmd: 'auth', reasonCode: 0 }, wire: 'f0 00' },
  {
    name: 'AUTH, continue',
    versions,
    packet: {
      cmd: 'auth',
      reasonCode: 0x18,
      properties: {
        authenticationMethod: 'm',
        authenticationData: Buffer.alloc(0),
        reasonString: 'r',
        userProperties: [['k', 'v']]
      }
    },
    wire: 'f0 14 18 12 15 00 01 "m" 16 00 00 1f 00 01 "r" 26 00 01 "k" 00 01 "v"'
  }
]
