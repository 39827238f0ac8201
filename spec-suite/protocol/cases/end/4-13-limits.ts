import { rawPublish } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'

/** A PUBLISH of a size, remaining length and all. There are sizes that no packet can have, like 130 bytes. */
function publishOf(size: number, topic: string): Buffer | undefined {
  const ofPayload = (length: number) => rawPublish(5, topic, { payload: Buffer.alloc(length) })
  const least = ofPayload(size).length - size
  return [0, 1, 2].map(more => ofPayload(size - least + more)).find(({ length }) => length === size)
}

export const overMaximumPacketSize: CaseDefinition = {
  name: 'over-maximum-packet-size',
  title: 'a packet far above the maximum packet size ends the connection, and no other one',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['smallMaximumPacketSize'],
  async run({ connect, topic, facts }) {
    const bystander = await connect({ label: 'bystander' })
    const client = await connect()
    const payload = Buffer.alloc(2 * facts.maximumPacketSize!)
    client.raw(rawPublish(5, topic(), { payload }), 'PUBLISH of more than twice the size')
    await client.closes(0x95)
    await bystander.ping()
  }
}

export const maximumPacketSizeCounted: CaseDefinition = {
  name: 'maximum-packet-size-to-the-byte',
  title:
    'the maximum packet size counts the whole packet: it is taken at that size, and not with a byte more',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['smallMaximumPacketSize'],
  async run({ connect, topic, facts, notApplicable }) {
    const size = facts.maximumPacketSize!
    const [largest, larger] = [publishOf(size, topic()), publishOf(size + 1, topic())]
    if (!largest || !larger) return notApplicable('no PUBLISH can have just this size')
    const client = await connect()
    client.raw(largest, 'PUBLISH of the maximum packet size')
    await client.ping()
    client.raw(larger, 'PUBLISH of a byte more')
    await client.closes(0x95)
  }
}

export const overMaximumQos: CaseDefinition = {
  name: 'over-maximum-qos-ends-the-connection',
  title: 'a PUBLISH over the maximum QoS ends the connection, and is not delivered',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['lowerMaximumQos'],
  async run({ connect, topic, facts, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    const publisher = await connect({ label: 'publisher' })
    publisher.startPublish(topic(), 'x', { qos: (facts.maximumQos + 1) as 1 | 2 })
    await publisher.closes(0x9b)
    const marker = await connect({ label: 'another' })
    same((await subscriber.messagesBeforeMarker(marker, { qos: 0 })).length, 0, 'messages')
  }
}

export const retainUnavailable: CaseDefinition = {
  name: 'retain-ends-the-connection',
  title: 'a PUBLISH with RETAIN ends the connection where there are no retained messages',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['noRetain'],
  async run({ connect, topic }) {
    const bystander = await connect({ label: 'bystander' })
    const publisher = await connect({ label: 'publisher' })
    publisher.startPublish(topic(), 'x', { retain: true })
    await publisher.closes(0x9a)
    await bystander.ping()
  }
}
