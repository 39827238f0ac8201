import type { CaseDefinition } from '../../case.js'

export const answers: CaseDefinition = {
  name: 'publish-is-answered',
  title: 'a PUBLISH is answered by its QoS: by nothing, one PUBACK, or one PUBREC',
  proves: { '3.1.1': ['3.3.4-1'], '5.0': ['3.3.4-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    // With somebody who gets the messages, and with nobody.
    for (const name of [topic(), topic('nobody')]) {
      for (const [qos, wanted] of [
        [0, []],
        [1, ['puback 7']],
        [2, ['pubrec 7']]
      ] as const) {
        const client = await connect()
        client.startPublish(name, 'x', { qos, ...(qos > 0 && { messageId: 7 }) })
        if (qos > 0) await client.until(`the answer to QoS ${qos}`, () => client.inbox.length > 0)
        await client.ping()
        const found = client.inbox.map(({ cmd, messageId }) => `${cmd} ${messageId}`)
        same(found, wanted, `the answers to QoS ${qos}`)
      }
    }
  }
}
