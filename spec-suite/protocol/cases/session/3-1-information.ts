import type { CaseDefinition } from '../../case.js'

export const noResponseInformation: CaseDefinition = {
  name: 'no-response-information',
  title: 'a client that does not ask for response information gets none',
  proves: { '5.0': ['3.1.2-28'] },
  async run({ connect, same }) {
    for (const properties of [{}, { requestResponseInformation: false }]) {
      const { connack } = await connect({ properties })
      same(connack?.properties.responseInformation, undefined, 'Response Information')
    }
  }
}

const properties = { requestProblemInformation: false }

export const noProblemInformation: CaseDefinition = {
  name: 'no-problem-information',
  title:
    'a client that wants no problem information gets acknowledgements without reasons, and messages as they are',
  proves: { '5.0': ['3.1.2-29'] },
  needs: ['qos2'],
  async run({ connect, topic, same }) {
    const client = await connect({ properties })
    await client.subscribe(topic())
    await client.unsubscribe(topic('never subscribed'))
    await client.publish(topic('nobody'), 'x', { qos: 1 })
    await client.publish(topic('nobody'), 'x', { qos: 2 })
    client.send({ cmd: 'pubrel', messageId: 999 })
    // What is in these acknowledgements is looked at in every case.
    await client.next('pubcomp', ({ messageId }) => messageId === 999, 'PUBCOMP 999')
    await client.publish(topic(), 'x', { properties: { userProperties: { a: '1' } } })
    const { userProperties } = (await client.message(topic())).properties
    same(userProperties, [['a', '1']], 'the user properties', ['3.3.2-17'])
  }
}

export const noProblemInformationOnRefusal: CaseDefinition = {
  name: 'no-problem-information-on-refusal',
  title: 'a client that wants no problem information is not told why something was refused',
  proves: { '5.0': ['3.1.2-29'] },
  needs: ['qos1', 'refusedTopic', 'refusedFilter'],
  async run({ connect, facts, check }) {
    const client = await connect({ properties })
    const [granted = 0] = await client.subscribe(facts.refusedFilter!)
    check(granted >= 0x80, 'a refused subscription', `it was granted with ${granted}`)
    client.startPublish(facts.refusedTopic!, 'x', { qos: 1 })
    // The broker may also close the connection.
    await client.until('an answer', () => client.ended || client.inbox.length > 0, true)
  }
}
