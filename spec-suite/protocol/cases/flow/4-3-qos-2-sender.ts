import type { CaseDefinition } from '../../case.js'
import { burst, numbers } from './burst.js'
import { complete, hold, released } from './hold.js'

export const qos2Identifiers: CaseDefinition = {
  name: 'qos-2-own-identifiers',
  title: 'each message of QoS 2 comes with an identifier of its own, which is in use until its PUBCOMP',
  proves: { '3.1.1': ['4.3.3-1'], '5.0': ['4.3.3-1', '4.3.3-2'] },
  needs: ['qos2'],
  async run({ connect, topic, facts: { receiveMaximum }, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false })
    await subscriber.subscribe(topic(), { qos: 2 })
    await burst(publisher, topic(), numbers(6), { qos: 2, receiveMaximum })
    const held = await hold(subscriber, 6)
    for (const message of held) subscriber.acknowledge(message)
    for (const message of held) await released(subscriber, message)
    await burst(publisher, topic(), numbers(3, 7), { qos: 2, receiveMaximum })
    held.push(...(await hold(subscriber, 9 - held.length, 0)))
    same(new Set(held.map(({ messageId }) => messageId)).size, held.length, 'different identifiers')
    const flags = held.map(({ qos, dup }) => [qos, dup])
    same(
      flags,
      held.map(() => [2, false]),
      'QoS and DUP'
    )
  }
}

export const qos2Exchange: CaseDefinition = {
  name: 'qos-2-pubrel',
  title: 'the PUBREC of a message is answered by PUBREL with its identifier, and the message comes once',
  proves: { '3.1.1': ['4.3.3-1'], '5.0': ['4.3.3-4'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber', acknowledges: false })
    await subscriber.subscribe(topic(), { qos: 2 })
    for (const text of numbers(3)) {
      await publisher.publish(topic(), text, { qos: 2 })
      const message = await subscriber.message()
      await subscriber.ping()
      same(subscriber.inbox.length, 0, 'packets before PUBREC')
      subscriber.acknowledge(message)
      const { reasonCode } = await released(subscriber, message)
      same([message.text, reasonCode], [text, 0], 'the message, and the code of PUBREL')
      subscriber.send({ cmd: 'pubcomp', messageId: message.messageId })
    }
    await subscriber.ping()
    same(subscriber.inbox.length, 0, 'packets after the last PUBCOMP')
  }
}

export const pubrecWithheld: CaseDefinition = {
  name: 'qos-2-until-pubrec',
  title: 'a message of QoS 2 is sent again to a resumed session until its PUBREC came',
  proves: { '3.1.1': ['4.3.3-1', '4.4.0-1'], '5.0': ['4.3.3-3', '4.4.0-1'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'one', { qos: 2 })
    const { messageId } = await first.message()
    first.cut()
    const second = await connect(options)
    const again = await second.message()
    same(
      [again.text, again.qos, again.messageId],
      ['one', 2, messageId],
      'payload, QoS and identifier of the message that was sent again'
    )
    await complete(second, again)
    await second.ping()
    second.cut()
    const third = await connect({ ...options, acknowledges: true })
    const messages = await third.messagesBeforeMarker(publisher, { topic: topic(), qos: 2 })
    same(messages.length, 0, 'messages after all were acknowledged')
  }
}

export const pubcompWithheld: CaseDefinition = {
  name: 'qos-2-until-pubcomp',
  title: 'after its PUBREC, a PUBREL and no message is sent again to a resumed session until PUBCOMP came',
  proves: { '3.1.1': ['4.3.3-1', '4.4.0-1'], '5.0': ['4.3.3-5', '4.3.3-6', '4.4.0-1'] },
  needs: ['qos2', 'sessions'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'one', { qos: 2 })
    const message = await first.message()
    first.acknowledge(message)
    await released(first, message)
    first.cut()
    const second = await connect(options)
    await released(second, message)
    await second.ping()
    second.cut()
    const third = await connect(options)
    await released(third, message)
    third.send({ cmd: 'pubcomp', messageId: message.messageId })
    await third.ping()
    third.cut()
    const fourth = await connect({ ...options, acknowledges: true })
    const messages = await fourth.messagesBeforeMarker(publisher, { topic: topic(), qos: 2 })
    const others = [second, third, fourth].flatMap(({ inbox }) => inbox)
    same([...others, ...messages].length, 0, 'packets but the PUBRELs after the message was received')
  }
}

export const noExpiryUnderWay: CaseDefinition = {
  name: 'qos-2-no-expiry-under-way',
  title: 'a message of QoS 2 does not expire any more once it was sent',
  proves: { '5.0': ['4.3.3-7'] },
  needs: ['qos2', 'sessions'],
  seconds: 7,
  async run({ connect, clientId, topic, seconds, same }) {
    const publisher = await connect({ label: 'publisher' })
    const options = { label: 'subscriber', clientId: clientId(), keep: 60, acknowledges: false }
    const first = await connect(options)
    await first.subscribe(topic(), { qos: 2 })
    // Long enough for a slow broker to send it on in time, also for one that waits for PUBREL with that.
    await publisher.publish(topic(), 'one', { qos: 2, properties: { messageExpiryInterval: 4 } })
    const { messageId } = await first.message()
    first.cut()
    await seconds(7)
    const second = await connect(options)
    const again = await second.message()
    same([again.text, again.messageId], ['one', messageId], 'the message that was sent again')
    await complete(second, again)
  }
}
