import {
  field,
  packet,
  properties,
  raw,
  rawConnect,
  u16,
  u32,
  userProperty
} from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, since311, versions } from '../support/scenario.js'

const id = field('c')
const badText = [0xed, 0xa0, 0x80]

/** What is wrong in every version: without an answer in 3, with the code in 5. */
const everywhere: ReadonlyArray<[title: string, change: Parameters<typeof rawConnect>[1]]> = [
  ['the reserved flag set [5.0 MQTT-3.1.2-3] [3.1.1 MQTT-3.1.2-3]', { flags: 0x03 }],
  ['Will QoS 1 without a will [5.0 MQTT-3.1.2-11] [3.1.1 MQTT-3.1.2-13]', { flags: 0x0a }],
  ['Will QoS 2 without a will [5.0 MQTT-3.1.2-11] [3.1.1 MQTT-3.1.2-11]', { flags: 0x12 }],
  ['Will Retain without a will [5.0 MQTT-3.1.2-13] [3.1.1 MQTT-3.1.2-15]', { flags: 0x22 }],
  ['a will that is missing [5.0 MQTT-3.1.2-9] [3.1.1 MQTT-3.1.2-9]', { flags: 0x06, payload: id }],
  ['no payload [5.0 MQTT-3.1.3-3] [3.1.1 MQTT-3.1.3-3]', { payload: [] }],
  ['a client id that is no UTF-8 [5.0 MQTT-3.1.3-4] [3.1.1 MQTT-3.1.3-4]', { payload: field([0xff, 0xfe]) }],
  ['a client id with U+0000 [5.0 MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-2]', { payload: field([0x61, 0]) }],
  [
    'a user name that is no UTF-8 [5.0 MQTT-3.1.3-12] [3.1.1 MQTT-3.1.3-11]',
    { flags: 0x82, payload: raw(id, field(badText)) }
  ],
  [
    'a user name that is not flagged [5.0 MQTT-3.1.2-16] [3.1.1 MQTT-3.1.2-18]',
    { flags: 0x02, payload: raw(id, field('u')) }
  ],
  [
    'a password that is not flagged [5.0 MQTT-3.1.2-18] [3.1.1 MQTT-3.1.2-20]',
    { flags: 0x82, payload: raw(id, field('u'), field('p')) }
  ],
  [
    'a field that goes on beyond the end [5.0 MQTT-3.1.4-1] [3.1.1 MQTT-3.1.4-1]',
    { payload: raw(u16(9), 'c') }
  ]
]

for (const [title, change] of everywhere) {
  scenarios(versions, `refuses a CONNECT with ${title}`, async ({ peer }, t, version) => {
    const one = peer(version)
    one.raw(rawConnect(version, change))
    t.equal(await one.ending(), version === 5 ? 'connack 81' : 'closed')
  })
}

const authenticateConnection = (_: object, store: { valid: boolean }) => {
  store.valid = true
}

const flagged: ReadonlyArray<[title: string, flags: number, payload: Buffer]> = [
  ['a user name that is missing [5.0 MQTT-3.1.2-17] [3.1.1 MQTT-3.1.2-19]', 0x82, id],
  ['a password that is missing [5.0 MQTT-3.1.2-19] [3.1.1 MQTT-3.1.2-21]', 0xc2, raw(id, field('u'))]
]

for (const [title, flags, payload] of flagged) {
  scenarios(since311, `refuses a CONNECT with ${title}`, async ({ peer }, t, version) => {
    const one = peer(version)
    one.raw(rawConnect(version, { flags, payload }))
    t.equal(await one.ending(), version === 5 ? 'connack 81' : 'closed')
  })

  const name = `3.1: takes a CONNECT with ${title.replace(/ \[.*/, '')}: its length has precedence`
  scenario(name, { hooks: { authenticateConnection } }, async ({ peer }) => {
    const one = peer(3)
    one.raw(rawConnect(3, { flags, payload }))
    await one.next('connack')
    await one.nothing()
  })
}

scenarios(
  [3, 4],
  'refuses a password without a user name [3.1.1 MQTT-3.1.2-22]',
  async ({ peer }, t, version) => {
    const one = peer(version)
    one.raw(rawConnect(version, { flags: 0x42, payload: raw(id, field('p')) }))
    t.equal(await one.ending(), 'closed')
  }
)

const willOf = (level: number, topic: Buffer) => raw(id, level === 5 ? [0] : [], topic, field('bye'))

scenarios(
  versions,
  'refuses a Will QoS of 3 [5.0 MQTT-3.1.2-12] [3.1.1 MQTT-3.1.2-14]',
  async ({ peer }, t, version) => {
    const one = peer(version)
    one.raw(rawConnect(version, { flags: 0x1e, payload: willOf(version, field('w')) }))
    t.equal(await one.ending(), version === 5 ? 'connack 81' : 'closed')
  }
)

const willTopics: ReadonlyArray<[title: string, topic: Buffer, code: string]> = [
  ['that is no UTF-8 [5.0 MQTT-3.1.3-11] [3.1.1 MQTT-3.1.3-10]', field(badText), 'connack 81'],
  ['with U+0000 [5.0 MQTT-4.7.3-2] [3.1.1 MQTT-4.7.3-2]', field([0x61, 0]), 'connack 81'],
  ['with a + [5.0 MQTT-4.7.0-1] [3.1.1 MQTT-4.7.1-1]', field('w/+'), 'connack 90'],
  ['with a # [5.0 MQTT-4.7.0-1] [3.1.1 MQTT-4.7.1-1]', field('#'), 'connack 90'],
  ['that is empty [5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1]', field(''), 'connack 90']
]

for (const [title, topic, code] of willTopics) {
  scenarios(versions, `refuses a will topic ${title}`, async ({ peer }, t, version) => {
    const one = peer(version)
    one.raw(rawConnect(version, { flags: 0x06, payload: willOf(version, topic) }))
    t.equal(await one.ending(), version === 5 ? code : 'closed')
  })
}

const receiveMaximum = (value: number) => raw([0x21], u16(value))

const wrongProperties: ReadonlyArray<[title: string, properties: Buffer, code: string]> = [
  ['an unknown property', properties([0x7f, 0]), '81'],
  ['a property of another packet', properties([0x23], u16(1)), '81'],
  ['a property length that is too long', raw([9], receiveMaximum(1)), '81'],
  ['a value that is cut off', properties([0x21, 0]), '81'],
  ['a property twice', properties(receiveMaximum(1), receiveMaximum(1)), '82'],
  ['Receive Maximum 0', properties(receiveMaximum(0)), '82'],
  ['Maximum Packet Size 0', properties([0x27], u32(0)), '82'],
  ['Request Response Information 2', properties([0x19, 2]), '82'],
  ['Request Problem Information 2', properties([0x17, 2]), '82'],
  ['Authentication Data without a method', properties([0x16], field('x')), '82'],
  ['a user property whose name is no UTF-8 [5.0 MQTT-1.5.7-1]', properties(userProperty(badText, 'v')), '81'],
  ['a user property whose value has U+0000 [5.0 MQTT-1.5.7-1]', properties(userProperty('n', [0])), '81']
]

for (const [title, wrong, code] of wrongProperties) {
  scenario(
    `5.0: refuses a CONNECT with ${title} [5.0 MQTT-3.1.4-1] [5.0 MQTT-4.13.1-1]`,
    async ({ peer }, t) => {
      const one = peer()
      one.raw(rawConnect(5, { properties: wrong }))
      t.equal(await one.ending(), `connack ${code}`)
    }
  )
}

const willProperties: ReadonlyArray<[title: string, properties: Buffer, code: string]> = [
  ['a topic alias', properties([0x23], u16(1)), '81'],
  ['a Will Delay twice', properties([0x18], u32(1), [0x18], u32(1)), '82'],
  ['Payload Format Indicator 2', properties([0x01, 2]), '82'],
  ['a response topic with wildcards [5.0 MQTT-3.3.2-14]', properties([0x08], field('a/#')), '82']
]

for (const [title, wrong, code] of willProperties) {
  scenario(`5.0: refuses Will Properties with ${title} [5.0 MQTT-3.1.4-1]`, async ({ peer }, t) => {
    const one = peer()
    one.raw(rawConnect(5, { flags: 0x06, payload: raw(id, wrong, field('w'), field('bye')) }))
    t.equal(await one.ending(), `connack ${code}`)
  })
}

const names: ReadonlyArray<[name: string, level: number, answer: string]> = [
  ['MQTX', 4, 'closed'],
  ['mqtt', 4, 'closed'],
  ['', 4, 'closed'],
  ['MQTT', 0, 'connack 01'],
  ['MQTT', 2, 'connack 01'],
  ['MQIsdp', 2, 'connack 01']
]

for (const [name, level, answer] of names) {
  scenario(
    `refuses protocol '${name}' level ${level} with '${answer}' [3.1.1 MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-2]`,
    async ({ peer }, t) => {
      const one = peer(4)
      one.raw(rawConnect(4, { name, level }))
      t.equal(await one.ending(), answer)
    }
  )
}

for (const level of [6, 127]) {
  scenario(
    `refuses level ${level} as MQTT 5 does [5.0 MQTT-3.1.2-1] [5.0 MQTT-3.1.2-2]`,
    async ({ peer }, t) => {
      const one = peer(5)
      one.raw(rawConnect(5, { level }))
      t.equal(await one.ending(), 'connack 84')
    }
  )
}

for (const level of [0x83, 0x84, 255]) {
  scenario(
    `refuses level ${level} as MQTT 3.1.1 does, so that bridges fall back [3.1.1 MQTT-3.1.2-2]`,
    async ({ peer }, t) => {
      const one = peer(4)
      one.raw(rawConnect(4, { level }))
      t.equal(await one.ending(), 'connack 01')
    }
  )
}

const firsts: ReadonlyArray<[title: string, bytes: Buffer]> = [
  ['PINGREQ', packet(0xc0)],
  ['SUBSCRIBE', packet(0x82, u16(1), field('a'), [0])],
  ['PUBLISH', packet(0x30, field('a'), 'x')],
  ['DISCONNECT', packet(0xe0)],
  ['AUTH', packet(0xf0)],
  ['CONNACK', packet(0x20, [0, 0])],
  ['packet type 0', packet(0x00)]
]

for (const [title, bytes] of firsts) {
  scenario(
    `closes a connection that begins with ${title} [5.0 MQTT-3.1.0-1] [5.0 MQTT-3.14.0-1] [3.1.1 MQTT-3.1.0-1]`,
    async ({ peer }, t) => {
      const one = peer(4)
      one.raw(bytes)
      t.equal(await one.ending(), 'closed')
    }
  )
}

scenarios(
  versions,
  'takes a second CONNECT as an offence [5.0 MQTT-3.1.0-2] [3.1.1 MQTT-3.1.0-2] [5.0 MQTT-3.2.0-2]',
  async ({ client }, t, version) => {
    const one = await client(version, 'twice')
    one.raw(rawConnect(version))
    t.equal(await one.ending(), version === 5 ? 'disconnect 82' : 'closed')
  }
)

scenarios(
  versions,
  'acts on nothing behind a CONNECT that is refused [5.0 MQTT-3.1.4-6] [3.1.1 MQTT-3.1.4-5] [5.0 MQTT-3.2.2-7]',
  async ({ peer, client }, t, version) => {
    const watcher = await client(version, 'watcher')
    await watcher.subscribe('#')
    const one = peer(version)
    one.raw(
      raw(
        rawConnect(version, { flags: 0x06, payload: willOf(version, field('w/+')) }),
        packet(0x31, field('t'), version === 5 ? [0] : [], 'x')
      )
    )
    await one.end()
    t.same(await watcher.payloads(), [])
    const late = await client(version, 'late')
    await late.subscribe('t')
    t.same(await late.payloads(), [], 'nothing is retained')
  }
)

scenario(
  '5.0: refuses a remaining length in more bytes than needed [5.0 MQTT-1.5.5-1]',
  async ({ peer }, t) => {
    const connect = rawConnect(5)
    const one = peer()
    one.raw(raw([0x10, connect[1]! | 0x80, 0], connect.subarray(2)))
    t.equal(await one.ending(), 'connack 81')
  }
)
