import type { CaseDefinition } from '../../case.js'

export const topicAliasMaximum: CaseDefinition = {
  name: 'topic-alias-maximum',
  title: 'messages use at most the topic aliases that the receiver allows, and mean the right topic',
  proves: { '5.0': ['3.1.2-26'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', properties: { topicAliasMaximum: 2 } })
    const topics = ['a', 'b', 'c', 'd', 'e'].map(topic)
    await subscriber.subscribe(topics)
    for (const name of [...topics, ...topics, ...topics.reverse()]) {
      await publisher.publish(name, name)
      const message = await subscriber.message()
      // That an alias is in range is looked at in every case.
      same([message.topic, message.text], [name, name], 'topic and payload')
    }
  }
}

export const topicAliasNone: CaseDefinition = {
  name: 'topic-alias-none',
  title: 'messages have no topic alias when the receiver allows none',
  proves: { '5.0': ['3.1.2-27'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    for (const properties of [{}, { topicAliasMaximum: 0 }]) {
      const subscriber = await connect({ label: 'subscriber', properties })
      await subscriber.subscribe(topic())
      for (let i = 0; i < 3; i++) {
        await publisher.publish(topic(), `${i}`)
        const message = await subscriber.message()
        same(message.properties.topicAlias, undefined, 'Topic Alias')
        same([message.topicName, message.text], [topic(), `${i}`], 'topic and payload')
      }
    }
  }
}
