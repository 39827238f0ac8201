import type { CaseDefinition } from '../../case.js'
import { numbers } from './burst.js'
import { released } from './hold.js'

/** A subscriber that takes so many messages at a time. That more are under way is noticed in every case. */
const subscriberOf = (receiveMaximum: number) => ({
  ...{ label: 'subscriber', acknowledges: false, properties: { receiveMaximum } }
})

export const receiveMaximumQos1: CaseDefinition = {
  name: 'receive-maximum-qos-1',
  title:
    'no more messages of QoS 1 are under way than the client takes, and a PUBACK makes room for the next',
  proves: { '5.0': ['3.3.4-9', '4.9.0-1', '4.9.0-2'] },
  needs: ['qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect(subscriberOf(2))
    await subscriber.subscribe(topic(), { qos: 1 })
    for (const text of numbers(6)) await publisher.publish(topic(), text, { qos: 1 })
    const texts: string[] = []
    while (texts.length < 6) {
      const message = await subscriber.message()
      // Gives one that is too many its time to come.
      await subscriber.ping()
      texts.push(message.text)
      subscriber.acknowledge(message)
    }
    same(texts, numbers(6), 'the messages that came')
  }
}

export const receiveMaximumQos2: CaseDefinition = {
  name: 'receive-maximum-qos-2',
  title: 'a message of QoS 2 is under way until its PUBCOMP: its PUBREC makes no room for the next',
  proves: { '5.0': ['3.3.4-9', '4.9.0-1', '4.9.0-2', '4.9.0-3'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect(subscriberOf(1))
    await subscriber.subscribe(topic(), { qos: 2 })
    for (const text of numbers(3)) await publisher.publish(topic(), text, { qos: 2 })
    const texts: string[] = []
    while (texts.length < 3) {
      const message = await subscriber.message()
      await subscriber.ping()
      subscriber.acknowledge(message)
      await released(subscriber, message)
      await subscriber.ping()
      same(subscriber.inbox.length, 0, 'packets that came between PUBREL and PUBCOMP', ['3.3.4-9', '4.9.0-2'])
      subscriber.send({ cmd: 'pubcomp', messageId: message.messageId })
      texts.push(message.text)
    }
    same(texts, numbers(3), 'the messages that came')
  }
}

export const receiveMaximumRefusals: CaseDefinition = {
  name: 'receive-maximum-and-refusals',
  title: 'a PUBACK or PUBREC that refuses a message makes room for the next as well',
  proves: { '5.0': ['3.3.4-9', '4.9.0-2', '4.3.3-4'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect(subscriberOf(1))
    await subscriber.subscribe(topic(), { qos: 2 })
    for (const qos of [2, 1, 2, 1] as const) await publisher.publish(topic(), `QoS ${qos}`, { qos })
    for (let i = 0; i < 4; i++) {
      const message = await subscriber.message()
      await subscriber.ping()
      subscriber.acknowledge(message, 0x80)
    }
    await subscriber.ping()
    same(subscriber.inbox.length, 0, 'packets after a PUBREC that refused', ['4.3.3-4'])
  }
}

export const receiveMaximumAfterReconnect: CaseDefinition = {
  name: 'receive-maximum-of-a-resumed-session',
  title: 'messages that are sent again keep to the receive maximum of the new connection',
  proves: { '5.0': ['3.3.4-9', '4.9.0-1', '4.9.0-2', '4.4.0-1'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { clientId: clientId(), keep: 60 }
    const first = await connect({ ...subscriberOf(3), ...options })
    await first.subscribe(topic(), { qos: 1 })
    for (const text of numbers(3)) await publisher.publish(topic(), text, { qos: 1 })
    await first.message()
    await first.ping()
    first.cut()
    await publisher.publish(topic(), '4', { qos: 1 })
    const second = await connect({ ...subscriberOf(1), ...options })
    const texts: string[] = []
    while (texts.length < 4) {
      const message = await second.message()
      await second.ping()
      texts.push(message.text)
      second.acknowledge(message)
    }
    same(texts, numbers(4), 'the messages that came')
  }
}

export const nothingElseWaits: CaseDefinition = {
  name: 'receive-maximum-holds-back-nothing-else',
  title: 'everything but messages is answered when the client takes no more messages',
  proves: { '5.0': ['3.3.4-10', '4.9.0-3'] },
  needs: ['qos1'],
  async run({ connect, topic, facts, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect(subscriberOf(1))
    await subscriber.subscribe(topic(), { qos: 1 })
    for (const text of numbers(2)) await publisher.publish(topic(), text, { qos: 1 })
    const message = await subscriber.message()
    await subscriber.ping()
    await subscriber.subscribe(topic('other'))
    for (const qos of [1, 2] as const) {
      if (qos <= facts.maximumQos) await subscriber.publish(topic('nobody'), 'x', { qos })
    }
    await subscriber.unsubscribe(topic('other'))
    await subscriber.ping()
    subscriber.acknowledge(message)
    same((await subscriber.message()).text, '2', 'the message that had to wait')
  }
}
