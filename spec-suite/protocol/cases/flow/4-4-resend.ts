import type { CaseDefinition } from '../../case.js'
import { burst, numbers } from './burst.js'
import { hold, released } from './hold.js'

export const noOtherResend: CaseDefinition = {
  name: 'no-resend-on-an-open-connection',
  title: 'neither messages nor PUBREL are sent again while the connection lasts',
  proves: { '5.0': ['4.4.0-1'] },
  needs: ['qos2'],
  seconds: 9,
  async run({ connect, topic, seconds, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscribers = []
    // One for each state: a broker may have no more than one message under way to a client.
    for (const state of ['QoS 1', 'QoS 2', 'PUBREL']) {
      const qos = state === 'QoS 1' ? 1 : 2
      const subscriber = await connect({ label: `subscriber ${state}`, acknowledges: false })
      await subscriber.subscribe(topic(state), { qos })
      await publisher.publish(topic(state), 'x', { qos })
      const message = await subscriber.message()
      if (state === 'PUBREL') {
        subscriber.acknowledge(message)
        await released(subscriber, message)
      }
      subscribers.push(subscriber)
    }
    await seconds(9)
    for (const subscriber of subscribers) await subscriber.ping()
    const again = subscribers.flatMap(({ inbox }) => inbox).map(({ cmd }) => cmd)
    same(again, [], 'packets that came while nothing happened')
  }
}

export const refusedNotResent: CaseDefinition = {
  name: 'refused-messages-are-not-sent-again',
  title: 'a message whose PUBACK or PUBREC refused it is not sent again to a resumed session',
  proves: { '5.0': ['4.4.0-2'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    for (const [qos, code] of [
      [1, 0x80],
      [2, 0x83]
    ] as const) {
      await publisher.publish(topic(), `QoS ${qos}`, { qos })
      first.acknowledge(await first.message(), code)
      await first.ping()
    }
    first.cut()
    const second = await connect({ ...options, acknowledges: true })
    const messages = await second.messagesBeforeMarker(publisher, { topic: topic(), qos: 2 })
    same(
      messages.map(({ text }) => text),
      [],
      'messages before the marker'
    )
    const others = first.inbox.filter(({ cmd }) => cmd === 'publish')
    same(others.length, 0, 'other messages on the first connection')
  }
}

const resendOrder = (qos: 1 | 2): CaseDefinition => ({
  name: `resend-order-qos-${qos}`,
  title: `messages of QoS ${qos} are sent again with their identifiers, in the order in which they were sent first`,
  proves: { '3.1.1': ['4.6.0-1', '4.4.0-1'], '5.0': ['4.6.0-1', '4.4.0-1', '4.6.0-5'] },
  needs: [`qos${qos}`, 'sessions'],
  async run({ connect, clientId, topic, facts: { receiveMaximum }, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos })
    await burst(publisher, topic(), numbers(10), { qos, receiveMaximum })
    const held = await hold(first, 10)
    first.cut()
    const second = await connect({ ...options, acknowledges: true })
    const again = await second.messages(held.length)
    const shown = (messages: typeof held) => messages.map(({ text, messageId }) => `${messageId}: ${text}`)
    same(shown(again), shown(held), 'identifiers and payloads of the messages that were sent again')
  }
})

export const resendOrderMixed: CaseDefinition = {
  name: 'resend-order-mixed',
  title: 'messages of QoS 1 and 2 are sent again in the order in which they were sent first',
  // In 5.0 only messages of the same QoS have an order.
  proves: { '3.1.1': ['4.6.0-1', '4.6.0-6'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    for (const qos of [1, 2, 2, 1, 2, 1, 1] as const) await publisher.publish(topic(), `QoS ${qos}`, { qos })
    const held = await hold(first, 7)
    first.cut()
    const second = await connect({ ...options, acknowledges: true })
    const again = await second.messages(held.length)
    const shown = (messages: typeof held) => messages.map(({ text, messageId }) => `${messageId}: ${text}`)
    same(shown(again), shown(held), 'identifiers and payloads of the messages that were sent again')
  }
}

export const resendOrderQos1 = resendOrder(1)
export const resendOrderQos2 = resendOrder(2)
