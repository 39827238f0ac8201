import { type Bytes, field, raw, rawConnect, u32, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { bit, connectBytes, short, willBytes } from './connect-bytes.js'
import { allRefused, isTaken } from './refusal.js'

type Row = readonly [what: string, properties: Bytes]

/** The smallest legal form of each property that a CONNECT may have once only. */
const once: readonly Row[] = [
  ['Session Expiry Interval', raw([0x11], u32(0))],
  ['Authentication Method', raw([0x15], field('m'))],
  ['Request Problem Information', [0x17, 1]],
  ['Request Response Information', [0x19, 0]],
  ['Receive Maximum', short(0x21, 10)],
  ['Topic Alias Maximum', short(0x22, 0)],
  ['Maximum Packet Size', raw([0x27], u32(100_000))]
]

const onceInWill: readonly Row[] = [
  ['Payload Format Indicator', [0x01, 0]],
  ['Message Expiry Interval', raw([0x02], u32(60))],
  ['Content Type', raw([0x03], field('text'))],
  ['Response Topic', raw([0x08], field('answers'))],
  ['Correlation Data', raw([0x09], field('1'))],
  ['Will Delay Interval', raw([0x18], u32(0))]
]

export const everyConnectProperty: CaseDefinition = {
  name: 'every-connect-property',
  title: 'a CONNECT may have all the properties that it can have',
  proves: { '5.0': ['3.1.4-5'] },
  async run(scene) {
    const own = once.filter(([name]) => name !== 'Authentication Method').map(([, bytes]) => raw(bytes))
    const users = raw(userProperty('a', '1'), userProperty('b', '2'), userProperty('a', '1'))
    const will = willBytes(scene, scene.topic(), raw(...onceInWill.map(([, bytes]) => bytes), users))
    await isTaken(scene, connectBytes(scene, { flags: bit.will, will, properties: raw(users, ...own) }))
  }
}

export const connectPropertyTwice: CaseDefinition = {
  name: 'connect-property-twice',
  title: 'a CONNECT that has a property twice is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    const others = once.filter(([name]) => name !== 'Authentication Method')
    await isTaken(scene, connectBytes(scene, { properties: raw(...others.map(([, bytes]) => bytes)) }))
    await allRefused(
      scene,
      once.map(([name, bytes]) => [`${name} twice`, connectBytes(scene, { properties: raw(bytes, bytes) })]),
      // The method may be unknown as well [5.0 MQTT-4.12.0-1].
      { '5.0': [0x81, 0x82, 0x87, 0x8c] }
    )
  }
}

export const willPropertyTwice: CaseDefinition = {
  name: 'will-property-twice',
  title: 'a CONNECT with a will that has a property twice is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    const withWill = (own: Bytes) =>
      connectBytes(scene, { flags: bit.will, will: willBytes(scene, scene.topic(), own) })
    await isTaken(scene, withWill(raw(...onceInWill.map(([, bytes]) => bytes))))
    await allRefused(
      scene,
      onceInWill.map(([name, bytes]) => [`${name} twice in the will`, withWill(raw(bytes, bytes))])
    )
  }
}

export const foreignConnectProperty: CaseDefinition = {
  name: 'foreign-connect-property',
  title: 'a CONNECT with a property that does not exist, or not there, is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    const foreign: readonly Row[] = [
      ['the unknown property 0x7F', [0x7f, 0]],
      ['the unknown property 0x00', [0x00, 0]],
      ['Server Keep Alive', short(0x13, 60)],
      ['Assigned Client Identifier', raw([0x12], field('me'))],
      ['Reason String', raw([0x1f], field('why'))],
      ['Topic Alias', short(0x23, 1)],
      ['Maximum QoS', [0x24, 1]],
      ['Subscription Identifier', [0x0b, 1]],
      ['Will Delay Interval outside the will', raw([0x18], u32(1))],
      ['Content Type outside the will', raw([0x03], field('text'))]
    ]
    await isTaken(scene, connectBytes(scene, { properties: short(0x21, 10) }))
    await allRefused(
      scene,
      foreign.map(([what, properties]) => [what, connectBytes(scene, { properties })])
    )
    const inWill: readonly Row[] = [
      ['Session Expiry Interval', raw([0x11], u32(1))],
      ['Topic Alias', short(0x23, 1)]
    ]
    await allRefused(
      scene,
      inWill.map(([what, own]) => {
        const will = willBytes(scene, scene.topic(), own)
        return [`${what} in the will`, connectBytes(scene, { flags: bit.will, will })]
      })
    )
  }
}

export const connectPropertyValues: CaseDefinition = {
  name: 'connect-property-values',
  title: 'a CONNECT with a property of a value that it cannot have is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    const wrong: readonly Row[] = [
      ['Receive Maximum 0', short(0x21, 0)],
      ['Maximum Packet Size 0', raw([0x27], u32(0))],
      ['Request Response Information 2', [0x19, 2]],
      ['Request Problem Information 2', [0x17, 2]]
    ]
    await isTaken(scene, connectBytes(scene, { properties: raw(short(0x21, 1), [0x19, 1, 0x17, 0]) }))
    await allRefused(
      scene,
      wrong.map(([what, properties]) => [what, connectBytes(scene, { properties })])
    )
  }
}

export const authenticationDataAlone: CaseDefinition = {
  name: 'authentication-data-alone',
  title: 'a CONNECT with authentication data and without an authentication method is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, { properties: raw([0x16], field('secret')) })
    await allRefused(scene, [['authentication data without a method', wrong]], { '5.0': [0x82, 0x8c] })
  }
}

export const connectPropertyLength: CaseDefinition = {
  name: 'connect-property-length',
  title: 'a CONNECT with a wrong property length is refused',
  proves: { '5.0': ['3.1.4-1', '4.13.1-1'] },
  async run(scene) {
    const receiveMaximum = short(0x21, 10)
    const withLength = (...length: number[]) =>
      rawConnect(5, { properties: raw(length, receiveMaximum), payload: field(scene.clientId()) })
    await isTaken(scene, connectBytes(scene, { properties: receiveMaximum }))
    await allRefused(scene, [
      ['a property length in the middle of a property', withLength(2)],
      ['a property length beyond the end of the packet', withLength(100)],
      ['a property length of five bytes', withLength(0x83, 0x80, 0x80, 0x80, 0x00)],
      [
        'a user property that goes on beyond the properties',
        connectBytes(scene, {
          properties: raw([0x26], field('a'), [0, 9], 'b')
        })
      ]
    ])
  }
}
