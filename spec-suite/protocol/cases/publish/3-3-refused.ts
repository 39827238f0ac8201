import type { CaseDefinition } from '../../case.js'

export const publishRefused: CaseDefinition = {
  name: 'publish-refused',
  title: 'a PUBLISH that is not allowed is answered or ends the connection, and is not delivered',
  proves: { '3.1.1': ['3.3.5-2'], '5.0': ['3.4.2-1', '3.5.2-1'] },
  needs: ['refusedTopic', 'qos2', 'wildcards'],
  async run({ connect, facts, topic, check }) {
    const refused = facts.refusedTopic!
    const subscriber = await connect({ label: 'subscriber' })
    // It need not be allowed to subscribe, then there is nothing to see.
    await subscriber.subscribe([refused, refused.replace(/[^/]*$/, '+')])
    const marked = await connect({ label: 'marker' })
    for (const [qos, answer] of [
      [1, 'puback'],
      [2, 'pubrec']
    ] as const) {
      const client = await connect({ label: 'publisher' })
      client.startPublish(refused, topic(), { qos, messageId: 7 })
      const answered = () => client.inbox.some(({ cmd }) => cmd === answer)
      await client.until(`${answer.toUpperCase()}, or the end`, answered, true)
      if (!answered()) {
        await client.closes(0x87, 0x83)
        continue
      }
      const { cmd, reasonCode } = await client.next(answer)
      // It may deliver only now.
      if (cmd === 'pubrec' && reasonCode < 0x80) {
        client.send({ cmd: 'pubrel', messageId: 7 })
        await client.next('pubcomp')
      }
    }
    const found = await subscriber.messagesBeforeMarker(marked, { qos: 0 })
    check(!found.some(({ text }) => text === topic()), 'no delivery', 'the message was delivered')
  }
}
