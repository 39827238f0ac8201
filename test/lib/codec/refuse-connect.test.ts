import t from 'tap'
import { bytes, decodeBody, type Refusal, reasonsOf } from './wire.js'

const m = 'MalformedPacket'
const old = '00 04 "MQTT" 04'
const oldest = '00 06 "MQIsdp" 03'
const v5 = '00 04 "MQTT" 05'
const any = [4] as const

const refusals: readonly Refusal[] = [
  ['fixed header flags [5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-2]', '11', `${old} 02 00 00 00 00`, any, m],
  ['DUP also in 3.1', '18', `${oldest} 02 00 00 00 00`, [3], m],
  ['an empty body', '10', '', any, m],
  ['a cut off protocol name', '10', '00 04 "MQT"', any, m],
  ['a name without level', '10', '00 04 "MQTT"', any, m],
  ['U+0000 in the name [5.0 MQTT-1.5.4-2]', '10', '00 05 "MQTT" 00 05 02 00 00 00 00 00', any, m],
  ['level 0', '10', '00 04 "MQTT" 00 02 00 00 00 00', any, 'UnsupportedProtocolVersion'],
  ['level 3 of MQTT', '10', '00 04 "MQTT" 03 02 00 00 00 00', any, 'UnsupportedProtocolVersion'],
  [
    'level 6, whatever follows [5.0 MQTT-3.1.2-2] [3.1.1 MQTT-3.1.2-2]',
    '10',
    '00 04 "MQTT" 06',
    any,
    'UnsupportedProtocolVersion'
  ],
  ['the bridge bit', '10', '00 04 "MQTT" 84 02 00 00 00 00', any, 'UnsupportedProtocolVersion'],
  ['level 4 of MQIsdp', '10', '00 06 "MQIsdp" 04 02 00 00 00 00', any, 'UnsupportedProtocolVersion'],
  [
    'another name [5.0 MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-1]',
    '10',
    '00 04 "mqtt" 04 02 00 00 00 00',
    any,
    'UnsupportedProtocolVersion'
  ],
  ['no name', '10', '00 00 04 02 00 00 00 00', any, 'UnsupportedProtocolVersion'],
  ['no flags', '10', old, any, m],
  ['the reserved connect flag [5.0 MQTT-3.1.2-3]', '10', `${v5} 03 00 00 00 00 00`, [5], m],
  ['the reserved connect flag [3.1.1 MQTT-3.1.2-3]', '10', `${old} 03 00 00 00 00`, any, m],
  ['the reserved connect flag in 3.1', '10', `${oldest} 03 00 00 00 00`, [3], m],
  [
    'Will QoS 1 without will [5.0 MQTT-3.1.2-11] [3.1.1 MQTT-3.1.2-13]',
    '10',
    `${old} 08 00 00 00 00`,
    any,
    m
  ],
  ['Will QoS 2 without will', '10', `${v5} 10 00 00 00 00 00`, any, m],
  [
    'Will Retain without will [5.0 MQTT-3.1.2-13] [3.1.1 MQTT-3.1.2-15]',
    '10',
    `${old} 20 00 00 00 00`,
    any,
    m
  ],
  ['Will QoS 3 [3.1.1 MQTT-3.1.2-14]', '10', `${old} 1c 00 00 00 00 00 01 "t" 00 00`, any, m],
  ['Will QoS 3 [5.0 MQTT-3.1.2-12]', '10', `${v5} 1c 00 00 00 00 00 00 00 01 "t" 00 00`, any, m],
  ['a password without user name in 3.1', '10', `${oldest} 42 00 00 00 00 00 01 "p"`, any, m],
  ['a password without user name [3.1.1 MQTT-3.1.2-22]', '10', `${old} 42 00 00 00 00 00 01 "p"`, any, m],
  ['half a keep alive', '10', `${old} 02 00`, any, m],
  ['no client id [5.0 MQTT-3.1.3-3]', '10', `${old} 02 00 00`, any, m],
  ['half a client id', '10', `${old} 02 00 00 00 02 "c"`, any, m],
  ['U+0000 in the client id [5.0 MQTT-1.5.4-2]', '10', `${old} 02 00 00 00 01 00`, any, m],
  ['a surrogate in the client id [5.0 MQTT-3.1.3-4]', '10', `${old} 02 00 00 00 03 ed a0 80`, any, m],
  ['no property length [5.0 MQTT-2.2.2-1]', '10', `${v5} 02 00 00`, any, m],
  ['a property length longer than needed [5.0 MQTT-1.5.5-1]', '10', `${v5} 02 00 00 80 00 00 00`, any, m],
  ['properties beyond the end', '10', `${v5} 02 00 00 05 00 00`, any, m],
  ['a property beyond the properties', '10', `${v5} 02 00 00 02 21 00 01 00 00`, any, m],
  ['a will property among the others', '10', `${v5} 02 00 00 05 18 00 00 00 00 00 00`, any, m],
  ['another property in the will', '10', `${v5} 06 00 00 00 00 00 03 21 00 01 00 01 "t" 00 00`, any, m],
  ['a repeated property', '10', `${v5} 02 00 00 06 21 00 01 21 00 01 00 00`, any, 'ProtocolError'],
  ['receive maximum 0', '10', `${v5} 02 00 00 03 21 00 00 00 00`, any, 'ProtocolError'],
  ['no will properties [5.0 MQTT-3.1.2-9]', '10', `${v5} 06 00 00 00 00 00`, any, m],
  ['no will [3.1.1 MQTT-3.1.2-9]', '10', `${old} 06 00 00 00 00`, any, m],
  ['a will without payload', '10', `${old} 06 00 00 00 00 00 01 "t"`, any, m],
  ['a will payload beyond the end', '10', `${old} 06 00 00 00 00 00 01 "t" 00 02 "p"`, any, m],
  ['U+0000 in the will topic [5.0 MQTT-3.1.3-11]', '10', `${old} 06 00 00 00 00 00 01 00 00 00`, any, m],
  ['no user name [3.1.1 MQTT-3.1.2-19]', '10', `${old} 82 00 00 00 00`, any, m],
  ['no user name [5.0 MQTT-3.1.2-17]', '10', `${v5} 82 00 00 00 00 00`, any, m],
  ['ill-formed user name [5.0 MQTT-3.1.3-12]', '10', `${old} 82 00 00 00 00 00 01 ff`, any, m],
  ['no password [3.1.1 MQTT-3.1.2-21]', '10', `${old} c2 00 00 00 00 00 01 "u"`, any, m],
  ['half a password in 3.1', '10', `${oldest} c2 00 00 00 00 00 01 "u" 00 02 "p"`, any, m],
  [
    'a user name that was not announced [3.1.1 MQTT-3.1.2-18]',
    '10',
    `${old} 02 00 00 00 00 00 01 "u"`,
    any,
    m
  ],
  ['one byte too many', '10', `${v5} 02 00 00 00 00 00 00`, any, m]
]

for (const row of refusals) {
  t.test(`rejects CONNECT: ${row[0]}`, async t => {
    t.strictSame(
      reasonsOf(row),
      row[3].map(() => row[4])
    )
  })
}

t.test('a CONNECT is read by its own version, not that of the connection', async t => {
  for (const version of [3, 4, 5] as const) {
    t.match(decodeBody(1, 0, bytes(`${v5} 02 00 00 00 00 00`), version), { protocolVersion: 5 })
    t.match(decodeBody(1, 0, bytes(`${oldest} 02 00 00 00 00`), version), { protocolVersion: 3 })
  }
})

t.test('in MQTT 3.1 the length takes precedence over the flags of user name and password', async t => {
  const none = decodeBody(1, 0, bytes(`${oldest} c2 00 00 00 01 "c"`), 3)
  t.notOk('username' in none || 'password' in none)
  const name = decodeBody(1, 0, bytes(`${oldest} c2 00 00 00 01 "c" 00 01 "u"`), 3)
  t.match(name, { username: 'u' })
  t.notOk('password' in name)
})

t.test('what a middleware decides is accepted', async t => {
  const long = 'x'.repeat(24)
  t.match(decodeBody(1, 0, bytes(`${oldest} 02 00 00 00 18 "${long}"`), 3), { clientId: long })
  t.match(decodeBody(1, 0, bytes(`${old} 00 00 00 00 00`), 4), { clientId: '', clean: false })
  t.match(decodeBody(1, 0, bytes(`${old} 06 00 00 00 00 00 01 "#" 00 00`), 4), { will: { topic: '#' } })
})

t.test('binary values have memory of their own', async t => {
  const connect = `${v5} c6 00 00 08 15 00 01 "m" 16 00 01 "d" 00 00 04 09 00 01 "k" 00 01 "t" 00 01 "p"`
  const packet = decodeBody(1, 0, bytes(`${connect} 00 01 "u" 00 02 "pw"`), 5)
  if (packet.cmd !== 'connect') return t.fail(packet.cmd)
  const values = [
    packet.password,
    packet.will?.payload,
    packet.will?.properties?.correlationData,
    packet.properties?.authenticationData
  ]
  t.strictSame(values.map(String), ['pw', 'p', 'k', 'd'])
  for (const value of values) t.equal(value?.buffer.byteLength, value?.length)
})
