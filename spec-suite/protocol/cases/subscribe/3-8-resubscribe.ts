import type { CaseDefinition } from '../../case.js'
import { texts } from './subscriptions.js'

export const resubscribeReplaces: CaseDefinition = {
  name: 'resubscribe-replaces',
  title: 'a second subscription to the same filter replaces the first: one copy, at the new QoS',
  proves: { '3.1.1': ['3.8.4-3'], '5.0': ['3.8.4-3'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const qos of [0, 1, 0] as const) {
      const [granted] = await subscriber.subscribe(topic(), { qos })
      await publisher.publish(topic(), `QoS ${qos}`, { qos: 1 })
      const message = await subscriber.message()
      same([message.text, message.qos], [`QoS ${qos}`, granted], 'payload and QoS')
      same(texts(await subscriber.messagesBeforeMarker(publisher, { topic: topic() })), [], 'other copies')
    }
  }
}

export const resubscribeIdentifier: CaseDefinition = {
  name: 'resubscribe-identifier',
  title: 'the subscription identifier of a second subscription to the same filter takes over, also none',
  proves: { '5.0': ['3.8.4-3'] },
  needs: ['qos1', 'subscriptionIdentifiers'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const ids of [[1], [200], []]) {
      const [subscriptionIdentifier] = ids
      const properties = subscriptionIdentifier === undefined ? {} : { subscriptionIdentifier }
      await subscriber.subscribe(topic(), { qos: 1, properties })
      await publisher.publish(topic(), 'x', { qos: 1 })
      const message = await subscriber.message()
      same(message.properties.subscriptionIdentifiers, ids, 'the subscription identifiers')
      same(texts(await subscriber.messagesBeforeMarker(publisher, { topic: topic() })), [], 'other copies')
    }
  }
}

export const resubscribeNoLocal: CaseDefinition = {
  name: 'resubscribe-no-local',
  title: 'the options of a second subscription to the same filter take over',
  proves: { '5.0': ['3.8.4-3'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const client = await connect()
    const publishOwn = async (nl: boolean) => {
      await client.subscribe(topic(), { qos: 1, nl })
      await client.publish(topic(), 'own', { qos: 1 })
    }
    await publishOwn(false)
    await client.message(topic())
    await publishOwn(true)
    same(texts(await client.messagesBeforeMarker(client)), [], 'own messages with No Local 1')
    await publishOwn(false)
    await client.message(topic())
  }
}

export const resubscribeRetained: CaseDefinition = {
  name: 'resubscribe-retained',
  title: 'a second subscription to the same filter brings retained messages again',
  proves: { '3.1.1': ['3.8.4-3'], '5.0': ['3.8.4-4'] },
  needs: ['retain', 'qos1'],
  async run({ connect, same, topic }) {
    const client = await connect()
    await client.publish(topic(), 'kept', { qos: 1, retain: true })
    for (const _ of ['first', 'second', 'third']) {
      await client.subscribe(topic(), { rh: 0 })
      // A broker that was slow to route what it had acknowledged may send that as well.
      const message = await client.next('publish', ({ retain }) => retain, 'a retained message')
      same(message.text, 'kept', 'its payload')
    }
  }
}

export const resubscribeWithoutGap: CaseDefinition = {
  name: 'resubscribe-without-gap',
  title: 'no message is lost while a subscription is replaced',
  proves: { '3.1.1': ['3.8.4-3'], '5.0': ['3.8.4-4'] },
  needs: ['qos1'],
  async run({ connect, notApplicable, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const [granted] = await subscriber.subscribe(topic(), { qos: 1 })
    if (granted !== 1) notApplicable('messages of QoS 0 may be lost')
    const numbers = Array.from({ length: 60 }, (_, i) => `number ${i}`)
    const publishAll = async () => {
      for (const number of numbers) await publisher.publish(topic(), number, { qos: 1 })
    }
    const subscribeAgain = async () => {
      for (let i = 0; i < 40; i++) await subscriber.subscribe(topic(), { qos: 1 })
    }
    await Promise.all([publishAll(), subscribeAgain()])
    const messages = await subscriber.messagesBeforeMarker(publisher, { topic: topic() })
    const came = new Set(messages.map(({ text }) => text))
    same(
      numbers.filter(number => !came.has(number)),
      [],
      'messages that are missing'
    )
  }
}
