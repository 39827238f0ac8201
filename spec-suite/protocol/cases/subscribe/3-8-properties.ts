import { field, packet, properties, raw, u16, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachCloses } from './answers.js'

const subscriptionIdentifier = (value: number) => raw([0x0b, value])
const sessionExpiryInterval = [0x11, 0, 0, 0, 9]
const reasonString = raw([0x1f], field('why'))
const unknown = [0x7f, 0]

const subscribe = (topic: string, own: Buffer) => packet(0x82, u16(7), own, field(topic), [0])
const unsubscribe = (topic: string, own: Buffer) => packet(0xa2, u16(8), own, field(topic))

export const subscriptionIdentifierValues: CaseDefinition = {
  name: 'subscription-identifier-values',
  title: 'SUBSCRIBE with the subscription identifier 0, or two of them, ends the connection',
  // Without a number of their own [5.0: 3.8.2.1.2].
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['subscriptionIdentifiers'],
  async run(scene) {
    const topic = scene.topic()
    const [zero, one, two] = [0, 1, 2].map(subscriptionIdentifier) as [Buffer, Buffer, Buffer]
    await eachCloses(
      scene,
      'suback',
      [0x82],
      [
        ['SUBSCRIBE with identifier 0', subscribe(topic, properties(zero))],
        ['SUBSCRIBE with identifiers 1 and 2', subscribe(topic, properties(one, two))],
        ['SUBSCRIBE with identifier 1 twice', subscribe(topic, properties(one, one))]
      ]
    )
  }
}

export const subscribeForeignProperties: CaseDefinition = {
  name: 'subscribe-foreign-properties',
  title: 'SUBSCRIBE with a property of another packet, or of none, ends the connection',
  // Without a number of its own [5.0: 2.2.2.2].
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const topic = scene.topic()
    await eachCloses(
      scene,
      'suback',
      [0x81],
      [
        ['SUBSCRIBE with a session expiry', subscribe(topic, properties(sessionExpiryInterval))],
        ['SUBSCRIBE with a reason string', subscribe(topic, properties(reasonString))],
        ['SUBSCRIBE with an unknown property', subscribe(topic, properties(unknown))]
      ]
    )
  }
}

export const unsubscribeForeignProperties: CaseDefinition = {
  name: 'unsubscribe-foreign-properties',
  title: 'UNSUBSCRIBE with a property of another packet, or of none, ends the connection',
  // Without a number of its own [5.0: 2.2.2.2].
  proves: { '5.0': ['4.13.1-1'] },
  async run(scene) {
    const topic = scene.topic()
    await eachCloses(
      scene,
      'unsuback',
      [0x81],
      [
        ['UNSUBSCRIBE with an identifier', unsubscribe(topic, properties(subscriptionIdentifier(1)))],
        ['UNSUBSCRIBE with a session expiry', unsubscribe(topic, properties(sessionExpiryInterval))],
        ['UNSUBSCRIBE with a reason string', unsubscribe(topic, properties(reasonString))],
        ['UNSUBSCRIBE with an unknown property', unsubscribe(topic, properties(unknown))]
      ]
    )
  }
}

export const subscribeUserProperties: CaseDefinition = {
  name: 'subscribe-user-properties',
  title: 'SUBSCRIBE and UNSUBSCRIBE may have the same user property twice',
  proves: { '5.0': ['3.8.4-1', '3.10.4-4'] },
  async run({ connect, same, topic }) {
    const client = await connect()
    const twice = properties(userProperty('a', 'b'), userProperty('a', 'b'))
    client.raw(subscribe(topic(), twice))
    same((await client.next('suback')).codes, [0], 'the codes of SUBACK', ['3.8.4-1'])
    client.raw(unsubscribe(topic(), twice))
    same((await client.next('unsuback')).codes, [0], 'the codes of UNSUBACK', ['3.10.4-4'])
  }
}
