import type { CaseDefinition } from '../../case.js'

export const propertyLength: CaseDefinition = {
  name: 'property-length',
  title: 'packets without properties say so with a property length of 0',
  proves: { '5.0': ['2.2.2-1'] },
  async run({ connect, topic, same, check }) {
    const client = await connect()
    const connack = client.connack!.bytes
    check(connack.length >= 5, 'CONNACK with a property length', `it has ${connack.length} bytes`)
    // Codes and payloads of which a reader would notice that it took them for the length, or the length for them.
    const subscriptions = [{ topic: topic(), qos: 0 } as const, { topic: topic('2'), qos: 0 } as const]
    client.send({ cmd: 'subscribe', messageId: 7, subscriptions })
    same((await client.next('suback')).codes, [0, 0], 'the codes of SUBACK')
    for (const payload of ['', '\x05', 'text']) {
      await client.publish(topic(), payload)
      same((await client.message()).text, payload, 'the payload')
    }
    client.send({ cmd: 'unsubscribe', messageId: 8, unsubscriptions: [topic(), topic('2')] })
    same((await client.next('unsuback')).codes, [0, 0], 'the codes of UNSUBACK')
  }
}
