import { rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

export const qos3: CaseDefinition = {
  name: 'publish-qos-3',
  title: 'a PUBLISH with both bits of its QoS set ends the connection, and is not delivered',
  proves: { '3.1.1': ['3.3.1-4'], '5.0': ['3.3.1-4'] },
  async run({ connect, topic, level, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    for (const [dup, retain] of [
      [false, false],
      [true, false],
      [false, true]
    ] as const) {
      const client = await connect()
      client.raw(rawPublish(level, topic(), { qos: 3, id: 7, dup, retain }), 'PUBLISH with QoS 3')
      await client.closes(0x81)
    }
    const marked = await connect({ label: 'publisher' })
    same((await subscriber.messagesBeforeMarker(marked, { qos: 0 })).length, 0, 'messages delivered')
  }
}
