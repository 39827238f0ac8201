import t from 'tap'
import {
  type PropertiesOf,
  propertiesSize,
  readProperties,
  type Where,
  writeProperties
} from '../../../lib/codec/index.js'
import type { ReasonName } from '../../../lib/reasons.js'
import { bytes, outcome } from './wire.js'

function read<W extends Where>(where: W, hex: string): PropertiesOf[W] {
  const wire = bytes(hex)
  const chunk = Buffer.concat([bytes('26'), wire, bytes('01 01')])
  const props = readProperties(chunk, 1, 1 + wire.length, where)
  chunk.fill(0xa5)
  return props
}

function written<W extends Where>(where: W, props: PropertiesOf[W] | undefined): Buffer {
  const size = propertiesSize(props, where)
  const buf = Buffer.alloc(size + 2, 0xff)
  t.equal(writeProperties(buf, 1, props, where), 1 + size)
  t.equal(buf[0]! & buf.at(-1)!, 0xff, 'nothing written around it')
  return buf.subarray(1, -1)
}

const bad: ReadonlyArray<readonly [title: string, where: Where, hex: string, reason: ReasonName]> = [
  ['payload format indicator 2', 'publish', '01 02', 'ProtocolError'],
  ['payload format indicator 255 of a will', 'will', '01 ff', 'ProtocolError'],
  ['request problem information 2', 'connect', '17 02', 'ProtocolError'],
  ['request response information 2', 'connect', '19 02', 'ProtocolError'],
  ['maximum QoS 2', 'connack', '24 02', 'ProtocolError'],
  ['retain available 2', 'connack', '25 02', 'ProtocolError'],
  ['wildcard subscription available 2', 'connack', '28 02', 'ProtocolError'],
  ['subscription identifiers available 2', 'connack', '29 02', 'ProtocolError'],
  ['shared subscription available 2', 'connack', '2a 02', 'ProtocolError'],
  ['receive maximum 0', 'connect', '21 00 00', 'ProtocolError'],
  ['receive maximum 0', 'connack', '21 00 00', 'ProtocolError'],
  ['maximum packet size 0', 'connect', '27 00 00 00 00', 'ProtocolError'],
  ['topic alias 0 [5.0 MQTT-3.3.2-8]', 'publish', '23 00 00', 'TopicAliasInvalid'],
  ['subscription identifier 0', 'subscribe', '0b 00', 'ProtocolError'],
  ['subscription identifier 0', 'publish', '0b 00', 'ProtocolError'],
  ['second subscription identifier 0', 'publish', '0b 01 0b 00', 'ProtocolError'],
  [
    'subscription identifier longer than needed [5.0 MQTT-1.5.5-1]',
    'subscribe',
    '0b 81 00',
    'MalformedPacket'
  ],
  ['subscription identifier of five bytes', 'subscribe', '0b ff ff ff ff 01', 'MalformedPacket'],
  ['authentication data without method', 'connect', '16 00 01 ff', 'ProtocolError'],
  ['empty authentication data without method', 'auth', '16 00 00', 'ProtocolError'],
  ['an id in two bytes', 'connect', '91 00 00 00 00 0a', 'MalformedPacket'],
  ['U+0000 in a string [5.0 MQTT-1.5.4-2]', 'puback', '1f 00 02 "a" 00', 'MalformedPacket'],
  [
    'a surrogate in the name of a user property [5.0 MQTT-1.5.7-1]',
    'puback',
    '26 00 03 eda080 00 00',
    'MalformedPacket'
  ],
  [
    'a surrogate in the value of a user property [5.0 MQTT-1.5.7-1]',
    'puback',
    '26 00 00 00 03 eda080',
    'MalformedPacket'
  ],
  ['a user property without value', 'puback', '26 00 01 "a"', 'MalformedPacket'],
  ['a user property whose value goes on too far', 'puback', '26 00 01 "a" 00 02 "b"', 'MalformedPacket']
]

for (const [title, where, hex, reason] of bad) {
  t.test(`rejects ${title}, in ${where}`, async t => {
    t.equal(
      outcome(() => read(where, hex)),
      reason
    )
  })
}

t.test('user properties keep order and repetition [5.0 MQTT-3.1.3-10]', async t => {
  const hex = '26 00 01 "b" 00 01 "1" 26 00 01 "a" 00 00 26 00 01 "b" 00 01 "1"'
  const userProperties: Array<[string, string]> = [
    ['b', '1'],
    ['a', ''],
    ['b', '1']
  ]
  t.strictSame(read('unsubscribe', hex), { userProperties })
  t.same(written('unsubscribe', { userProperties }), Buffer.concat([bytes('14'), bytes(hex)]))
})

t.test('the wire names no key', async t => {
  const props = read('puback', '26 00 09 "__proto__" 00 01 "x"')
  t.strictSame(Object.keys(props), ['userProperties'])
  t.equal(Object.getPrototypeOf(props), Object.prototype)
  t.strictSame(props.userProperties, [['__proto__', 'x']])
})

t.test('one subscription identifier is a number, several are an array in order', async t => {
  t.strictSame(read('publish', '0b 07'), { subscriptionIdentifier: 7 })
  t.strictSame(read('publish', '0b 07 0b ff ff ff 7f 0b 07'), { subscriptionIdentifier: [7, 268_435_455, 7] })
  t.same(written('publish', { subscriptionIdentifier: [7, 128] }), bytes('05 0b 07 0b 80 01'))
  t.same(written('publish', { subscriptionIdentifier: 7 }), bytes('02 0b 07'))
  t.same(written('publish', { subscriptionIdentifier: [] }), bytes('00'))
})

t.test('false and 0 are values', async t => {
  t.strictSame(read('connack', '25 00 24 00 22 00 00'), {
    retainAvailable: false,
    maximumQoS: 0,
    topicAliasMaximum: 0
  })
  t.same(written('connack', { retainAvailable: false, maximumQoS: 0 }), bytes('04 24 00 25 00'))
})

t.test('numbers use all their bits', async t => {
  t.strictSame(read('connect', '11 ff ff ff ff 21 ff ff'), {
    sessionExpiryInterval: 0xffff_ffff,
    receiveMaximum: 0xffff
  })
  t.strictSame(read('connect', '27 80 00 00 01'), { maximumPacketSize: 0x8000_0001 })
})

t.test('the length 0 is written without properties [5.0 MQTT-2.2.2-1]', async t => {
  t.same(written('connack', undefined), bytes('00'))
  t.same(written('connack', {}), bytes('00'))
  t.same(written('connack', { reasonString: undefined, userProperties: [] }), bytes('00'))
})

t.test('what has no place there is not written', async t => {
  const props = { willDelayInterval: 5, topicAlias: 3, contentType: 'x' }
  t.same(written('publish', props), bytes('07 03 00 01 "x" 23 00 03'))
  t.same(written('will', props), bytes('09 03 00 01 "x" 18 00 00 00 05'))
})

t.test('refuses to write values MQTT cannot carry', async t => {
  const refused: Array<() => number> = [
    () => propertiesSize({ topicAlias: 0 }, 'publish'),
    () => propertiesSize({ topicAlias: 65_536 }, 'publish'),
    () => propertiesSize({ topicAlias: 1.5 }, 'publish'),
    () => propertiesSize({ messageExpiryInterval: -1 }, 'publish'),
    () => propertiesSize({ messageExpiryInterval: 2 ** 32 }, 'publish'),
    () => propertiesSize({ subscriptionIdentifier: 0 }, 'publish'),
    () => propertiesSize({ subscriptionIdentifier: [1, 268_435_456] }, 'publish'),
    () => propertiesSize({ correlationData: Buffer.alloc(65_536) }, 'publish'),
    () => propertiesSize({ contentType: 'x'.repeat(65_536) }, 'publish'),
    () => propertiesSize({ userProperties: [['a\0', 'b']] }, 'publish'),
    () => propertiesSize({ receiveMaximum: 0 }, 'connack'),
    () => propertiesSize({ maximumPacketSize: 0 }, 'connack'),
    () => propertiesSize({ maximumQoS: 2 }, 'connack')
  ]
  for (const call of refused) t.throws(call, RangeError, String(call))
})
