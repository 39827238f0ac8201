import type { CaseDefinition } from '../../case.js'
import { burst, numbers } from './burst.js'
import { hold, settled } from './hold.js'

export const qos1Identifiers: CaseDefinition = {
  name: 'qos-1-own-identifiers',
  title: 'each message of QoS 1 comes with an identifier of its own and DUP 0',
  proves: { '3.1.1': ['4.3.2-1'], '5.0': ['4.3.2-1', '4.3.2-2'] },
  needs: ['qos1'],
  async run({ connect, topic, facts: { receiveMaximum }, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false })
    await subscriber.subscribe(topic(), { qos: 1 })
    await burst(publisher, topic(), numbers(10), { qos: 1, receiveMaximum })
    const held = await hold(subscriber, 10)
    same(new Set(held.map(({ messageId }) => messageId)).size, held.length, 'different identifiers')
    subscriber.acknowledges = true
    for (const message of held) subscriber.acknowledge(message)
    const all = [...held, ...(await subscriber.messages(10 - held.length))]
    const found = all.map(({ text, qos, dup }) => [text, qos, dup])
    const wanted = numbers(10).map(text => [text, 1, false])
    same(found, wanted, 'payloads, QoS and DUP')
  }
}

export const qos1Unacknowledged: CaseDefinition = {
  name: 'qos-1-until-puback',
  title: 'a message of QoS 1 is sent again to a resumed session until its PUBACK came, and then no more',
  proves: { '3.1.1': ['4.3.2-1', '4.4.0-1'], '5.0': ['4.3.2-3', '4.4.0-1'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), 'done', { qos: 1 })
    first.acknowledge(await first.message())
    await first.ping()
    await publisher.publish(topic(), 'open', { qos: 1 })
    const { messageId } = await first.message()
    first.cut()
    const second = await connect(options)
    const again = await second.message()
    same(
      [again.text, again.qos, again.messageId],
      ['open', 1, messageId],
      'payload, QoS and identifier of the message that was sent again'
    )
    second.acknowledge(again)
    await second.ping()
    second.cut()
    const third = await connect({ ...options, acknowledges: true })
    const messages = await third.messagesBeforeMarker(publisher, { topic: topic() })
    same(messages.length, 0, 'messages after all were acknowledged')
  }
}

export const pubackOfAnother: CaseDefinition = {
  name: 'qos-1-puback-of-another-identifier',
  title: 'a PUBACK with another identifier does not acknowledge a message',
  proves: { '3.1.1': ['4.3.2-1'], '5.0': ['4.3.2-3'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), 'open', { qos: 1 })
    const { messageId } = await first.message()
    first.send({ cmd: 'puback', messageId: (messageId % 65_535) + 1 })
    await settled(first)
    first.cut()
    const second = await connect(options)
    const again = await second.message()
    same([again.text, again.messageId], ['open', messageId], 'the message that was sent again')
  }
}
