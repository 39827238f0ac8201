import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'

const pubrec = (client: TestClient, id: number) =>
  client.next('pubrec', ({ messageId }) => messageId === id, `PUBREC ${id}`)

/** As many messages of QoS 2 as the broker takes, all of them left at their PUBREC. */
async function useUp(client: TestClient, topic: string, maximum: number): Promise<number[]> {
  const ids = Array.from({ length: maximum }, () => client.startPublish(topic, 'x', { qos: 2 }))
  for (const id of ids) await pubrec(client, id)
  return ids
}

export const receiveMaximumExceeded: CaseDefinition = {
  name: 'receive-maximum-of-the-broker',
  title:
    'one message more than the broker takes ends the connection with 0x93, and a PUBREC makes no room for it',
  proves: { '5.0': ['3.3.4-7'] },
  needs: ['qos2', 'smallReceiveMaximum'],
  async run({ connect, topic, facts }) {
    const client = await connect()
    await useUp(client, topic(), facts.receiveMaximum)
    await client.ping()
    client.startPublish(topic(), 'one too many', { qos: 2 })
    await client.closes(0x93)
  }
}

export const receiveMaximumRestored: CaseDefinition = {
  name: 'receive-maximum-of-the-broker-restored',
  title: 'each PUBCOMP makes room for one message more at the broker',
  proves: { '5.0': ['3.3.4-7'] },
  needs: ['qos2', 'smallReceiveMaximum'],
  async run({ connect, topic, facts }) {
    const client = await connect()
    const ids = await useUp(client, topic(), facts.receiveMaximum)
    for (const messageId of ids.slice(0, 20)) {
      client.send({ cmd: 'pubrel', messageId })
      await client.next('pubcomp', packet => packet.messageId === messageId, `PUBCOMP ${messageId}`)
      await pubrec(client, client.startPublish(topic(), 'one more', { qos: 2 }))
    }
    await client.ping()
  }
}

export const receiveMaximumRefused: CaseDefinition = {
  name: 'receive-maximum-of-the-broker-and-refusals',
  title: 'messages that the broker refuses by PUBREC are not under way any more',
  proves: { '5.0': ['3.3.4-7'] },
  needs: ['qos2', 'smallReceiveMaximum', 'refusedTopic'],
  async run({ connect, topic, facts, notApplicable }) {
    const client = await connect()
    for (let i = 0; i < facts.receiveMaximum; i++) {
      client.startPublish(facts.refusedTopic!, 'x', { qos: 2 })
      await client.until('a PUBREC, or the end', () => client.ended || client.inbox.length > 0)
      const answer = client.inbox.shift()
      if (answer?.cmd !== 'pubrec' || answer.reasonCode < 0x80)
        notApplicable('it refuses messages in another way')
    }
    await useUp(client, topic(), facts.receiveMaximum)
    await client.ping()
  }
}
