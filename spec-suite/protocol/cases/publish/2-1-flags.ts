import { field, packet, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { eachCloses, type Labelled } from './each-closes.js'

export const reservedFlags: CaseDefinition = {
  name: 'reserved-flags',
  title: 'a SUBSCRIBE or UNSUBSCRIBE with wrong flags in its first byte ends the connection',
  proves: { '3.1.1': ['2.2.2-2'], '5.0': ['2.1.3-1'] },
  async run(scene) {
    const { is5, topic } = scene
    const empty = is5 ? [0] : []
    const subscribe = [u16(7), empty, field(topic()), [0]] as const
    const unsubscribe = [u16(7), empty, field(topic())] as const
    const packets: Labelled[] = [
      ['SUBSCRIBE with the flags 0', packet(0x80, ...subscribe)],
      ['SUBSCRIBE with the flags 3', packet(0x83, ...subscribe)],
      ['UNSUBSCRIBE with the flags 0', packet(0xa0, ...unsubscribe)],
      ['UNSUBSCRIBE with the flags 10', packet(0xaa, ...unsubscribe)]
    ]
    await eachCloses(scene, packets, 0x81)
  }
}

export const reservedFlagsOfPingreq: CaseDefinition = {
  name: 'reserved-flags-of-pingreq',
  title: 'a PINGREQ with wrong flags in its first byte ends the connection',
  proves: { '3.1.1': ['2.2.2-2'], '5.0': ['2.1.3-1'] },
  async run(scene) {
    const packets = [1, 2, 8].map(
      (flags): Labelled => [`PINGREQ with the flags ${flags}`, packet(0xc0 | flags)]
    )
    await eachCloses(scene, packets, 0x81)
  }
}

export const reservedFlagsOfAcknowledgements: CaseDefinition = {
  name: 'reserved-flags-of-acknowledgements',
  title: 'an acknowledgement with wrong flags in its first byte ends the connection',
  proves: { '3.1.1': ['2.2.2-2'], '5.0': ['2.1.3-1'] },
  needs: ['qos2'],
  async run({ connect, topic, notApplicable }) {
    const publisher = await connect({ label: 'publisher' })
    for (const [qos, first] of [
      [1, 0x41],
      [1, 0x42],
      [2, 0x52],
      [2, 0x58]
    ] as const) {
      const subscriber = await connect({ label: 'subscriber' })
      subscriber.acknowledges = false
      await subscriber.subscribe(topic(), { qos: 2 })
      await publisher.publish(topic(), 'x', { qos })
      const { messageId, qos: sent } = await subscriber.message()
      if (sent !== qos) notApplicable(`the broker delivers QoS ${qos} as QoS ${sent}`)
      subscriber.raw(packet(first, u16(messageId)), `type ${first >> 4} with the flags ${first & 15}`)
      await subscriber.closes(0x81)
    }
  }
}

export const wrongFlagsOfPubcomp: CaseDefinition = {
  name: 'reserved-flags-of-pubcomp',
  title: 'a PUBCOMP with wrong flags in its first byte ends the connection',
  proves: { '3.1.1': ['2.2.2-2'], '5.0': ['2.1.3-1'] },
  needs: ['qos2'],
  async run({ connect, topic, notApplicable }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    subscriber.acknowledges = false
    await subscriber.subscribe(topic(), { qos: 2 })
    await publisher.publish(topic(), 'x', { qos: 2 })
    const message = await subscriber.message()
    if (message.qos < 2) notApplicable(`the broker delivers QoS 2 as QoS ${message.qos}`)
    subscriber.acknowledge(message)
    await subscriber.next('pubrel')
    subscriber.raw(packet(0x72, u16(message.messageId)), 'PUBCOMP with the flags 2')
    await subscriber.closes(0x81)
  }
}

export const flagsOfBroker: CaseDefinition = {
  name: 'flags-of-the-broker',
  title: 'packets from the broker have the flags of their type',
  proves: { '3.1.1': ['2.2.2-1'], '5.0': ['2.1.3-1'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const client = await connect()
    same(client.connack?.flags, 0, 'the flags of CONNACK')
    client.acknowledges = false
    client.send({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic: topic(), qos: 2 }] })
    same((await client.next('suback')).flags, 0, 'the flags of SUBACK')
    client.startPublish(topic(), 'one', { qos: 1, messageId: 1 })
    same((await client.next('puback')).flags, 0, 'the flags of PUBACK')
    client.acknowledge(await client.message())
    client.startPublish(topic(), 'two', { qos: 2, messageId: 2 })
    same((await client.next('pubrec')).flags, 0, 'the flags of PUBREC')
    client.send({ cmd: 'pubrel', messageId: 2 })
    same((await client.next('pubcomp')).flags, 0, 'the flags of PUBCOMP')
    const message = await client.message()
    client.acknowledge(message)
    if (message.qos === 2) same((await client.next('pubrel')).flags, 2, 'the flags of PUBREL')
    client.send({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: [topic()] })
    same((await client.next('unsuback')).flags, 0, 'the flags of UNSUBACK')
    client.send({ cmd: 'pingreq' })
    same((await client.next('pingresp')).flags, 0, 'the flags of PINGRESP')
  }
}
