import { properties, raw, rawPublish, userProperty } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import type { Received } from '../../wire/received.js'

const pairs: ReadonlyArray<[name: string, value: string]> = [
  ...([
    ['b', '1'],
    ['a', '2'],
    ['b', '3'],
    ['', 'no name'],
    ['no value', ''],
    ['', '']
  ] as const),
  ...([
    ['ü', '😀'],
    ['a', '2'],
    ['b', '1'],
    ['a', 'v'.repeat(500)]
  ] as const)
].map(([name, value]) => [name, value])
/** Another property stands between them. */
const written = properties(
  ...pairs.slice(0, 4).map(([name, value]) => userProperty(name, value)),
  raw([1, 1]),
  ...pairs.slice(4).map(([name, value]) => userProperty(name, value))
)

/** A broker may add its own. */
function own({ properties: { userProperties } }: Received): Array<[name: string, value: string]> {
  return userProperties.filter(([name]) => pairs.some(pair => pair[0] === name))
}

export const userProperties: CaseDefinition = {
  name: 'user-properties-are-forwarded',
  title: 'all user properties reach the subscriber, in their order',
  proves: { '5.0': ['3.3.2-17', '3.3.2-18'] },
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    publisher.raw(rawPublish(5, topic(), { properties: written }))
    same(own(await subscriber.message()), pairs, 'user properties')
  }
}

export const userPropertiesRetained: CaseDefinition = {
  name: 'user-properties-are-retained',
  title: 'a retained message keeps all its user properties, in their order',
  proves: { '5.0': ['3.3.2-17', '3.3.2-18'] },
  needs: ['retain', 'qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    publisher.raw(rawPublish(5, topic(), { qos: 1, retain: true, id: 7, properties: written }))
    await publisher.next('puback')
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    same(own(await subscriber.message()), pairs, 'user properties')
  }
}

export const userPropertiesQueued: CaseDefinition = {
  name: 'user-properties-are-queued',
  title: 'a message that waited for its subscriber has all its user properties, in their order',
  proves: { '5.0': ['3.3.2-17', '3.3.2-18'] },
  needs: ['qos1', 'sessions'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ label: 'subscriber', keep: 60 })
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    publisher.raw(rawPublish(5, topic(), { qos: 1, id: 7, properties: written }))
    await publisher.next('puback')
    const after = await connect({ label: 'subscriber', keep: 60, clientId: before.clientId })
    same(own(await after.message()), pairs, 'user properties')
  }
}
