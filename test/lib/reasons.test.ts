import t from 'tap'
import { MqttError, Reason, type ReasonName, reasonName } from '../../lib/index.js'
import { connackReturnCode, isFatal, legalReason } from '../../lib/reasons.js'

const names = Object.keys(Reason) as ReasonName[]

t.test('there are the 43 reason codes of MQTT 5.0, 2.4, each with one name', t => {
  t.equal(names.length, 43)
  t.equal(new Set(Object.values(Reason)).size, 43)
  for (const name of names) t.equal(reasonName(Reason[name]), name)
  for (const code of [-1, 0x03, 0x05, 0x20, 0x7f, 0xa3, 0xff, 1.5]) t.equal(reasonName(code), undefined)
  t.end()
})

/** MQTT 5.0, 2.4: the packets each code may be in, as far as a server sends them. */
const table: Record<string, readonly number[]> = {
  connack: [
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a,
    0x9b, 0x9c, 0x9d, 0x9f
  ],
  puback: [0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
  suback: [0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2],
  unsuback: [0x80, 0x83, 0x87, 0x8f, 0x91],
  disconnect: [
    0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
    0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2
  ]
}

for (const [packet, legal] of Object.entries(table)) {
  t.test(`a reason that ${packet} may not carry becomes 0x80 in it`, t => {
    for (const code of Object.values(Reason).filter(code => code >= 0x80)) {
      const wanted = legal.includes(code) ? code : 0x80
      t.equal(legalReason(code, packet as 'connack'), wanted, `0x${code.toString(16)}`)
    }
    t.end()
  })
}

t.test('PUBREL and PUBCOMP know success and 0x92 only', t => {
  for (const code of Object.values(Reason)) t.equal(legalReason(code, 'pubrel'), code === 0 ? 0 : 0x92)
  t.end()
})

t.test('codes of success stay where they are legal', t => {
  t.equal(legalReason(0x10, 'puback'), 0x10)
  t.equal(legalReason(0x10, 'suback'), 0x80)
  for (const code of [0, 1, 2]) t.equal(legalReason(code, 'suback'), code)
  t.equal(legalReason(0x11, 'unsuback'), 0x11)
  t.equal(legalReason(0x04, 'disconnect'), 0x80, 'only a client says 0x04')
  t.end()
})

t.test('a reason that no ack can carry ends the connection by default', t => {
  const acks = ['puback', 'suback', 'unsuback'] as const
  for (const name of names) {
    const code = Reason[name]
    if (code < 0x80 || !isFatal(name)) continue
    t.notOk(
      acks.some(ack => legalReason(code, ack) === code),
      `${name} is in no ack`
    )
  }
  t.equal(isFatal('NotAuthorized'), false)
  t.equal(isFatal('MalformedPacket'), true)
  t.equal(isFatal('Success'), false)
  t.end()
})

t.test('CONNACK of MQTT 3 has five return codes; what fits none closes [3.1.1 MQTT-3.2.2-6]', t => {
  const wanted: Partial<Record<ReasonName, number>> = {
    UnsupportedProtocolVersion: 1,
    ClientIdentifierNotValid: 2,
    ServerUnavailable: 3,
    ServerBusy: 3,
    ServerShuttingDown: 3,
    QuotaExceeded: 3,
    ConnectionRateExceeded: 3,
    UseAnotherServer: 3,
    ServerMoved: 3,
    BadUserNameOrPassword: 4,
    NotAuthorized: 5,
    Banned: 5,
    BadAuthenticationMethod: 5
  }
  for (const name of names) t.equal(connackReturnCode(name), wanted[name] ?? null, name)
  t.end()
})

t.test('an MqttError takes its numbers from here', t => {
  for (const name of names) t.equal(new MqttError(name).reason, Reason[name])
  t.end()
})
