import type { CaseDefinition } from '../../case.js'

export const qos0: CaseDefinition = {
  name: 'qos-0-delivery',
  title: 'a message of QoS 0 is delivered with QoS 0 and DUP 0, and gets no answer',
  proves: { '3.1.1': ['4.3.1-1'], '5.0': ['4.3.1-1'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    publisher.startPublish(topic(), 'one')
    const { text, qos, dup, flags } = await subscriber.message()
    same([text, qos, dup, flags], ['one', 0, false, 0], 'payload, QoS, DUP and flags')
    await publisher.ping()
    same(publisher.inbox.length, 0, 'answers to the publisher')
  }
}

export const qos0Once: CaseDefinition = {
  name: 'qos-0-not-again',
  title: 'a message of QoS 0 that came is not sent again when the session is resumed',
  proves: { '3.1.1': ['4.3.1-1', '4.4.0-1'], '5.0': ['4.3.1-1', '4.4.0-1'] },
  needs: ['sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60 }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), 'one')
    await first.message()
    first.cut()
    const second = await connect(options)
    const messages = await second.messagesBeforeMarker(publisher, { topic: topic(), qos: 0 })
    same(messages.length, 0, 'messages before the marker')
  }
}
