import type { CaseDefinition } from '../../case.js'
import { refusesRequest } from './answers.js'

export const ruledOutWildcards: CaseDefinition = {
  name: 'wildcards-ruled-out',
  title: 'a broker without wildcard subscriptions refuses filters with wildcards, and no others',
  // Without a number of its own in 5.0 [5.0: 3.2.2.3.11].
  proves: { '3.1.1': ['3.8.3-2'], '5.0': ['4.13.1-1'] },
  needs: ['noWildcards'],
  async run({ connect, is5, same, topic }) {
    for (const filter of [topic('#'), topic('+'), topic('+/a')]) {
      const client = await connect()
      same(await client.subscribe(topic()), [0], 'the code of a filter without wildcards')
      client.send({ cmd: 'subscribe', messageId: 9, subscriptions: [{ topic: filter, qos: 0 }] })
      await refusesRequest(client, 'suback', [0xa2], is5 ? [0x80, 0xa2] : [0x80])
    }
  }
}

export const ruledOutShared: CaseDefinition = {
  name: 'shared-subscriptions-ruled-out',
  title: 'a broker without shared subscriptions refuses them, and no others',
  // Without a number of its own [5.0: 3.2.2.3.13].
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['noSharedSubscriptions'],
  async run({ connect, same, topic }) {
    const client = await connect()
    same(await client.subscribe(topic()), [0], 'the code of a filter that is not shared')
    const shared = { topic: `$share/group/${topic()}`, qos: 0 as const }
    client.send({ cmd: 'subscribe', messageId: 9, subscriptions: [shared] })
    await refusesRequest(client, 'suback', [0x9e], [0x80, 0x9e])
  }
}

export const ruledOutIdentifiers: CaseDefinition = {
  name: 'subscription-identifiers-ruled-out',
  title: 'a broker without subscription identifiers refuses them, and subscribes without one',
  // Without a number of its own [5.0: 3.2.2.3.12].
  proves: { '5.0': ['4.13.1-1'] },
  needs: ['noSubscriptionIdentifiers'],
  async run({ connect, same, topic }) {
    const client = await connect()
    same(await client.subscribe(topic()), [0], 'the code of a filter without an identifier')
    const subscriptions = [{ topic: topic('b'), qos: 0 as const }]
    client.send({ cmd: 'subscribe', messageId: 9, subscriptions, properties: { subscriptionIdentifier: 1 } })
    await refusesRequest(client, 'suback', [0xa1], [0x80, 0xa1])
  }
}
