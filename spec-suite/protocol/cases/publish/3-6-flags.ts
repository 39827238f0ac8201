import { packet, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

export const flagsOfPubrel: CaseDefinition = {
  name: 'flags-of-pubrel',
  title: 'a PUBREL with other flags than 2 ends the connection',
  proves: { '3.1.1': ['3.6.1-1', '2.2.2-2'], '5.0': ['3.6.1-1', '2.1.3-1'] },
  needs: ['qos2'],
  async run({ connect, topic }) {
    for (const flags of [0, 1, 3, 6, 10, 15]) {
      const client = await connect()
      client.startPublish(topic(), 'x', { qos: 2, messageId: 7 })
      await client.next('pubrec')
      client.raw(packet(0x60 | flags, u16(7)), `PUBREL with the flags ${flags}`)
      await client.closes(0x81)
    }
  }
}

export const flagsOfBrokersPubrel: CaseDefinition = {
  name: 'flags-of-pubrel-of-the-broker',
  title: 'PUBREL from the broker has the flags 2',
  proves: { '3.1.1': ['3.6.1-1'], '5.0': ['3.6.1-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same, notApplicable }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.acknowledges = false
    await subscriber.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'x', { qos: 2 })
    const message = await subscriber.message()
    if (message.qos < 2) notApplicable(`the broker delivers QoS 2 as QoS ${message.qos}`)
    subscriber.acknowledge(message)
    same((await subscriber.next('pubrel')).flags, 2, 'the flags of PUBREL')
  }
}
