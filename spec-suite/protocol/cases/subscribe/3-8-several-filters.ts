import type { CaseDefinition } from '../../case.js'
import { subscribeAll, texts } from './subscriptions.js'

export const severalFilters: CaseDefinition = {
  name: 'subscribe-several-filters',
  title: 'several filters in one SUBSCRIBE are subscribed one after the other, and answered by one SUBACK',
  proves: { '3.1.1': ['3.8.4-4', '3.8.4-5'], '5.0': ['3.8.4-5', '3.8.4-6'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const names = ['a', 'b', 'c'].map(topic)
    same((await subscriber.subscribe(names, { qos: 1 })).length, 3, 'the number of codes')
    for (const name of names) {
      await publisher.publish(name, name, { qos: 1 })
      same((await subscriber.message()).text, name, 'the message')
    }
    await subscriber.ping()
    same(
      subscriber.inbox.map(({ cmd }) => cmd),
      [],
      'what came beside that'
    )
  }
}

export const filterTwice: CaseDefinition = {
  name: 'subscribe-filter-twice',
  title: 'of a filter that is twice in one SUBSCRIBE the last options hold, and a message comes once',
  proves: { '3.1.1': ['3.8.4-4', '3.8.4-5'], '5.0': ['3.8.4-5', '3.8.4-6'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    for (const [first, last] of [
      [1, 0],
      [0, 1]
    ] as const) {
      const subscriber = await connect({ label: 'subscriber' })
      const codes = await subscribeAll(subscriber, [
        { topic: topic(), qos: first },
        { topic: topic('other'), qos: 0 },
        { topic: topic(), qos: last }
      ])
      same(codes.length, 3, 'the number of codes')
      await publisher.publish(topic(), 'once', { qos: 1 })
      const message = await subscriber.message()
      same([message.text, message.qos], ['once', codes[2]], 'the payload, and the QoS granted last')
      same(texts(await subscriber.messagesBeforeMarker(publisher, { topic: topic() })), [], 'other messages')
    }
  }
}
