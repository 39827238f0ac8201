import t from 'tap'
import type { Version } from '../../../lib/packets.js'
import type { ReasonName } from '../../../lib/reasons.js'
import { theirDecode } from './oracle.js'
import { bytes, decodePacket, outcome } from './wire.js'

/** What mqtt-packet takes: the reasons for a decoder of our own. */
const rows: ReadonlyArray<readonly [title: string, version: Version, wire: string, reason: ReasonName]> = [
  ['ill-formed UTF-8 [5.0 MQTT-1.5.4-1]', 4, '82 06 00 01 00 01 ff 00', 'MalformedPacket'],
  ['U+0000 [5.0 MQTT-1.5.4-2]', 4, '82 06 00 01 00 01 00 00', 'MalformedPacket'],
  ['U+0000 in a client id', 4, '10 0d 00 04 "MQTT" 04 02 00 00 00 01 00', 'MalformedPacket'],
  ['packet identifier 0 [5.0 MQTT-2.2.1-3]', 4, 'a2 05 00 00 00 01 "a"', 'ProtocolError'],
  ['PUBACK with identifier 0', 4, '40 02 00 00', 'ProtocolError'],
  ['SUBSCRIBE without filter [3.1.1 MQTT-3.8.3-3]', 4, '82 02 00 01', 'ProtocolError'],
  ['UNSUBSCRIBE without filter [5.0 MQTT-3.10.3-2]', 5, 'a2 03 00 01 00', 'ProtocolError'],
  ['a property of another packet', 5, '40 07 00 01 00 03 21 00 01', 'MalformedPacket'],
  ['a repeated property', 5, '40 0a 00 01 00 06 1f 00 00 1f 00 00', 'ProtocolError'],
  ['a boolean of 2', 5, '10 0f 00 04 "MQTT" 05 02 00 00 02 17 02 00 00', 'ProtocolError'],
  ['receive maximum 0', 5, '10 10 00 04 "MQTT" 05 02 00 00 03 21 00 00 00 00', 'ProtocolError'],
  ['subscription identifier 0', 5, '82 09 00 01 02 0b 00 00 01 "a" 00', 'ProtocolError'],
  [
    'a property length longer than needed [5.0 MQTT-1.5.5-1]',
    5,
    '10 0e 00 04 "MQTT" 05 02 00 00 80 00 00 00',
    'MalformedPacket'
  ],
  ['properties beyond their length', 5, '40 07 00 01 00 02 1f 00 00', 'MalformedPacket'],
  [
    'authentication data without method',
    5,
    '10 10 00 04 "MQTT" 05 02 00 00 03 16 00 00 00 00',
    'ProtocolError'
  ],
  ['the bridge bit', 4, '10 0c 00 04 "MQTT" 84 02 00 00 00 00', 'UnsupportedProtocolVersion'],
  ['Will QoS 3', 4, '10 11 00 04 "MQTT" 04 1e 00 00 00 00 00 01 "t" 00 00', 'MalformedPacket'],
  [
    'a password without user name [3.1.1 MQTT-3.1.2-22]',
    4,
    '10 0e 00 04 "MQTT" 04 42 00 00 00 00 00 00',
    'MalformedPacket'
  ],
  ['bytes after CONNECT', 4, '10 0d 00 04 "MQTT" 04 02 00 00 00 00 ff', 'MalformedPacket'],
  ['bytes after PUBACK', 4, '40 03 00 01 00', 'MalformedPacket'],
  ['PINGREQ with a body', 4, 'c0 01 00', 'MalformedPacket'],
  ['DISCONNECT with a body', 4, 'e0 01 00', 'MalformedPacket'],
  ['CONNACK with code 6', 4, '20 02 00 06', 'ProtocolError']
]

for (const [title, version, wire, reason] of rows) {
  t.test(`mqtt-packet takes it, we do not: ${title}`, async t => {
    t.ok(theirDecode(bytes(wire), version), 'mqtt-packet takes it')
    t.equal(
      outcome(() => decodePacket(bytes(wire), version)),
      reason
    )
  })
}

t.test('we read the empty AUTH, mqtt-packet does not', async t => {
  t.equal(theirDecode(bytes('f0 00'), 5), undefined)
  t.strictSame(decodePacket(bytes('f0 00'), 5), { cmd: 'auth', reasonCode: 0 })
})
