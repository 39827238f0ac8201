import type { CaseDefinition } from '../../case.js'
import { texts } from './texts.js'

export const messageToEachSession: CaseDefinition = {
  name: 'message-to-each-session',
  title:
    'a message goes to each session with a matching subscription, connected or not, its publisher too, and to no other',
  proves: { '3.1.1': ['4.5.0-1', '3.1.2-5'], '5.0': ['4.5.0-1'] },
  needs: ['sessions', 'qos2'],
  async run({ connect, clientId, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    await publisher.subscribe(topic(), { qos: 2 })
    const online = await connect({ label: 'online' })
    await online.subscribe(topic(), { qos: 2 })
    const ids = [clientId(), clientId()]
    for (const id of ids) {
      const client = await connect({ clientId: id, keep: 60, label: 'offline' })
      await client.subscribe(topic(), { qos: 2 })
      await client.disconnect()
    }
    const stranger = await connect({ label: 'stranger' })
    await stranger.subscribe(topic('else'), { qos: 2 })
    await publisher.publish(topic(), 'one', { qos: 1 })
    await publisher.publish(topic(), 'two', { qos: 2 })
    const back = await Promise.all(ids.map(clientId => connect({ clientId, keep: 60, label: 'back' })))
    for (const client of [publisher, online, ...back]) {
      const found = texts(await client.messages(2))
      // Order is promised for messages of the same QoS only.
      same(found.sort(), ['one', 'two'], `the messages that came to ${client.label}`)
    }
    same(texts(await stranger.messagesBeforeMarker(publisher)), [], 'the messages that came to the stranger')
  }
}
