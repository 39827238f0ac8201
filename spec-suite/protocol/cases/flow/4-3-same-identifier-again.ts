import type { CaseDefinition } from '../../case.js'

export const sameIdentifierAgain: CaseDefinition = {
  name: 'qos-1-same-identifier-again',
  title: 'after its PUBACK an identifier stands for a new message, whatever its DUP flag',
  proves: { '3.1.1': ['4.3.2-2'], '5.0': ['4.3.2-5'] },
  needs: ['qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 1 })
    await publisher.publish(topic(), 'one', { qos: 1, messageId: 7 })
    await publisher.publish(topic(), 'two', { qos: 1, messageId: 7, dup: true })
    const messages = await subscriber.messagesBeforeMarker(publisher, { topic: topic() })
    same(
      messages.map(({ text }) => text),
      ['one', 'two'],
      'the messages that came'
    )
  }
}
