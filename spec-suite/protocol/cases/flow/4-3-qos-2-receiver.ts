import type { CaseDefinition } from '../../case.js'

const ids = [65_535, 1, 300]

export const qos2Answers: CaseDefinition = {
  name: 'qos-2-pubrec-and-pubcomp',
  title:
    'a message of QoS 2 is answered by PUBREC, its PUBREL by PUBCOMP, with its identifier, and it is delivered',
  proves: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-8', '4.3.3-11'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const [granted] = await subscriber.subscribe(topic(), { qos: 2 })
    for (const messageId of ids) {
      publisher.startPublish(topic(), `${messageId}`, { qos: 2, messageId })
      const pubrec = await publisher.first('PUBREC')
      same(
        [pubrec.cmd, pubrec.messageId, pubrec.reasonCode],
        ['pubrec', messageId, 0],
        'the answer to PUBLISH'
      )
      await publisher.ping()
      same(publisher.inbox.length, 0, 'packets before PUBREL')
      publisher.send({ cmd: 'pubrel', messageId })
      const pubcomp = await publisher.first('PUBCOMP')
      same(
        [pubcomp.cmd, pubcomp.messageId, pubcomp.reasonCode],
        ['pubcomp', messageId, 0],
        'the answer to PUBREL'
      )
      const message = await subscriber.message()
      same([message.text, message.qos], [`${messageId}`, granted], 'payload and QoS of the message that came')
    }
  }
}

export const qos2SameIdentifier: CaseDefinition = {
  name: 'qos-2-same-identifier-again',
  title: 'after its PUBCOMP an identifier stands for a new message, whatever its DUP flag',
  proves: { '3.1.1': ['4.3.3-2'], '5.0': ['4.3.3-12'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'one', { qos: 2, messageId: 700 })
    await publisher.publish(topic(), 'two', { qos: 2, messageId: 700 })
    await publisher.publish(topic(), 'three', { qos: 2, messageId: 700, dup: true })
    const messages = await subscriber.messagesBeforeMarker(publisher, { topic: topic(), qos: 2 })
    const texts = messages.map(({ text }) => text)
    same(texts, ['one', 'two', 'three'], 'the messages that came')
  }
}

export const qos2Twice: CaseDefinition = {
  name: 'qos-2-publish-twice',
  title: 'a message of QoS 2 that is sent again before PUBREL is answered by PUBREC and delivered once',
  // In 5.0 a client may do so on a new connection only [5.0 MQTT-4.4.0-1]: see qos-2-publish-after-resume.
  proves: { '3.1.1': ['4.3.3-2'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const messageId = 700
    for (const dup of [false, true]) {
      publisher.startPublish(topic(), 'one', { qos: 2, messageId, dup })
      await publisher.next('pubrec', packet => packet.messageId === messageId, `PUBREC ${messageId}`)
    }
    publisher.send({ cmd: 'pubrel', messageId })
    await publisher.next('pubcomp', packet => packet.messageId === messageId, `PUBCOMP ${messageId}`)
    const messages = await subscriber.messagesBeforeMarker(publisher, { topic: topic(), qos: 2 })
    const texts = messages.map(({ text }) => text)
    same(texts, ['one'], 'the messages that came')
  }
}

export const qos2Refused: CaseDefinition = {
  name: 'qos-2-identifier-of-a-refused-message',
  title: 'after a PUBREC that refuses a message its identifier stands for a new one',
  proves: { '5.0': ['4.3.3-9'] },
  needs: ['qos2', 'refusedTopic'],
  async run({ connect, topic, facts, same, notApplicable }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    publisher.startPublish(facts.refusedTopic!, 'refused', { qos: 2, messageId: 700 })
    await publisher.until('a PUBREC, or the end', () => publisher.ended || publisher.inbox.length > 0)
    const answer = publisher.inbox.shift()
    if (answer?.cmd !== 'pubrec' || answer.reasonCode < 0x80)
      notApplicable('it refuses messages in another way')
    same(
      await publisher.publish(topic(), 'one', { qos: 2, messageId: 700 }),
      0,
      'the code of the next PUBREC'
    )
    same((await subscriber.message()).text, 'one', 'the message that came')
  }
}

export const qos2Expired: CaseDefinition = {
  name: 'qos-2-expired-before-pubrel',
  title: 'a message that expires between PUBREC and PUBREL is acknowledged to the end',
  proves: { '5.0': ['4.3.3-13'] },
  needs: ['qos2'],
  seconds: 3,
  async run({ connect, topic, seconds, same }) {
    const publisher = await connect({ label: 'publisher' })
    const properties = { messageExpiryInterval: 1 }
    const messageId = publisher.startPublish(topic(), 'x', { qos: 2, properties })
    await publisher.next('pubrec')
    await seconds(3)
    publisher.send({ cmd: 'pubrel', messageId })
    const pubcomp = await publisher.next('pubcomp')
    same([pubcomp.messageId, pubcomp.reasonCode], [messageId, 0], 'identifier and code of PUBCOMP')
  }
}
