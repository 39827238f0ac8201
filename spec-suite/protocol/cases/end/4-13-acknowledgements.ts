import type { Need } from '../../broker/needs.js'
import { type Bytes, field, packet, properties, raw, u16, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import { type Acknowledgement, firstByte, owing } from './acknowledgement.js'

/** What follows the first byte and the remaining length, for an identifier. */
type Body = readonly [words: string, body: (id: number) => Bytes]

/** Sends each body as an acknowledgement that was due: it ends that connection, and no other one. */
async function eachEnds(scene: Scene, cmd: Acknowledgement, bodies: readonly Body[]): Promise<void> {
  const bystander = await scene.connect({ label: 'bystander' })
  for (const [words, body] of bodies) {
    const { client, id } = await owing(scene, cmd)
    client.raw(packet(firstByte[cmd], body(id)), `${cmd.toUpperCase()} ${id} with ${words}`)
    await client.closes(0x81, 0x82)
  }
  await bystander.ping()
}

const tooShort: readonly Body[] = [
  ['nothing in it', () => []],
  ['half an identifier', () => [0]]
]
const tooLong: Body = ['a byte too many', id => raw(u16(id), [0])]
const tooLong5: Body = ['a byte too many', id => raw(u16(id), [0, 0, 0])]
const beyond: Body = ['properties beyond its end', id => raw(u16(id), [0, 20], userProperty('a', 'b'))]

const proves = { '3.1.1': ['4.8.0-1'], '5.0': ['4.13.1-1'] } as const

function tooShortOf(cmd: Acknowledgement, need: Need): CaseDefinition {
  return {
    name: `${cmd}-too-short`,
    title: `a ${cmd.toUpperCase()} that ends inside a field ends the connection, and no other one`,
    ...{ proves, needs: [need] },
    run: scene => eachEnds(scene, cmd, [...tooShort, ...(scene.is5 ? [beyond] : [])])
  }
}

function tooLongOf(cmd: Acknowledgement, need: Need): CaseDefinition {
  return {
    name: `${cmd}-too-long`,
    title: `a ${cmd.toUpperCase()} with bytes too many ends the connection, and no other one`,
    ...{ proves, needs: [need] },
    run: scene => eachEnds(scene, cmd, [scene.is5 ? tooLong5 : tooLong])
  }
}

const why = raw([0x1f], field('why'))
const wrongProperties: readonly Body[] = [
  ['an unknown property', id => raw(u16(id), [0], properties([0x04, 0]))],
  ['a property of PUBLISH', id => raw(u16(id), [0], properties([0x01, 0]))],
  ['two reason strings', id => raw(u16(id), [0], properties(why, why))],
  ['a property that is cut off', id => raw(u16(id), [0], properties([0x1f, 0, 9, 0x61]))]
]

function propertiesOf(cmd: Acknowledgement, need: Need): CaseDefinition {
  return {
    name: `${cmd}-with-wrong-properties`,
    title: `a ${cmd.toUpperCase()} whose properties are wrong ends the connection, and no other one`,
    proves: { '5.0': ['4.13.1-1'] },
    needs: [need],
    run: scene => eachEnds(scene, cmd, wrongProperties)
  }
}

const needs = { puback: 'qos1', pubrec: 'qos2', pubrel: 'qos2', pubcomp: 'qos2' } as const

export const acknowledgementCases: readonly CaseDefinition[] = (
  ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const
).flatMap(cmd => [tooShortOf, tooLongOf, propertiesOf].map(one => one(cmd, needs[cmd])))
