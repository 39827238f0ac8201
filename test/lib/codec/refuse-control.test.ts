import t from 'tap'
import { decode, isClientDisconnectReason, isDefinedReason } from '../../../lib/codec/index.js'
import { legalReason } from '../../../lib/reasons.js'
import { bytes, decodeBody, outcome, type Refusal, reasonsOf } from './wire.js'

const m = 'MalformedPacket'
const p = 'ProtocolError'
const all = [3, 4, 5] as const
const v3 = [3, 4] as const
const v5 = [5] as const

const refusals: readonly Refusal[] = [
  ['packet type 0', '00', '', all, m],
  ['packet type 15 before 5.0', 'f0', '', v3, m],
  ['PUBACK with flags [5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-2]', '42', '00 01', all, m],
  ['PUBREC with DUP', '58', '00 01', all, m],
  ['PUBREL with flags 0 [5.0 MQTT-3.6.1-1] [3.1.1 MQTT-3.6.1-1]', '60', '00 01', all, m],
  ['PUBREL with DUP, in 3.1.1 and 5.0', '6a', '00 01', [4, 5], m],
  ['PUBCOMP with flags', '72', '00 01', all, m],
  ['PUBACK, empty', '40', '', all, m],
  ['PUBACK, one byte', '40', '01', all, m],
  ['PUBACK with identifier 0 [5.0 MQTT-2.2.1-5]', '40', '00 00', all, p],
  ['PUBREC with identifier 0', '50', '00 00', all, p],
  ['PUBREL with identifier 0', '62', '00 00', all, p],
  ['PUBCOMP with identifier 0', '70', '00 00', all, p],
  ['PUBACK of three bytes in 3.1 and 3.1.1', '40', '00 01 00', v3, m],
  ['PUBREL of four bytes in 3.1 and 3.1.1', '62', '00 01 00 00', v3, m],
  ['PUBACK with 3 [5.0 MQTT-3.4.2-1]', '40', '00 01 03', v5, p],
  ['PUBREC with 0x92 [5.0 MQTT-3.5.2-1]', '50', '00 01 92', v5, p],
  ['PUBREL with 0x10 [5.0 MQTT-3.6.2-1]', '62', '00 01 10', v5, p],
  ['PUBCOMP with 0x80 [5.0 MQTT-3.7.2-1]', '70', '00 01 80', v5, p],
  ['PUBACK with a byte after its properties', '40', '00 01 00 00 00', v5, m],
  ['PUBACK with properties beyond the end', '40', '00 01 00 01', v5, m],
  ['CONNACK with properties beyond the end by one byte', '20', '00 00 03 24 01', v5, m],
  ['PUBACK with half a property length', '40', '00 01 00 80', v5, m],
  ['PUBACK with a session expiry', '40', '00 01 00 05 11 00 00 00 00', v5, m],
  ['PUBACK with two reason strings', '40', '00 01 00 06 1f 00 00 1f 00 00', v5, p],
  ['PINGREQ with flags', 'c1', '', all, m],
  ['PINGREQ with a body', 'c0', '00', all, m],
  ['PINGRESP with flags', 'd8', '', all, m],
  ['PINGRESP with a body', 'd0', '00', all, m],
  ['DISCONNECT with flags [5.0 MQTT-3.14.1-1] [3.1.1 MQTT-3.14.1-1]', 'e1', '', all, m],
  ['DISCONNECT with a body in 3.1 and 3.1.1', 'e0', '00', v3, m],
  ['DISCONNECT with 3 [5.0 MQTT-3.14.2-1]', 'e0', '03', v5, p],
  ['DISCONNECT with a byte after its properties', 'e0', '00 00 00', v5, m],
  ['DISCONNECT with properties beyond the end', 'e0', '00 05 11 00 00 00', v5, m],
  ['DISCONNECT with a receive maximum', 'e0', '00 03 21 00 01', v5, m],
  ['AUTH with flags [5.0 MQTT-3.15.1-1]', 'f1', '', v5, m],
  ['AUTH with 1 [5.0 MQTT-3.15.2-1]', 'f0', '01 00', v5, p],
  ['AUTH without property length', 'f0', '00', v5, m],
  ['AUTH 0x18 without method (5.0, 3.15.2.2.2)', 'f0', '18 00', v5, p],
  ['AUTH 0x19 without method (5.0, 3.15.2.2.2)', 'f0', '19 03 1f 00 00', v5, p],
  ['AUTH with data without method', 'f0', '00 03 16 00 00', v5, p],
  ['AUTH with a byte after its properties', 'f0', '00 00 00', v5, m],
  ['CONNACK with flags', '21', '00 00 00', v5, m],
  ['CONNACK, one byte', '20', '00', all, m],
  ['CONNACK with reserved bits [5.0 MQTT-3.2.2-1]', '20', '02 00', v3, m],
  ['CONNACK with reserved bits [5.0 MQTT-3.2.2-1]', '20', '81 00 00', v5, m],
  ['CONNACK with 6', '20', '00 06', v3, p],
  ['CONNACK with 1 [5.0 MQTT-3.2.2-8]', '20', '00 01 00', v5, p],
  ['CONNACK without property length', '20', '00 00', v5, m],
  ['CONNACK with a byte too many', '20', '00 00 00', v3, m],
  ['CONNACK with a byte too many', '20', '00 00 00 00', v5, m],
  ['CONNACK with a topic alias', '20', '00 00 03 23 00 01', v5, m]
]

for (const row of refusals) {
  t.test(`rejects ${row[0]}, level ${row[3].join()}`, async t => {
    t.strictSame(
      reasonsOf(row),
      row[3].map(() => row[4])
    )
  })
}

t.test('every nibble of flags but the legal one is refused [5.0 MQTT-2.1.3-1]', async t => {
  for (let type = 0; type < 16; type++) {
    if (type === 3) continue
    for (let flags = 0; flags < 16; flags++) {
      if (flags === (type === 6 || type === 8 || type === 10 ? 2 : 0)) continue
      const got = outcome(() => decodeBody(type, flags, bytes('00 01 00 00 01 "a" 00'), 5))
      t.equal(got, 'MalformedPacket', `type ${type}, flags ${flags}`)
    }
  }
})

t.test('acknowledgements, DISCONNECT and AUTH may be longer than needed', async t => {
  t.strictSame(decodeBody(4, 0, bytes('00 01 00'), 5), { cmd: 'puback', messageId: 1, reasonCode: 0 })
  t.strictSame(decodeBody(4, 0, bytes('00 01 00 00'), 5), { cmd: 'puback', messageId: 1, reasonCode: 0 })
  t.strictSame(decodeBody(14, 0, bytes('00'), 5), { cmd: 'disconnect', reasonCode: 0 })
  t.strictSame(decodeBody(14, 0, bytes('81 00'), 5), { cmd: 'disconnect', reasonCode: 0x81 })
  t.strictSame(decodeBody(15, 0, bytes('00 00'), 5), { cmd: 'auth', reasonCode: 0 })
})

t.test('a client may send these DISCONNECT codes and no others [5.0 MQTT-3.14.2-1]', async t => {
  const legal = [0, 4, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]
  for (let code = 0; code < 256; code++)
    t.equal(isClientDisconnectReason(code), legal.includes(code), `${code}`)
})

t.test('what the broker may answer with is defined', async t => {
  const pairs = [
    ['connack', 'connack'],
    ['puback', 'puback'],
    ['puback', 'pubrec'],
    ['pubrel', 'pubrel'],
    ['pubrel', 'pubcomp'],
    ['suback', 'suback'],
    ['unsuback', 'unsuback'],
    ['disconnect', 'disconnect']
  ] as const
  for (const [ours, packet] of pairs) {
    for (let code = 0; code < 256; code++) {
      t.ok(isDefinedReason(legalReason(code, ours), packet), `${packet} ${code}`)
    }
  }
})

t.test('PUBLISH has another decoder', async t => {
  t.throws(() => decode(3, 0, bytes('00 01 "a"'), 0, 3, 4), RangeError)
})
