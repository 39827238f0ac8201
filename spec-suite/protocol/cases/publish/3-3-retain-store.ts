import type { CaseDefinition } from '../../case.js'
import { retain, subscribeForRetained, texts } from './subscribe-for-retained.js'

export const retainedIsReplaced: CaseDefinition = {
  name: 'retained-is-replaced',
  title: 'of several retained messages of a topic the last one is kept',
  proves: { '3.1.1': ['3.3.1-5', '3.3.1-6'], '5.0': ['3.3.1-5'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    for (const text of ['first', 'second', 'third']) await retain(publisher, topic(), text)
    const subscriber = await connect({ label: 'subscriber' })
    const found = await subscribeForRetained(scene, [subscriber, publisher], topic(), 1)
    const seen = found.map(one => [one.text, one.retain])
    same(seen, [['third', true]], 'payload and RETAIN of what a new subscription brings')
  }
}

export const retainedOfWildcards: CaseDefinition = {
  name: 'retained-for-wildcards',
  title: 'a new subscription brings the retained message of each topic that it matches, and of no other',
  proves: { '3.1.1': ['3.3.1-6'], '5.0': ['3.3.1-5', '3.3.1-9'] },
  needs: ['retain', 'qos1', 'wildcards'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const names = ['in/a', 'in/b', 'in/b/c', 'out/a', 'in', 'inn']
    for (const name of names) {
      await retain(publisher, topic(name), 'old')
      await retain(publisher, topic(name), name)
    }
    const wanted = {
      'in/+': ['in/a', 'in/b'],
      'in/#': ['in', 'in/a', 'in/b', 'in/b/c'],
      '+/a': ['in/a', 'out/a']
    }
    for (const [filter, expected] of Object.entries(wanted)) {
      const subscriber = await connect({ label: 'subscriber' })
      const pair = [subscriber, publisher] as const
      const found = await subscribeForRetained(scene, pair, topic(filter), expected.length)
      const seen = found.map(one => [one.topic, one.text]).sort()
      same(
        seen,
        expected.map(name => [topic(name), name]),
        `what ${filter} brings`
      )
    }
  }
}

export const retainedQos: CaseDefinition = {
  name: 'retained-qos',
  title: 'a retained message is kept with its QoS',
  proves: { '3.1.1': ['3.3.1-5'], '5.0': ['3.3.1-5'] },
  needs: ['retain', 'qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    for (const qos of [1, 2] as const) {
      await publisher.publish(topic(`${qos}`), 'kept', { qos, retain: true })
      const subscriber = await connect({ label: 'subscriber' })
      const [granted = 0x80] = await subscriber.subscribe(topic(`${qos}`), { qos: 2 })
      const message = await subscriber.message()
      same([message.text, message.qos], ['kept', Math.min(qos, granted)], 'payload and QoS')
    }
  }
}

export const retainedOfQos0: CaseDefinition = {
  name: 'retained-at-qos-0',
  title: 'a retained message of QoS 0 puts an end to the one before it, whether it is kept itself or not',
  proves: { '3.1.1': ['3.3.1-7'], '5.0': ['3.3.1-5'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, check, is5 } = scene
    const publisher = await connect({ label: 'publisher' })
    const live = await connect({ label: 'live' })
    await live.subscribe(topic())
    await retain(publisher, topic(), 'old')
    await publisher.publish(topic(), 'new', { retain: true })
    await live.messages(2)
    const subscriber = await connect({ label: 'subscriber' })
    // Only 3.1.1 lets the broker forget it.
    const found = texts(await subscribeForRetained(scene, [subscriber, publisher], topic(), is5 ? 1 : 0))
    const kept = found.length === 1 && found[0] === 'new'
    const expected = is5 ? "'new' alone" : "'new' alone, or nothing"
    check(kept || (!is5 && found.length === 0), expected, `there came ${JSON.stringify(found)}`)
  }
}

export const notRetained: CaseDefinition = {
  name: 'retain-0-stores-nothing',
  title: 'a message with RETAIN 0 is not kept, and leaves a retained one alone, even when it is empty',
  proves: { '3.1.1': ['3.3.1-12'], '5.0': ['3.3.1-8'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await publisher.publish(topic('none'), 'passing', { qos: 1 })
    await retain(publisher, topic('kept'), 'kept')
    await publisher.publish(topic('kept'), 'passing', { qos: 1 })
    await publisher.publish(topic('kept'), '', { qos: 1 })
    const pair = [subscriber, publisher] as const
    same(texts(await subscribeForRetained(scene, pair, topic('none'), 0)), [], 'what none brings')
    same(texts(await subscribeForRetained(scene, pair, topic('kept'), 1)), ['kept'], 'what kept brings')
  }
}
