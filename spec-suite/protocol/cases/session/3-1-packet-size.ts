import type { CaseDefinition } from '../../case.js'
import { texts } from './texts.js'

const properties = { maximumPacketSize: 256 }
const large = 'x'.repeat(300)

export const packetTooLarge: CaseDefinition = {
  name: 'message-too-large',
  title: 'a message that is too large for its receiver does not come; others do, and it comes to others',
  proves: { '5.0': ['3.1.2-24', '3.1.2-25'] },
  needs: ['qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const bystander = await connect({ label: 'bystander' })
    await bystander.subscribe(topic())
    const subscriber = await connect({ label: 'subscriber', properties })
    await subscriber.subscribe(topic(), { qos: 1 })
    const payloads = ['one', large, 'x'.repeat(150), large, 'two']
    for (const qos of [0, 1] as const) {
      for (const payload of payloads) await publisher.publish(topic(), payload, { qos })
      // A marker is on another topic: order is promised within one only, so that it proves what is missing alone.
      const fitting = payloads.filter(one => one !== large)
      const found = texts(await subscriber.messages(fitting.length))
      same(found, fitting, `the messages of QoS ${qos} that came`)
      same(texts(await subscriber.messagesBeforeMarker(publisher, { qos })), [], 'further messages')
      same(texts(await bystander.messages(5)), payloads, 'the messages to a client without a limit')
    }
  }
}

export const packetTooLargeMakesRoom: CaseDefinition = {
  name: 'message-too-large-makes-room',
  title: 'a message that was too large counts as delivered: the next one comes',
  proves: { '5.0': ['3.1.2-25'] },
  needs: ['qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    // With a single message under way, one that was dropped and not counted as delivered blocks the others.
    const subscriber = await connect({
      label: 'subscriber',
      properties: { ...properties, receiveMaximum: 1 }
    })
    await subscriber.subscribe(topic(), { qos: 1 })
    for (const payload of ['one', large, large, 'two']) await publisher.publish(topic(), payload, { qos: 1 })
    for (const text of ['one', 'two']) same((await subscriber.message()).text, text, 'the message that came')
  }
}

export const packetTooLargeForGood: CaseDefinition = {
  name: 'message-too-large-for-good',
  title: 'a message that was too large counts as delivered: it does not come when there is room for it',
  proves: { '5.0': ['3.1.2-25', '3.1.2-24'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const id = clientId()
    const publisher = await connect({ label: 'publisher' })
    const first = await connect({ clientId: id, keep: 60, properties })
    await first.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), `while connected ${large}`, { qos: 1 })
    await first.disconnect()
    await publisher.publish(topic(), `while away ${large}`, { qos: 1 })
    await publisher.publish(topic(), 'small', { qos: 1 })
    const second = await connect({ clientId: id, keep: 60, properties })
    same((await second.message(topic())).text, 'small', 'the message that waited')
    same(texts(await second.messagesBeforeMarker(publisher)), [], 'further messages')
    await second.disconnect()
    const third = await connect({ clientId: id, keep: 60 })
    same(texts(await third.messagesBeforeMarker(publisher)), [], 'the messages that came without a limit')
  }
}
