import { rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

const qualities = [0, 1, 2] as const

export const announcedMaximumQos: CaseDefinition = {
  name: 'announced-maximum-qos',
  title: 'every QoS is taken that the CONNACK does not rule out',
  proves: { '5.0': ['3.2.2-9'] },
  async run({ connect, topic, check }) {
    const client = await connect()
    const maximum = client.connack!.properties.maximumQoS ?? 2
    for (const qos of qualities.filter(one => one <= maximum)) {
      const reason = await client.publish(topic(), 'x', { qos })
      check(reason !== 0x9b, `QoS ${qos} to be taken`, 'it was refused with 0x9B')
    }
    await client.ping()
  }
}

export const subscribeAboveMaximumQos: CaseDefinition = {
  name: 'subscribe-above-maximum-qos',
  title: 'subscriptions may ask for every QoS, also above the maximum of the broker',
  proves: { '5.0': ['3.2.2-10'] },
  needs: ['lowerMaximumQos'],
  async run({ connect, topic, check }) {
    const client = await connect()
    for (const qos of qualities) {
      const [granted = 0x80] = await client.subscribe(topic(`${qos}`), { qos })
      check(granted <= qos, `a granted QoS of at most ${qos}`, `SUBACK said ${granted}`)
    }
  }
}

export const publishAboveMaximumQos: CaseDefinition = {
  name: 'publish-above-maximum-qos',
  title: 'a PUBLISH above the Maximum QoS ends the connection',
  proves: { '5.0': ['3.2.2-11'] },
  needs: ['lowerMaximumQos'],
  async run({ connect, topic, facts }) {
    for (const qos of qualities.filter(one => one > facts.maximumQos)) {
      const client = await connect()
      client.startPublish(topic(), 'x', { qos })
      await client.closes(0x9b)
    }
  }
}

/** A server is free in how it says it: 0x9A and 0x9B are a SHOULD. */
const unsupported = [0x81, 0x82, 0x83, 0x9a, 0x9b]

export const willAboveMaximumQos: CaseDefinition = {
  name: 'will-above-maximum-qos',
  title: 'a CONNECT with a will above the Maximum QoS is refused',
  proves: { '5.0': ['3.2.2-12'] },
  needs: ['lowerMaximumQos'],
  async run({ connect, open, connectPacket, topic, facts }) {
    for (const qos of qualities) {
      const will = { topic: topic(), qos }
      if (qos <= facts.maximumQos) {
        await connect({ will })
        continue
      }
      const client = await open()
      client.send(connectPacket({ will }))
      await client.refuses({ '5.0': unsupported })
    }
  }
}

export const retainedWillUnavailable: CaseDefinition = {
  name: 'retained-will-unavailable',
  title: 'a CONNECT with a retained will is refused where retained messages are not available',
  proves: { '5.0': ['3.2.2-13'] },
  needs: ['noRetain'],
  async run({ connect, open, connectPacket, topic }) {
    await connect({ will: { topic: topic(), retain: false } })
    const client = await open()
    client.send(connectPacket({ will: { topic: topic(), retain: true } }))
    await client.refuses({ '5.0': unsupported })
  }
}

export const retainedPublishUnavailable: CaseDefinition = {
  name: 'retained-publish-unavailable',
  title: 'a PUBLISH with RETAIN 1 ends the connection where retained messages are not available',
  proves: { '5.0': ['3.2.2-14'] },
  needs: ['noRetain'],
  async run({ connect, topic }) {
    const client = await connect()
    await client.publish(topic(), 'x', { retain: false })
    await client.ping()
    client.startPublish(topic(), 'x', { retain: true })
    await client.closes(0x9a)
  }
}

export const packetTooLarge: CaseDefinition = {
  name: 'packet-too-large',
  title: 'a packet of the Maximum Packet Size is taken, a larger one ends the connection',
  proves: { '5.0': ['3.2.2-15'] },
  needs: ['smallMaximumPacketSize'],
  async run({ connect, topic, level, same, notApplicable }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const client = await connect()
    const size = client.connack!.properties.maximumPacketSize ?? notApplicable('the CONNACK has no limit')
    const around = size - rawPublish(level, topic(), { payload: Buffer.alloc(size) }).length
    const fitting = Buffer.alloc(size + around, 'x')
    client.raw(rawPublish(level, topic(), { payload: fitting }), `PUBLISH of ${size} bytes`)
    same((await subscriber.message()).payload.length, fitting.length, 'the length of the payload')
    const larger = Buffer.alloc(size + 1000, 'y')
    client.raw(rawPublish(level, topic(), { payload: larger }), 'PUBLISH of 1000 bytes more')
    await client.closes(0x95)
  }
}

export const topicAliasTooHigh: CaseDefinition = {
  name: 'topic-alias-too-high',
  title: 'every topic alias up to the Topic Alias Maximum is taken, and one more ends the connection',
  proves: { '5.0': ['3.2.2-17'] },
  needs: ['topicAliases'],
  async run({ connect, topic, same, notApplicable }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const client = await connect()
    const maximum = client.connack!.properties.topicAliasMaximum ?? notApplicable('the CONNACK allows none')
    if (maximum === 65_535) notApplicable('there is no alias above the maximum')
    client.startPublish(topic(), 'one', { properties: { topicAlias: maximum } })
    client.startPublish('', 'two', { properties: { topicAlias: maximum } })
    same(
      (await subscriber.messages(2)).map(({ text }) => text),
      ['one', 'two'],
      'the messages by alias'
    )
    client.startPublish(topic(), 'x', { properties: { topicAlias: maximum + 1 } })
    await client.closes(0x94, 0x82)
  }
}

export const topicAliasUnavailable: CaseDefinition = {
  name: 'topic-alias-unavailable',
  title: 'a topic alias ends the connection where the broker takes none',
  proves: { '5.0': ['3.2.2-18'] },
  needs: ['noTopicAliases'],
  async run({ connect, topic }) {
    const client = await connect()
    client.startPublish(topic(), 'x', { properties: { topicAlias: 1 } })
    await client.closes(0x94, 0x82)
  }
}
