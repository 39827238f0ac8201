import t from 'tap'
import { bytes, decodeBody, type Refusal, reasonsOf } from './wire.js'

const m = 'MalformedPacket'
const p = 'ProtocolError'
const all = [3, 4, 5] as const
const v3 = [3, 4] as const
const v5 = [5] as const

const refusals: readonly Refusal[] = [
  ['SUBSCRIBE with flags 0 [5.0 MQTT-3.8.1-1] [3.1.1 MQTT-3.8.1-1]', '80', '00 01 00 01 "a" 00', v3, m],
  ['SUBSCRIBE with flags 3 [5.0 MQTT-3.8.1-1]', '83', '00 01 00 00 01 "a" 00', v5, m],
  ['SUBSCRIBE with DUP, in 3.1.1 and 5.0', '8a', '00 01 00 01 "a" 00', [4, 5], m],
  ['SUBSCRIBE with DUP and QoS 0 in 3.1', '88', '00 01 00 01 "a" 00', [3], m],
  ['SUBSCRIBE without identifier', '82', '00', all, m],
  ['SUBSCRIBE with identifier 0 [3.1.1 MQTT-2.3.1-1]', '82', '00 00 00 01 "a" 00', v3, p],
  ['SUBSCRIBE with identifier 0 [5.0 MQTT-2.2.1-3]', '82', '00 00 00 00 01 "a" 00', v5, p],
  ['SUBSCRIBE without filter [3.1.1 MQTT-3.8.3-3]', '82', '00 01', v3, p],
  ['SUBSCRIBE without property length [5.0 MQTT-2.2.2-1]', '82', '00 01', v5, m],
  ['SUBSCRIBE without filter [5.0 MQTT-3.8.3-2]', '82', '00 01 00', v5, p],
  ['SUBSCRIBE with properties, without filter', '82', '00 01 02 0b 01', v5, p],
  ['SUBSCRIBE with half a filter', '82', '00 01 00 02 "a"', v3, m],
  ['a filter without options', '82', '00 01 00 01 "a"', v3, m],
  ['a filter without options', '82', '00 01 00 00 01 "a"', v5, m],
  ['a second filter without options', '82', '00 01 00 01 "a" 00 00 01 "b"', v3, m],
  ['U+0000 in a filter [5.0 MQTT-1.5.4-2]', '82', '00 01 00 01 00 00', v3, m],
  ['an ill-formed filter [3.1.1 MQTT-3.8.3-1]', '82', '00 01 00 03 ed b0 80 00', v3, m],
  ['an ill-formed filter [5.0 MQTT-3.8.3-1]', '82', '00 01 00 00 01 c0 00', v5, m],
  ['QoS 3 [3.1.1 MQTT-3.8.3-4]', '82', '00 01 00 01 "a" 03', v3, m],
  ['No Local in 3.1.1 [3.1.1 MQTT-3.8.3-4]', '82', '00 01 00 01 "a" 04', v3, m],
  ['Retain As Published in 3.1.1 [3.1.1 MQTT-3.8.3-4]', '82', '00 01 00 01 "a" 08', v3, m],
  ['Retain Handling in 3.1.1 [3.1.1 MQTT-3.8.3-4]', '82', '00 01 00 01 "a" 10', v3, m],
  ['bit 7 in 3.1.1 [3.1.1 MQTT-3.8.3-4]', '82', '00 01 00 01 "a" 80', v3, m],
  ['reserved bit 6 [5.0 MQTT-3.8.3-5]', '82', '00 01 00 00 01 "a" 40', v5, m],
  ['reserved bit 7 [5.0 MQTT-3.8.3-5]', '82', '00 01 00 00 01 "a" 80', v5, m],
  ['Maximum QoS 3 (5.0, 3.8.3.1)', '82', '00 01 00 00 01 "a" 03', v5, p],
  ['Retain Handling 3 (5.0, 3.8.3.1)', '82', '00 01 00 00 01 "a" 30', v5, p],
  ['subscription identifier 0 (5.0, 3.8.2.1.2)', '82', '00 01 02 0b 00 00 01 "a" 00', v5, p],
  ['two subscription identifiers (5.0, 3.8.2.1.2)', '82', '00 01 04 0b 01 0b 02 00 01 "a" 00', v5, p],
  ['a reason string in SUBSCRIBE', '82', '00 01 03 1f 00 00 00 01 "a" 00', v5, m],
  ['SUBSCRIBE with properties beyond the end by one byte', '82', '00 01 02 0b', v5, m],
  ['UNSUBSCRIBE with flags 0 [5.0 MQTT-3.10.1-1] [3.1.1 MQTT-3.10.1-1]', 'a0', '00 01 00 01 "a"', v3, m],
  ['UNSUBSCRIBE with flags 0 [5.0 MQTT-3.10.1-1]', 'a0', '00 01 00 00 01 "a"', v5, m],
  ['UNSUBSCRIBE with identifier 0 [3.1.1 MQTT-2.3.1-1]', 'a2', '00 00 00 01 "a"', v3, p],
  ['UNSUBSCRIBE with identifier 0 [5.0 MQTT-2.2.1-3]', 'a2', '00 00 00 00 01 "a"', v5, p],
  ['UNSUBSCRIBE without filter [3.1.1 MQTT-3.10.3-2]', 'a2', '00 01', v3, p],
  ['UNSUBSCRIBE without filter [5.0 MQTT-3.10.3-2]', 'a2', '00 01 00', v5, p],
  ['UNSUBSCRIBE with half a filter', 'a2', '00 01 00 01 "a" 00', v3, m],
  ['U+0000 in a filter of UNSUBSCRIBE [5.0 MQTT-1.5.4-2]', 'a2', '00 01 00 02 "a" 00', v3, m],
  ['an ill-formed filter of UNSUBSCRIBE [5.0 MQTT-3.10.3-1]', 'a2', '00 01 00 00 01 80', v5, m],
  ['a subscription identifier in UNSUBSCRIBE', 'a2', '00 01 02 0b 01 00 01 "a"', v5, m],
  ['SUBACK without identifier', '90', '01', all, m],
  ['SUBACK with identifier 0', '90', '00 00 00 00', all, p],
  ['SUBACK without codes', '90', '00 01', v3, p],
  ['SUBACK without codes', '90', '00 01 00', v5, p],
  ['SUBACK without property length', '90', '00 01', v5, m],
  ['SUBACK with 3 [3.1.1 MQTT-3.9.3-2]', '90', '00 01 03', v3, p],
  ['SUBACK with 0x87 [3.1.1 MQTT-3.9.3-2]', '90', '00 01 00 87', v3, p],
  ['SUBACK with 3 [5.0 MQTT-3.9.3-2]', '90', '00 01 00 00 03', v5, p],
  ['SUBACK with flags', '92', '00 01 00', all, m],
  ['UNSUBACK with codes in 3', 'b0', '00 01 00', v3, m],
  ['UNSUBACK without codes', 'b0', '00 01 00', v5, p],
  ['UNSUBACK with 0x10 [5.0 MQTT-3.11.3-2]', 'b0', '00 01 00 10', v5, p],
  ['UNSUBACK with identifier 0', 'b0', '00 00', v3, p]
]

for (const row of refusals) {
  t.test(`rejects ${row[0]}, level ${row[3].join()}`, async t => {
    t.strictSame(
      reasonsOf(row),
      row[3].map(() => row[4])
    )
  })
}

t.test('MQTT 3.1 sends SUBSCRIBE, UNSUBSCRIBE and PUBREL again with DUP', async t => {
  t.match(decodeBody(8, 10, bytes('00 01 00 01 "a" 01'), 3), { cmd: 'subscribe', messageId: 1 })
  t.match(decodeBody(10, 10, bytes('00 01 00 01 "a"'), 3), { cmd: 'unsubscribe', messageId: 1 })
  t.match(decodeBody(6, 10, bytes('00 01'), 3), { cmd: 'pubrel', messageId: 1 })
})

t.test('whether a filter is one is for a middleware', async t => {
  const filters = ['', 'a/#/b', '$share/g/a', '+a']
  const body = filters.map(filter => `00 0${filter.length.toString(16)} "${filter}" 04`).join(' ')
  const packet = decodeBody(8, 2, bytes(`00 01 00 ${body}`), 5)
  if (packet.cmd !== 'subscribe') return t.fail(packet.cmd)
  t.strictSame(
    packet.subscriptions.map(({ topic }) => topic),
    filters
  )
})
