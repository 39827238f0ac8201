import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'

/** Two overlapping subscriptions with identifiers and one without: the identifiers of each copy of a message. */
async function copies({ connect, topic }: Scene): Promise<number[][]> {
  const publisher = await connect({ label: 'publisher' })
  const subscriber = await connect({ label: 'subscriber' })
  await subscriber.subscribe(topic('a/#'), { properties: { subscriptionIdentifier: 11 } })
  await subscriber.subscribe(topic('a/+'), { properties: { subscriptionIdentifier: 300 } })
  await subscriber.subscribe(topic('a/b'))
  await subscriber.subscribe(topic('other'), { properties: { subscriptionIdentifier: 4 } })
  await publisher.publish(topic('a/b'))
  const seen = () => subscriber.inbox.flatMap(({ properties }) => properties.subscriptionIdentifiers)
  await subscriber.until('the identifiers 11 and 300', () => seen().includes(11) && seen().includes(300))
  const found = await subscriber.messagesBeforeMarker(publisher, { qos: 0 })
  return found.map(({ properties }) => properties.subscriptionIdentifiers)
}

export const identifiersCome: CaseDefinition = {
  name: 'subscription-identifiers-come',
  title: 'a message comes with the identifiers of all subscriptions that it matches, and no other ones',
  proves: { '5.0': ['3.3.4-3'] },
  needs: ['subscriptionIdentifiers', 'wildcards'],
  async run(scene) {
    const all = (await copies(scene)).flat()
    scene.same(
      all.sort((a, b) => a - b),
      [11, 300],
      'the identifiers of all copies'
    )
  }
}

export const identifiersOfCopies: CaseDefinition = {
  name: 'subscription-identifiers-of-copies',
  title:
    'a single copy of a message has the identifiers of all subscriptions, each of several that of its own',
  proves: { '5.0': ['3.3.4-4', '3.3.4-5'] },
  needs: ['subscriptionIdentifiers', 'wildcards'],
  async run(scene) {
    const found = await copies(scene)
    const sorted = found.map(ids => ids.sort((a, b) => a - b).join(' and '))
    if (found.length === 1) {
      scene.same(sorted, ['11 and 300'], 'the identifiers of the one copy', ['3.3.4-4'])
      return
    }
    const own = sorted.filter(ids => ids !== '').sort()
    scene.same(own, ['11', '300'], 'the identifiers of those copies that have any', ['3.3.4-5'])
    scene.check(found.length <= 3, 'a copy for each of three subscriptions', `there were ${found.length}`)
  }
}

export const identifierReplaced: CaseDefinition = {
  name: 'subscription-identifier-replaced',
  title: 'a subscription has the identifier of its last SUBSCRIBE, or none if that had none',
  proves: { '5.0': ['3.3.4-3'] },
  needs: ['subscriptionIdentifiers'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const id of [5, 6, null]) {
      const identifier = id === null ? {} : { properties: { subscriptionIdentifier: id } }
      await subscriber.subscribe(topic(), identifier)
      await publisher.publish(topic())
      const { properties } = await subscriber.message()
      same(properties.subscriptionIdentifiers, id === null ? [] : [id], 'the identifiers')
    }
  }
}

export const identifierOfRetained: CaseDefinition = {
  name: 'subscription-identifier-of-retained',
  title: 'a retained message comes with the identifier of the subscription that brought it',
  proves: { '5.0': ['3.3.4-3'] },
  needs: ['subscriptionIdentifiers', 'retain', 'qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    await publisher.publish(topic(), 'kept', { qos: 1, retain: true })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { properties: { subscriptionIdentifier: 200 } })
    const { properties } = await subscriber.message()
    same(properties.subscriptionIdentifiers, [200], 'the identifiers')
  }
}
