import t from 'tap'
import { encode, encodeInto } from '../../../lib/codec/index.js'
import type { Packet, SubscribePacket } from '../../../lib/packets.js'
import { bytes } from './wire.js'

const props = { reasonString: 'why', userProperties: [['a', 'b']] as const }
const option = { topic: 'a', qos: 1, nl: true, rap: true, rh: 2 } as const

t.test('MQTT 3 does not get what it does not know', async t => {
  const rows: ReadonlyArray<readonly [Packet, string]> = [
    [{ cmd: 'connack', sessionPresent: true, reasonCode: 0, properties: props }, '20 02 01 00'],
    [{ cmd: 'puback', messageId: 1, reasonCode: 0x87, properties: props }, '40 02 00 01'],
    [{ cmd: 'pubrel', messageId: 1, reasonCode: 0x92 }, '62 02 00 01'],
    [
      { cmd: 'subscribe', messageId: 1, subscriptions: [option], properties: props },
      '82 06 00 01 00 01 "a" 01'
    ],
    [
      { cmd: 'suback', messageId: 1, granted: [0, 1, 2, 0x80, 0x87, 0xa2], properties: props },
      '90 08 00 01 00 01 02 80 80 80'
    ],
    [
      { cmd: 'unsubscribe', messageId: 1, unsubscriptions: ['a'], properties: props },
      'a2 05 00 01 00 01 "a"'
    ],
    [{ cmd: 'unsuback', messageId: 1, granted: [0, 0x11], properties: props }, 'b0 02 00 01'],
    [{ cmd: 'disconnect', reasonCode: 0x8e, properties: props }, 'e0 00']
  ]
  for (const [packet, wire] of rows) t.same(encode(packet, 4), bytes(wire), packet.cmd)
})

t.test('Session Present does not exist in MQTT 3.1', async t => {
  t.same(encode({ cmd: 'connack', sessionPresent: true, reasonCode: 0 }, 3), bytes('20 02 00 00'))
})

t.test('a CONNECT is written by its own version', async t => {
  const head = { cmd: 'connect', protocolId: 'MQTT', clean: true, keepalive: 0, clientId: '' } as const
  const will = {
    topic: 't',
    payload: Buffer.alloc(0),
    qos: 0,
    retain: false,
    properties: { contentType: 'x' }
  } as const
  const packet = { ...head, protocolVersion: 4, will, properties: { receiveMaximum: 5 } } as const
  t.same(encode(packet, 5), bytes('10 11 00 04 "MQTT" 04 06 00 00 00 00 00 01 "t" 00 00'))
})

t.test('long packets have long lengths', async t => {
  const publish = { cmd: 'publish', topic: 't', qos: 0, retain: false, dup: false, messageId: 0 } as const
  for (const [size, head] of [
    [124, '30 7f'],
    [125, '30 80 01'],
    [16_380, '30 ff 7f'],
    [16_381, '30 80 80 01'],
    [2_097_149, '30 80 80 80 01']
  ] as const) {
    const wire = encode({ ...publish, payload: Buffer.alloc(size, 7), properties: undefined }, 4)
    const expected = bytes(`${head} 00 01 "t"`)
    t.same(wire.subarray(0, expected.length), expected)
    t.equal(wire.length, expected.length + size)
    t.equal(wire.at(-1), 7)
  }
})

const subscribe: SubscribePacket = { cmd: 'subscribe', messageId: 1, subscriptions: [option] }
const connect = {
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 0,
  clientId: ''
} as const
const publish = {
  cmd: 'publish',
  topic: 't',
  payload: Buffer.alloc(0),
  qos: 1,
  retain: false,
  dup: false,
  messageId: 1,
  properties: undefined
} as const

const refused: ReadonlyArray<readonly [title: string, packet: Packet]> = [
  ['PUBACK with identifier 0', { cmd: 'puback', messageId: 0, reasonCode: 0 }],
  ['PUBACK with identifier 65536', { cmd: 'puback', messageId: 65_536, reasonCode: 0 }],
  ['PUBREL with no number', { cmd: 'pubrel', messageId: Number.NaN, reasonCode: 0 }],
  ['SUBSCRIBE with identifier 0', { ...subscribe, messageId: 0 }],
  ['SUBSCRIBE without filters', { ...subscribe, subscriptions: [] }],
  ['SUBSCRIBE with QoS 3', { ...subscribe, subscriptions: [{ ...option, qos: 3 as 2 }] }],
  ['SUBSCRIBE with Retain Handling 3', { ...subscribe, subscriptions: [{ ...option, rh: 3 as 2 }] }],
  ['a filter of 65536 bytes', { ...subscribe, subscriptions: [{ ...option, topic: 'a'.repeat(65_536) }] }],
  ['SUBACK without codes', { cmd: 'suback', messageId: 1, granted: [] }],
  ['SUBACK with identifier 0', { cmd: 'suback', messageId: 0, granted: [0] }],
  ['UNSUBSCRIBE without filters', { cmd: 'unsubscribe', messageId: 1, unsubscriptions: [] }],
  ['UNSUBACK with identifier 0', { cmd: 'unsuback', messageId: 0, granted: [0] }],
  ['AUTH', { cmd: 'auth', reasonCode: 0 }],
  ['PUBLISH with QoS 1 and identifier 0', { ...publish, messageId: 0 }],
  ['PUBLISH with QoS 3', { ...publish, qos: 3 as 2 }],
  ['PUBLISH with U+0000', { ...publish, topic: 'a\0' }],
  ['CONNECT with another version', { ...connect, protocolVersion: 6 as 5 }],
  ['CONNECT with a keep alive of 65536', { ...connect, keepalive: 65_536 }],
  ['CONNECT with a password alone [3.1.1 MQTT-3.1.2-22]', { ...connect, password: Buffer.alloc(1) }],
  ['a password of 65536 bytes', { ...connect, username: '', password: Buffer.alloc(65_536) }],
  [
    'a Will QoS of 3',
    { ...connect, will: { topic: 't', payload: Buffer.alloc(0), qos: 3 as 2, retain: false } }
  ]
]

for (const [title, packet] of refused) {
  t.test(`will not write ${title}`, async t => {
    t.throws(() => encode(packet, 4), RangeError)
  })
}

t.test('will not write UNSUBACK without codes in 5.0, nor beyond the buffer', async t => {
  t.throws(() => encode({ cmd: 'unsuback', messageId: 1, granted: [] }, 5), RangeError)
  const buf = Buffer.alloc(4, 0xee)
  t.throws(() => encodeInto({ cmd: 'puback', messageId: 1, reasonCode: 0 }, 4, buf, 1), RangeError)
  t.equal(buf.toString('hex'), 'eeeeeeee', 'nothing written')
  t.equal(encodeInto({ cmd: 'puback', messageId: 1, reasonCode: 0 }, 4, buf, 0), 4)
})
