import { packet, raw, rawPublish, rawSubscribe } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { connectBytes } from './connect-bytes.js'

export const connectComesFirst: CaseDefinition = {
  name: 'connect-comes-first',
  title: 'a first packet that is no CONNECT ends the connection and has no effect',
  proves: { '3.1.1': ['3.1.0-1'], '5.0': ['3.1.0-1'] },
  async run(scene) {
    const { open, connect, topic, level, is5, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const others = [packet(0xc0), rawSubscribe(level, [[topic(), 0]]), rawPublish(level, topic(), { qos: 0 })]
    if (is5) others.push(raw(packet(0xf0, [0x18, 0])))
    for (const bytes of others) {
      const client = await open()
      // A CONNECT behind it comes too late: some brokers look at nothing before there are a few bytes.
      client.raw(raw(bytes, connectBytes(scene)))
      await client.refuses({ '5.0': [0x82] })
      same(client.inbox.length, 0, 'packets for a client that never connected')
    }
    same((await subscriber.messagesBeforeMarker(publisher, { qos: 0 })).length, 0, 'messages of nobody')
  }
}

export const secondConnect: CaseDefinition = {
  name: 'second-connect',
  title: 'a second CONNECT on a connection ends it, without a second CONNACK',
  proves: { '3.1.1': ['3.1.0-2'], '5.0': ['3.1.0-2', '3.2.0-2'] },
  async run({ connect, connectPacket }) {
    const same = await connect({ label: 'same id' })
    same.send(connectPacket({ clientId: same.clientId }))
    await same.closes(0x82)
    const other = await connect({ label: 'other id' })
    other.send(connectPacket())
    await other.closes(0x82)
  }
}
