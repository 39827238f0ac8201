import { type Bytes, field, properties, raw, rawPublish, u16, u32 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { illFormed, within } from '../ill-formed.js'
import { eachCloses, type Labelled } from './each-closes.js'

function publishWith(topic: string, ...parts: Bytes[]): Buffer {
  return rawPublish(5, topic, { properties: properties(...parts) })
}

export const illFormedTexts: CaseDefinition = {
  name: 'ill-formed-response-topic',
  title: 'a PUBLISH whose response topic is no UTF-8, or has U+0000 in it, ends the connection',
  proves: { '5.0': ['3.3.2-13', '1.5.4-1'] },
  async run(scene) {
    const packets = [...illFormed.slice(0, 5), ['U+0000', [0]] as const].map(
      ([why, bytes]): Labelled => [
        `PUBLISH with ${why} in its response topic`,
        publishWith(scene.topic(), [0x08], field(within('r', bytes)))
      ]
    )
    await eachCloses(scene, packets, 0x81, 0x90)
  }
}

export const illFormedType: CaseDefinition = {
  name: 'ill-formed-content-type',
  title: 'a PUBLISH whose content type is no UTF-8, or has U+0000 in it, ends the connection',
  proves: { '5.0': ['3.3.2-19', '1.5.4-1'] },
  async run(scene) {
    const packets = [...illFormed.slice(0, 5), ['U+0000', [0]] as const].map(
      ([why, bytes]): Labelled => [
        `PUBLISH with ${why} in its content type`,
        publishWith(scene.topic(), [0x03], field(within('c', bytes)))
      ]
    )
    await eachCloses(scene, packets, 0x81)
  }
}

export const wildcardsInResponse: CaseDefinition = {
  name: 'wildcards-in-response-topic',
  title: 'no message with a wildcard in its response topic is delivered',
  proves: { '5.0': ['3.3.2-14'] },
  async run({ connect, topic, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    const marked = await connect({ label: 'publisher' })
    await subscriber.subscribe(topic())
    for (const response of [topic('#'), topic('+'), '#', '+/a']) {
      const client = await connect()
      client.raw(publishWith(topic(), [0x08], field(response)), `PUBLISH with response topic '${response}'`)
      // Whether it ends the connection or only refuses the message, it has looked at it by then.
      client.send({ cmd: 'pingreq' })
      await client.until(
        'PINGRESP, or the end',
        () => client.inbox.some(({ cmd }) => cmd === 'pingresp'),
        true
      )
      if (client.ended) await client.closes(0x81, 0x82, 0x90)
    }
    same((await subscriber.messagesBeforeMarker(marked, { qos: 0 })).length, 0, 'messages delivered')
  }
}

/** The properties of PUBLISH that may be there once. */
const single: ReadonlyArray<readonly [name: string, bytes: Buffer]> = [
  ['payload format indicator', raw([1, 1])],
  ['message expiry interval', raw([2], u32(60))],
  ['content type', raw([3], field('c'))],
  ['response topic', raw([8], field('r'))],
  ['correlation data', raw([9], field('d'))]
]

export const repeatedProperty: CaseDefinition = {
  name: 'repeated-property-in-publish',
  title: 'a PUBLISH that has a property twice ends the connection, also when both are the same',
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const packets = single.map(
      ([name, bytes]): Labelled => [`PUBLISH with ${name} twice`, publishWith(scene.topic(), bytes, bytes)]
    )
    await eachCloses(scene, packets, 0x82, 0x81)
  }
}

export const repeatedAlias: CaseDefinition = {
  name: 'repeated-topic-alias',
  title: 'a PUBLISH that has a topic alias twice ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['topicAliases'],
  async run(scene) {
    const alias = raw([0x23], u16(1))
    const packet = publishWith(scene.topic(), alias, alias)
    await eachCloses(scene, [['PUBLISH with topic alias twice', packet]], 0x82, 0x81, 0x94)
  }
}

/** Properties of other packets, and some that do not exist. */
const foreign: ReadonlyArray<readonly [name: string, bytes: Buffer]> = [
  ['a session expiry interval', raw([0x11], u32(1))],
  ['an assigned client identifier', raw([0x12], field('i'))],
  ['a server keep alive', raw([0x13], u16(1))],
  ['an authentication method', raw([0x15], field('m'))],
  ['a will delay interval', raw([0x18], u32(1))],
  ['a reason string', raw([0x1f], field('s'))],
  ['a receive maximum', raw([0x21], u16(1))],
  ['a topic alias maximum', raw([0x22], u16(1))],
  ['a maximum QoS', raw([0x24, 1])],
  ['a maximum packet size', raw([0x27], u32(1000))],
  ['a property of number 0', raw([0x00, 1])],
  ['a property of number 4', raw([0x04, 1])],
  ['a property of number 127', raw([0x7f, 1])]
]

export const foreignProperty: CaseDefinition = {
  name: 'foreign-property-in-publish',
  title: 'a PUBLISH with a property that it cannot have ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const packets = foreign.map(
      ([name, bytes]): Labelled => [`PUBLISH with ${name}`, publishWith(scene.topic(), bytes)]
    )
    await eachCloses(scene, packets, 0x81, 0x82)
  }
}

export const identifierFromClient: CaseDefinition = {
  name: 'subscription-identifier-from-client',
  title: 'a PUBLISH from a client with a subscription identifier ends the connection, and is not delivered',
  proves: { '5.0': ['3.3.4-6'] },
  async run(scene) {
    const { connect, topic, same } = scene
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const packet = publishWith(topic(), [0x0b, 1])
    await eachCloses(scene, [['PUBLISH with subscription identifier 1', packet]], 0x82, 0x81)
    const marked = await connect({ label: 'publisher' })
    same((await subscriber.messagesBeforeMarker(marked, { qos: 0 })).length, 0, 'messages delivered')
  }
}
