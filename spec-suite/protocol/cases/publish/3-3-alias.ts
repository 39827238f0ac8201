import { properties, rawPublish, u16 } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import { eachCloses, type Labelled } from './each-closes.js'

function aliased(topic: string, alias: number, payload = 'x'): Buffer {
  return rawPublish(5, topic, { properties: properties([0x23], u16(alias)), payload })
}

function highest(client: TestClient): number {
  return client.connack?.properties.topicAliasMaximum ?? 0
}

export const aliasAccepted: CaseDefinition = {
  name: 'topic-aliases-accepted',
  title: 'topic aliases up to the maximum stand for the topic that they were set to last',
  proves: { '5.0': ['3.3.2-12'] },
  needs: ['topicAliases'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const maximum = highest(publisher)
    const aliases = [...new Set([1, Math.ceil(maximum / 2), maximum])]
    const names = aliases.map(alias => topic(`first/${alias}`))
    const changed = aliases.map(alias => topic(`second/${alias}`))
    await subscriber.subscribe([...names, ...changed])
    // Messages of different topics have no order.
    const comes = async (name: string, text: string) =>
      same((await subscriber.message(name)).text, text, `the payload on '${name}'`)
    for (const topics of [names, changed]) {
      for (const [i, alias] of aliases.entries()) publisher.raw(aliased(topics[i]!, alias, `set ${alias}`))
      for (const [i, alias] of aliases.entries()) await comes(topics[i]!, `set ${alias}`)
      for (const [i, alias] of aliases.entries()) {
        publisher.raw(aliased('', alias, `used ${alias}`))
        await comes(topics[i]!, `used ${alias}`)
      }
    }
  }
}

export const aliasOfEachSide: CaseDefinition = {
  name: 'topic-aliases-of-a-connection',
  title: 'the same topic alias means another topic in another connection',
  proves: { '5.0': ['3.3.2-7', '3.3.2-12'] },
  needs: ['topicAliases'],
  async run({ connect, topic, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe([topic('a'), topic('b')])
    const [a, b] = [await connect({ label: 'a' }), await connect({ label: 'b' })]
    const comes = async (name: string) => same((await subscriber.message()).topic, topic(name), 'the topic')
    a.raw(aliased(topic('a'), 1))
    await comes('a')
    b.raw(aliased(topic('b'), 1))
    await comes('b')
    a.raw(aliased('', 1))
    await comes('a')
  }
}

export const aliasForgotten: CaseDefinition = {
  name: 'topic-aliases-forgotten',
  title: 'a topic alias of an earlier connection stands for nothing, also when the session goes on',
  proves: { '5.0': ['3.3.2-7'] },
  needs: ['topicAliases', 'sessions'],
  async run({ connect, topic, same }) {
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const before = await connect({ label: 'publisher', keep: 60 })
    before.raw(aliased(topic(), 1, 'set'))
    await subscriber.message()
    before.cut()
    const after = await connect({ label: 'publisher', keep: 60, clientId: before.clientId })
    after.raw(aliased('', 1, 'used'))
    await after.closes(0x82, 0x94)
    const marked = await connect({ label: 'marker' })
    same((await subscriber.messagesBeforeMarker(marked, { qos: 0 })).length, 0, 'messages delivered')
  }
}

export const aliasNotSetUp: CaseDefinition = {
  name: 'topic-alias-not-set-up',
  title: 'an empty topic with a topic alias that was never set ends the connection',
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['topicAliases'],
  async run({ connect, topic }) {
    const client = await connect()
    if (highest(client) > 1) client.raw(aliased(topic(), 2))
    client.raw(aliased('', 1), 'PUBLISH with topic alias 1, which was not set')
    await client.closes(0x82, 0x94)
  }
}

export const aliasZero: CaseDefinition = {
  name: 'topic-alias-0',
  title: 'topic alias 0 ends the connection',
  proves: { '5.0': ['3.3.2-8'] },
  async run(scene) {
    const packets: Labelled[] = [
      ['PUBLISH with topic and topic alias 0', aliased(scene.topic(), 0)],
      ['PUBLISH with topic alias 0 alone', aliased('', 0)]
    ]
    await eachCloses(scene, packets, 0x94, 0x82)
  }
}

export const aliasTooHigh: CaseDefinition = {
  name: 'topic-alias-above-maximum',
  title: 'a topic alias above the maximum of the broker ends the connection',
  proves: { '5.0': ['3.3.2-9'] },
  async run({ connect, topic, notApplicable }) {
    const client = await connect()
    const alias = highest(client) + 1
    if (alias > 65_535) notApplicable('the broker takes all topic aliases')
    client.raw(aliased(topic(), alias), `PUBLISH with topic alias ${alias}`)
    await client.closes(0x94, 0x82)
  }
}

export const aliasOfBroker: CaseDefinition = {
  name: 'topic-aliases-of-the-broker',
  title: 'the broker uses no topic alias above the maximum of the client, and starts anew in each connection',
  proves: { '5.0': ['3.3.2-7', '3.3.2-8', '3.3.2-11'] },
  needs: ['sessions'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const clientId = (await connect({ label: 'name' })).clientId
    // Which aliases may come and what they mean, is watched on every connection.
    for (const topicAliasMaximum of [1, 3, 0, 2]) {
      const own = { clientId, keep: 60, properties: topicAliasMaximum ? { topicAliasMaximum } : {} }
      const subscriber = await connect({ label: 'subscriber', ...own })
      const names = ['a', 'b', 'c', 'd'].map(topic)
      await subscriber.subscribe(names)
      for (const name of [...names, ...names]) {
        await publisher.publish(name, name)
        const message = await subscriber.message()
        same([message.topic, message.text], [name, name], 'topic and payload')
      }
      await subscriber.disconnect()
    }
  }
}
