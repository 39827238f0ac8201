import type { CaseDefinition } from '../../case.js'

export const qos1Puback: CaseDefinition = {
  name: 'qos-1-puback',
  title: 'each message of QoS 1 is answered by one PUBACK with its identifier, and delivered',
  proves: { '3.1.1': ['4.3.2-2'], '5.0': ['4.3.2-4'] },
  needs: ['qos1'],
  async run({ connect, topic, facts, same }) {
    const ids = [65_535, 1, 300].slice(0, facts.receiveMaximum)
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 1 })
    for (const messageId of ids) publisher.startPublish(topic(), `${messageId}`, { qos: 1, messageId })
    const answers: number[] = []
    while (answers.length < ids.length) answers.push((await publisher.next('puback')).messageId)
    same(answers.sort(), [...ids].sort(), 'the identifiers of the PUBACKs')
    const messages = await subscriber.messages(ids.length)
    same(
      messages.map(({ text }) => text),
      ids.map(String),
      'the messages that came'
    )
    await publisher.ping()
    same(publisher.inbox.length, 0, 'packets after the PUBACKs')
  }
}
