import type { CaseDefinition } from '../../case.js'

export const highestQos: CaseDefinition = {
  name: 'overlapping-highest-qos',
  title: 'of overlapping subscriptions the highest QoS counts, and further copies have that of their own',
  proves: { '3.1.1': ['3.3.5-1'], '5.0': ['3.3.4-2'] },
  needs: ['qos2', 'wildcards'],
  async run({ connect, topic, same, check }) {
    const publisher = await connect({ label: 'publisher' })
    // Whichever came first, and whichever is more exact.
    const orders = [
      ['a/b', 2, 'a/#', 0],
      ['a/#', 2, 'a/b', 0],
      ['a/#', 0, 'a/+', 2],
      ['a/b', 0, '+/b', 1]
    ] as const
    for (const [filter1, qos1, filter2, qos2] of orders) {
      const subscriber = await connect({ label: 'subscriber' })
      const granted = [
        ...(await subscriber.subscribe(topic(filter1), { qos: qos1 })),
        ...(await subscriber.subscribe(topic(filter2), { qos: qos2 }))
      ].sort()
      await publisher.publish(topic('a/b'), 'x', { qos: 2 })
      // Copies of lower QoS may come earlier or later.
      const highest = granted[1]!
      const best = await subscriber.next('publish', ({ qos }) => qos === highest, `a copy at QoS ${highest}`)
      const more = await subscriber.messagesBeforeMarker(publisher, { qos: 0 })
      const found = [...more, best].map(({ qos }) => qos).sort()
      if (found.length > 1) same(found, granted, 'QoS of all copies')
      check(best.text === 'x', 'the payload', `it was ${best.text}`)
    }
  }
}

export const sameQosOverlapping: CaseDefinition = {
  name: 'overlapping-number-of-copies',
  title: 'overlapping subscriptions bring one copy, or at most one for each of them',
  proves: { '3.1.1': ['3.3.5-1'], '5.0': ['3.3.4-2'] },
  needs: ['wildcards'],
  async run({ connect, topic, check }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe([topic('a/b'), topic('a/+'), topic('#')])
    await publisher.publish(topic('a/b'))
    const found = [
      await subscriber.message(),
      ...(await subscriber.messagesBeforeMarker(publisher, { qos: 0 }))
    ]
    check(found.length <= 3, 'one to three copies', `there were ${found.length}`)
  }
}
