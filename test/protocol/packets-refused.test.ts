import {
  field,
  packet,
  properties,
  raw,
  rawPublish,
  rawSubscribe,
  rawUnsubscribe,
  u16
} from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, type Version, versions } from '../support/scenario.js'

type Make = (version: Version) => Buffer
type Row = readonly [title: string, bytes: Make, code: string]

const badTexts: ReadonlyArray<readonly [title: string, bytes: number[]]> = [
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['an overlong form', [0xc0, 0x80]],
  ['a value above U+10FFFF', [0xf5, 0x80, 0x80, 0x80]],
  ['a character that is cut off', [0x61, 0xe2, 0x82]],
  ['a byte FF', [0xff]],
  ['U+0000', [0x61, 0x00, 0x62]]
]

const texts: Row[] = badTexts.flatMap(([title, bad]): Row[] => [
  [
    `a topic name with ${title} [3.1.1 MQTT-1.5.3-1] [5.0 MQTT-3.3.2-1] [3.1.1 MQTT-3.3.2-1]`,
    v => rawPublish(v, bad),
    '81'
  ],
  [
    `a filter with ${title} [5.0 MQTT-3.8.3-1] [3.1.1 MQTT-3.8.3-1]`,
    v => rawSubscribe(v, [[raw(bad), 0]]),
    '81'
  ],
  [
    `a filter to unsubscribe with ${title} [5.0 MQTT-3.10.3-1] [3.1.1 MQTT-3.10.3-1]`,
    v => rawUnsubscribe(v, [bad]),
    '81'
  ]
])

const flags: Row[] = [
  ...[0x41, 0x42, 0x48].map(
    (first): Row => [`PUBACK as ${first.toString(16)}`, () => packet(first, u16(1)), '81']
  ),
  ...[0x60, 0x61, 0x63, 0x6f].map(
    (first): Row => [
      `PUBREL as ${first.toString(16)} [5.0 MQTT-3.6.1-1] [3.1.1 MQTT-3.6.1-1]`,
      () => packet(first, u16(1)),
      '81'
    ]
  ),
  ...[0x80, 0x83, 0x86].map(
    (first): Row => [
      `SUBSCRIBE as ${first.toString(16)} [5.0 MQTT-3.8.1-1] [3.1.1 MQTT-3.8.1-1]`,
      v => raw([first], rawSubscribe(v, [['t', 0]]).subarray(1)),
      '81'
    ]
  ),
  ...[0xa0, 0xa3].map(
    (first): Row => [
      `UNSUBSCRIBE as ${first.toString(16)} [5.0 MQTT-3.10.1-1] [3.1.1 MQTT-3.10.1-1]`,
      v => raw([first], rawUnsubscribe(v, ['t']).subarray(1)),
      '81'
    ]
  ),
  ['PINGREQ as c1', () => packet(0xc1), '81'],
  ['DISCONNECT as e1 [5.0 MQTT-3.14.1-1] [3.1.1 MQTT-3.14.1-1]', () => packet(0xe1), '81'],
  ['AUTH as f1 [5.0 MQTT-3.15.1-1]', () => packet(0xf1), '81']
].map(([title, make, code]): Row => [`${title} [5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-2]`, make, code] as Row)

const empty = (v: Version) => (v === 5 ? [0] : [])

const forms: Row[] = [
  ['packet type 0', () => packet(0x00), '81'],
  ['CONNACK', v => packet(0x20, [0, 0], empty(v)), '82'],
  ['SUBACK', v => packet(0x90, u16(1), empty(v), [0]), '82'],
  ['UNSUBACK', v => packet(0xb0, u16(1), v === 5 ? [0, 0] : []), '82'],
  ['PINGRESP', () => packet(0xd0), '82'],
  ['a remaining length of five bytes', () => raw([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]), '81'],
  ['PINGREQ with a body', () => packet(0xc0, [0]), '81'],
  ['PUBACK without an identifier', () => packet(0x40), '81'],
  ['PUBACK with the identifier 0', () => packet(0x40, u16(0)), '82'],
  [
    'a PUBLISH of QoS 3 [5.0 MQTT-3.3.1-4] [3.1.1 MQTT-3.3.1-4]',
    v => rawPublish(v, 't', { first: 0x36, id: 1 }),
    '81'
  ],
  [
    'a PUBLISH of QoS 0 with DUP [5.0 MQTT-3.3.1-2] [3.1.1 MQTT-3.3.1-2]',
    v => rawPublish(v, 't', { first: 0x38 }),
    '81'
  ],
  [
    'a PUBLISH with the identifier 0 [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]',
    v => rawPublish(v, 't', { qos: 1, id: 0 }),
    '82'
  ],
  [
    'a SUBSCRIBE with the identifier 0 [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]',
    v => rawSubscribe(v, [['t', 0]], 0),
    '82'
  ],
  [
    'an UNSUBSCRIBE with the identifier 0 [5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-1]',
    v => rawUnsubscribe(v, ['t'], 0),
    '82'
  ],
  ['a topic that goes on beyond its packet', () => packet(0x30, u16(99), 'abc'), '81'],
  ['a PUBLISH without its identifier', () => packet(0x32, field('t')), '81'],
  ['a topic name a/+ [5.0 MQTT-3.3.2-2] [3.1.1 MQTT-3.3.2-2]', v => rawPublish(v, 'a/+'), '90'],
  ['a topic name # [5.0 MQTT-4.7.0-1] [3.1.1 MQTT-4.7.1-1]', v => rawPublish(v, '#'), '90'],
  ['a topic name a# [5.0 MQTT-3.3.2-2] [3.1.1 MQTT-3.3.2-2]', v => rawPublish(v, 'a#'), '90'],
  ['a SUBSCRIBE without filters [5.0 MQTT-3.8.3-2] [3.1.1 MQTT-3.8.3-3]', v => rawSubscribe(v, []), '82'],
  ['a filter without options [5.0 MQTT-3.8.3-2]', v => packet(0x82, u16(1), empty(v), field('t')), '81'],
  [
    'an UNSUBSCRIBE without filters [5.0 MQTT-3.10.3-2] [3.1.1 MQTT-3.10.3-2]',
    v => rawUnsubscribe(v, []),
    '82'
  ]
]

for (const [title, make, code] of [...texts, ...flags, ...forms]) {
  scenarios(
    versions,
    `closes on ${title} [5.0 MQTT-4.13.1-1] [3.1.1 MQTT-4.8.0-1]`,
    async ({ client }, t, version) => {
      const other = await client(version, 'other')
      await other.subscribe('#')
      const one = await client(version, 'one')
      one.raw(make(version))
      t.equal(await one.ending(), version === 5 ? `disconnect ${code}` : 'closed')
      t.same(await other.payloads(), [], 'nothing was delivered, and the other client is well')
    }
  )
}

scenarios(
  [3, 4],
  'closes on AUTH and on packet type 15 [3.1.1 MQTT-4.8.0-1]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    one.raw(packet(0xf0, [0x19, 0]))
    t.equal(await one.ending(), 'closed')
  }
)

for (const options of [0x03, 0x04, 0x80]) {
  scenarios(
    [3, 4],
    `closes on the QoS byte ${options.toString(16)} of a filter [3.1.1 MQTT-3.8.3-4]`,
    async ({ client }, t, version) => {
      const one = await client(version, 'one')
      one.raw(rawSubscribe(version, [['t', options]]))
      t.equal(await one.ending(), 'closed')
    }
  )
}

scenario(
  '3.1: takes DUP on PUBREL, SUBSCRIBE and UNSUBSCRIBE, which that version knows',
  async ({ client }) => {
    const one = await client(3, 'old')
    one.raw(raw([0x8a], rawSubscribe(3, [['t', 0]]).subarray(1)))
    await one.next('suback')
    one.raw(raw([0xaa], rawUnsubscribe(3, ['t']).subarray(1)))
    await one.next('unsuback')
    one.raw(packet(0x6a, u16(9)))
    await one.next('pubcomp')
  }
)

const five: ReadonlyArray<readonly [title: string, bytes: Buffer, code: string]> = [
  ['reserved bits 40 in the options of a filter [5.0 MQTT-3.8.3-5]', rawSubscribe(5, [['t', 0x40]]), '81'],
  ['reserved bits 80 in the options of a filter [5.0 MQTT-3.8.3-5]', rawSubscribe(5, [['t', 0x80]]), '81'],
  ['a Maximum QoS of 3', rawSubscribe(5, [['t', 0x03]]), '82'],
  ['a Retain Handling of 3', rawSubscribe(5, [['t', 0x30]]), '82'],
  ['No Local on a shared subscription [5.0 MQTT-3.8.3-4]', rawSubscribe(5, [['$share/g/t', 0x04]]), '82'],
  ['Subscription Identifier 0', packet(0x82, u16(1), properties([0x0b, 0]), field('t'), [0]), '82'],
  [
    'two Subscription Identifiers',
    packet(0x82, u16(1), properties([0x0b, 1, 0x0b, 2]), field('t'), [0]),
    '82'
  ],
  ['an unknown property', packet(0x82, u16(1), properties([0x7f, 1]), field('t'), [0]), '81'],
  ['a property of another packet', packet(0x82, u16(1), properties([0x23, 0, 1]), field('t'), [0]), '81'],
  ['a property length beyond the packet', packet(0x82, u16(1), [90], field('t'), [0]), '81'],
  ['a remaining length in more bytes than needed [5.0 MQTT-1.5.5-1]', raw([0xc0, 0x80, 0x00]), '81'],
  [
    'a property length in more bytes than needed [5.0 MQTT-1.5.5-1]',
    rawPublish(5, 't', { properties: [0x80, 0] }),
    '81'
  ],
  ['an undefined reason code of PUBACK [5.0 MQTT-3.4.2-1]', packet(0x40, u16(1), [0x03]), '82'],
  ['an undefined reason code of PUBREC [5.0 MQTT-3.5.2-1]', packet(0x50, u16(1), [0x92]), '82'],
  ['an undefined reason code of PUBREL [5.0 MQTT-3.6.2-1]', packet(0x62, u16(1), [0x80]), '82'],
  ['an undefined reason code of PUBCOMP [5.0 MQTT-3.7.2-1]', packet(0x70, u16(1), [0x91]), '82'],
  ['an undefined reason code of DISCONNECT [5.0 MQTT-3.14.2-1]', packet(0xe0, [0x03]), '82'],
  ['a DISCONNECT that only a server says [5.0 MQTT-3.14.2-1]', packet(0xe0, [0x8b]), '82'],
  ['a DISCONNECT with a Server Reference', packet(0xe0, [0], properties([0x1c], field('x'))), '82'],
  [
    'AUTH without a method in CONNECT [5.0 MQTT-4.12.0-7]',
    packet(0xf0, [0x19], properties([0x15], field('m'))),
    '82'
  ],
  [
    'AUTH 0x18 without a method in CONNECT [5.0 MQTT-4.12.0-7]',
    packet(0xf0, [0x18], properties([0x15], field('m'))),
    '82'
  ],
  ['an empty AUTH [5.0 MQTT-4.12.0-7]', packet(0xf0), '82'],
  ['AUTH with the code 0x55 [5.0 MQTT-3.15.2-1]', packet(0xf0, [0x55, 0]), '82'],
  [
    'a PUBLISH with a Subscription Identifier [5.0 MQTT-3.3.4-6]',
    rawPublish(5, 't', { properties: properties([0x0b, 1]) }),
    '82'
  ],
  ['a PUBLISH with a property twice', rawPublish(5, 't', { properties: properties([1, 1, 1, 1]) }), '82'],
  ['a PUBLISH with Payload Format Indicator 2', rawPublish(5, 't', { properties: properties([1, 2]) }), '82'],
  [
    'a PUBLISH with a property of CONNECT',
    rawPublish(5, 't', { properties: properties([0x21, 0, 1]) }),
    '81'
  ],
  ['a PUBLISH with an unknown property', rawPublish(5, 't', { properties: properties([0x55, 0]) }), '81'],
  [
    'a response topic a/# [5.0 MQTT-3.3.2-14]',
    rawPublish(5, 't', { properties: properties([8], field('a/#')) }),
    '82'
  ],
  [
    'a response topic + [5.0 MQTT-3.3.2-14]',
    rawPublish(5, 't', { properties: properties([8], field('+')) }),
    '82'
  ],
  [
    'a response topic that is no UTF-8 [5.0 MQTT-3.3.2-13]',
    rawPublish(5, 't', { properties: properties([8], field([0xff])) }),
    '81'
  ],
  [
    'a content type that is no UTF-8 [5.0 MQTT-3.3.2-19]',
    rawPublish(5, 't', { properties: properties([3], field([0xff])) }),
    '81'
  ],
  [
    'a user property whose name is no UTF-8 [5.0 MQTT-1.5.7-1]',
    rawPublish(5, 't', { properties: properties([0x26], field([0xc0, 0x80]), field('v')) }),
    '81'
  ],
  [
    'a user property whose value has U+0000 [5.0 MQTT-1.5.7-1]',
    rawPublish(5, 't', { properties: properties([0x26], field('n'), field([0])) }),
    '81'
  ]
]

for (const [title, bytes, code] of five) {
  scenario(
    `5.0: closes on ${title} with ${code} [5.0 MQTT-4.13.1-1] [5.0 MQTT-4.13.2-1]`,
    async ({ client }, t) => {
      const other = await client(5, 'other')
      await other.subscribe('#')
      const one = await client(5, 'one')
      one.raw(bytes)
      t.equal(await one.ending(), `disconnect ${code}`)
      t.same(await other.payloads(), [], 'nothing was delivered, and the other client is well')
    }
  )
}
