import { type Bytes, field, packet, properties, raw, rawPublish, u16, u32 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachEnds, protocolError, type Row } from './rows.js'

const proves = { '5.0': ['4.13.1-1'] } as const

/** Properties, each whole and with a value that is right, by their names. */
const whole = {
  'Payload Format Indicator': raw([0x01, 0]),
  'Message Expiry Interval': raw([0x02], u32(60)),
  'Content Type': raw([0x03], field('text')),
  'Response Topic': raw([0x08], field('answers')),
  'Correlation Data': raw([0x09], field('one')),
  'Subscription Identifier': raw([0x0b, 1]),
  'Session Expiry Interval': raw([0x11], u32(60)),
  'Authentication Method': raw([0x15], field('method')),
  'Request Problem Information': raw([0x17, 1]),
  'Reason String': raw([0x1f], field('why')),
  'Receive Maximum': raw([0x21], u16(9)),
  'Topic Alias': raw([0x23], u16(1)),
  'Maximum Packet Size': raw([0x27], u32(9999))
}
type Name = keyof typeof whole

type Build = (...parts: Bytes[]) => Buffer

/** A packet with properties that it cannot have, or that end where they should not. */
function wrongRows(cmd: string, build: Build, foreign: readonly Name[]): Row[] {
  return [
    { words: `${cmd} with the unknown property 0x04`, bytes: build(properties([0x04, 0])) },
    { words: `${cmd} with the unknown property 0x7F`, bytes: build(properties([0x7f, 0])) },
    ...foreign.map(name => ({ words: `${cmd} with ${name}`, bytes: build(properties(whole[name])) })),
    { words: `${cmd} with half a user property`, bytes: build(properties([0x26], field('name'))) },
    { words: `${cmd} with a property that is cut off`, bytes: build(properties([0x26, 0])) }
  ]
}

function twiceRows(cmd: string, build: Build, names: readonly Name[], codes = protocolError): Row[] {
  return names.map(name => ({
    words: `${cmd} with ${name} twice`,
    bytes: build(properties(whole[name], whole[name])),
    codes
  }))
}

export const publishProperties: CaseDefinition = {
  name: 'publish-with-wrong-properties',
  title: 'a PUBLISH with properties that it cannot have ends the connection, and no other one',
  proves,
  run(scene) {
    const build: Build = (...parts) => rawPublish(5, scene.topic(), { properties: raw(...parts) })
    return eachEnds(
      scene,
      wrongRows('PUBLISH', build, [
        ...(['Session Expiry Interval', 'Authentication Method', 'Request Problem Information'] as const),
        ...(['Reason String', 'Receive Maximum', 'Maximum Packet Size'] as const)
      ])
    )
  }
}

export const publishTwice: CaseDefinition = {
  name: 'publish-with-a-property-twice',
  title: 'a PUBLISH with a property twice ends the connection, and no other one',
  proves,
  async run(scene) {
    const build: Build = (...parts) => rawPublish(5, scene.topic(), { properties: raw(...parts) })
    const names: Name[] = ['Payload Format Indicator', 'Message Expiry Interval', 'Content Type']
    names.push('Response Topic', 'Correlation Data')
    const rows = twiceRows('PUBLISH', build, names)
    // A broker without aliases may complain about the alias itself.
    await eachEnds(scene, [...rows, ...twiceRows('PUBLISH', build, ['Topic Alias'], [0x82, 0x94])])
  }
}

export const subscribeProperties: CaseDefinition = {
  name: 'subscribe-with-wrong-properties',
  title: 'a SUBSCRIBE with properties that it cannot have ends the connection, and no other one',
  proves,
  run(scene) {
    const build: Build = (...parts) => packet(0x82, u16(7), ...parts, field(scene.topic()), [0])
    // A broker without subscription identifiers may complain about those.
    const codes = [0x82, 0xa1]
    return eachEnds(scene, [
      ...wrongRows('SUBSCRIBE', build, ['Payload Format Indicator', 'Topic Alias', 'Reason String']),
      ...twiceRows('SUBSCRIBE', build, ['Subscription Identifier'], codes)
    ])
  }
}

export const unsubscribeProperties: CaseDefinition = {
  name: 'unsubscribe-with-wrong-properties',
  title: 'an UNSUBSCRIBE with properties that it cannot have ends the connection, and no other one',
  proves,
  run(scene) {
    const build: Build = (...parts) => packet(0xa2, u16(7), ...parts, field(scene.topic()))
    return eachEnds(
      scene,
      wrongRows('UNSUBSCRIBE', build, [
        'Payload Format Indicator',
        'Subscription Identifier',
        'Reason String'
      ])
    )
  }
}
