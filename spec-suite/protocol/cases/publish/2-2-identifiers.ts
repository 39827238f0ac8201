import { rawPublish, rawSubscribe, rawUnsubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { hold } from '../flow/hold.js'
import { eachCloses, type Labelled } from './each-closes.js'
import { texts } from './subscribe-for-retained.js'

export const noIdentifier: CaseDefinition = {
  name: 'qos-0-without-identifier',
  title: 'a PUBLISH of QoS 0 has no packet identifier, coming or going',
  proves: { '3.1.1': ['2.3.1-5'], '5.0': ['2.2.1-2'] },
  async run({ connect, topic, same, level }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    // Payloads that begin as an identifier and a property length do, and one that has no room for them.
    for (const payload of [Buffer.from([0, 7, 0, 120]), Buffer.from([0]), Buffer.alloc(0)]) {
      publisher.raw(rawPublish(level, topic(), { payload }))
      const { topic: name, payload: found } = await subscriber.message()
      same([name, found.toString('hex')], [topic(), payload.toString('hex')], 'topic and payload')
    }
  }
}

export const identifierZero: CaseDefinition = {
  name: 'identifier-0',
  title: 'a SUBSCRIBE or UNSUBSCRIBE with the packet identifier 0 ends the connection',
  proves: { '3.1.1': ['2.3.1-1'], '5.0': ['2.2.1-3'] },
  async run(scene) {
    const { level, topic } = scene
    const packets: Labelled[] = [
      ['SUBSCRIBE 0', rawSubscribe(level, [[topic(), 0]], 0)],
      ['UNSUBSCRIBE 0', rawUnsubscribe(level, [topic()], 0)]
    ]
    await eachCloses(scene, packets, 0x81, 0x82)
  }
}

export const publishIdentifierZero: CaseDefinition = {
  name: 'publish-identifier-0',
  title: 'a PUBLISH of QoS 1 or 2 with the packet identifier 0 ends the connection',
  proves: { '3.1.1': ['2.3.1-1'], '5.0': ['2.2.1-3'] },
  needs: ['qos2'],
  async run(scene) {
    const { level, topic } = scene
    const packets = [1, 2].map(
      (qos): Labelled => [`PUBLISH 0 of QoS ${qos}`, rawPublish(level, topic(), { qos, id: 0 })]
    )
    await eachCloses(scene, packets, 0x81, 0x82)
  }
}

export const identifiersOfBroker: CaseDefinition = {
  name: 'identifiers-under-way',
  title: 'messages that the broker has under way have packet identifiers of their own',
  proves: { '3.1.1': ['2.3.1-4'], '5.0': ['2.2.1-4'] },
  needs: ['qos2'],
  async run({ connect, topic, same, check }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    subscriber.acknowledges = false
    const sent = Array.from({ length: 16 }, (_, i) => `message ${i}`)
    for (const [i, text] of sent.entries())
      await publisher.publish(topic(), text, { qos: i % 2 === 0 ? 1 : 2 })
    // It may hold back the rest until some are acknowledged, and messages of QoS 0 with them [5.0: 3.3.4].
    const held = await hold(subscriber, sent.length)
    const ids = held.filter(({ qos }) => qos > 0).map(({ messageId }) => messageId)
    check(!ids.includes(0), 'no packet identifier 0', `they were ${ids}`)
    same(new Set(ids).size, ids.length, 'different packet identifiers among those under way')
    subscriber.acknowledges = true
    for (const message of held) subscriber.acknowledge(message)
    const rest = await subscriber.messages(sent.length - held.length)
    same(texts([...held, ...rest]).sort(), sent.sort(), 'all messages')
  }
}

export const repeatedIdentifiers: CaseDefinition = {
  name: 'identifiers-repeated',
  title: 'PUBACK, PUBREC, PUBREL and PUBCOMP have the packet identifier of their PUBLISH',
  proves: { '3.1.1': ['2.3.1-6'], '5.0': ['2.2.1-5'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.acknowledges = false
    await subscriber.subscribe(topic('2'), { qos: 2 })
    for (const messageId of [1, 256, 32_768, 65_535]) {
      await publisher.publish(topic('1'), 'x', { qos: 1, messageId })
      await publisher.publish(topic('2'), 'x', { qos: 2, messageId })
      const message = await subscriber.message()
      subscriber.acknowledge(message)
      if (message.qos < 2) continue
      const pubrel = await subscriber.next('pubrel')
      same(pubrel.messageId, message.messageId, 'the packet identifier of PUBREL')
      subscriber.send({ cmd: 'pubcomp', messageId: message.messageId })
    }
  }
}

export const repeatedRequestIdentifiers: CaseDefinition = {
  name: 'request-identifiers-repeated',
  title: 'SUBACK and UNSUBACK have the packet identifier of their request',
  proves: { '3.1.1': ['2.3.1-7'], '5.0': ['2.2.1-6'] },
  async run({ connect, topic, level, same }) {
    const client = await connect()
    const ids = [1, 0x00ff, 0xabcd, 0xffff]
    for (const id of ids) client.raw(rawSubscribe(level, [[topic(`${id}`), 0]], id))
    for (const id of ids) await client.next('suback', packet => packet.messageId === id, `SUBACK ${id}`)
    for (const id of ids) client.raw(rawUnsubscribe(level, [topic(`${id}`)], id))
    for (const id of ids) await client.next('unsuback', packet => packet.messageId === id, `UNSUBACK ${id}`)
    same(client.inbox.length, 0, 'other packets')
  }
}
