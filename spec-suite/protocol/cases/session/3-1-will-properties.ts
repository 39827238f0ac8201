import { field, properties, raw, rawConnect, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { witnessOf } from './witness.js'

export const willProperties: CaseDefinition = {
  name: 'will-properties',
  title: 'the properties of a will are published with it',
  proves: { '5.0': ['3.1.2-7', '3.1.2-8'] },
  async run(scene) {
    const { connect, topic, same, check } = scene
    const witness = await witnessOf(scene, topic('will'))
    const sent = {
      payloadFormatIndicator: true,
      messageExpiryInterval: 100,
      contentType: 'text/plain',
      responseTopic: topic('answer'),
      correlationData: Buffer.from([0, 1, 255])
    }
    const client = await connect({ will: { topic: topic('will'), properties: sent } })
    client.cut()
    const { properties } = await witness.message(topic('will'))
    same(properties.payloadFormatIndicator, 1, 'Payload Format Indicator')
    same(properties.contentType, sent.contentType, 'Content Type')
    same(properties.responseTopic, sent.responseTopic, 'Response Topic')
    same(properties.correlationData, sent.correlationData, 'Correlation Data')
    const left = properties.messageExpiryInterval ?? 0
    // It may have waited inside the broker.
    check(left <= 100 && left > 90, 'a Message Expiry Interval of 100 s, or a little less', `it was ${left}`)
  }
}

export const willWithoutProperties: CaseDefinition = {
  name: 'will-without-properties',
  title: 'a will without properties is published without them',
  proves: { '5.0': ['3.1.2-7', '3.1.2-8'] },
  async run(scene) {
    const { connect, topic, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const client = await connect({ will: { topic: topic('will') } })
    client.cut()
    const { properties } = await witness.message(topic('will'))
    // Without an expiry of its own: a broker may limit how long it keeps messages, and say so.
    const { contentType, responseTopic, correlationData, userProperties } = properties
    const found = { contentType, responseTopic, correlationData, user: userProperties[0] }
    same(Object.values(found).filter(Boolean), [], 'the properties of the will')
  }
}

export const willUserProperties: CaseDefinition = {
  name: 'will-user-properties',
  title: 'the user properties of a will are published in their order',
  proves: { '5.0': ['3.1.3-10'] },
  async run(scene) {
    const { connectPacket, open, topic, same } = scene
    const witness = await witnessOf(scene, topic('will'))
    const pairs: Array<[string, string]> = [
      ['b', '1'],
      ['a', '2'],
      ['b', '3'],
      ['', ''],
      ['b', '1']
    ]
    const { clientId, username, password } = connectPacket()
    const client = await open()
    const user = [username, password].map(value => (value === undefined ? [] : field(value)))
    const flags = 0x06 | (username === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40)
    const will = raw(
      properties(...pairs.map(pair => userProperty(...pair))),
      field(topic('will')),
      field('x')
    )
    client.raw(rawConnect(5, { flags, payload: raw(field(clientId), will, ...user) }))
    same((await client.next('connack')).reasonCode, 0, 'the reason code of CONNACK')
    client.cut()
    const message = await witness.message(topic('will'))
    same(message.properties.userProperties, pairs, 'the user properties')
  }
}
