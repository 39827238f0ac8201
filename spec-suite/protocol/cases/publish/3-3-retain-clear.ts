import type { CaseDefinition } from '../../case.js'
import { retain, subscribeForRetained, texts } from './subscribe-for-retained.js'

export const retainedIsRemoved: CaseDefinition = {
  name: 'retained-is-removed',
  title: 'an empty message with RETAIN 1 reaches subscribers, and removes the retained message',
  proves: { '3.1.1': ['3.3.1-10'], '5.0': ['3.3.1-6'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const live = await connect({ label: 'live' })
    await live.subscribe(topic(), { qos: 1 })
    await retain(publisher, topic(), 'kept')
    await retain(publisher, topic(), '')
    const seen = (await live.messages(2)).map(one => [one.text, one.retain])
    same(
      seen,
      [
        ['kept', false],
        ['', false]
      ],
      'payload and RETAIN of what a subscriber gets'
    )
    const subscriber = await connect({ label: 'subscriber' })
    const found = await subscribeForRetained(scene, [subscriber, publisher], topic(), 0)
    same(texts(found), [], 'what a new subscription brings')
  }
}

export const onlyThatTopic: CaseDefinition = {
  name: 'retained-is-removed-there-only',
  title: 'an empty message with RETAIN 1 removes the retained message of its topic, and of no other',
  proves: { '3.1.1': ['3.3.1-10'], '5.0': ['3.3.1-6'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const names = ['a', 'a/b', 'a/b/c'].map(topic)
    for (const name of names) await retain(publisher, name, 'kept')
    await retain(publisher, topic('a/b'), '')
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(names)
    const found = await subscriber.messages(2)
    found.push(...(await subscribeForRetained(scene, [subscriber, publisher], topic('other'), 0)))
    const seen = found.map(one => one.topic).sort()
    same(seen, [topic('a'), topic('a/b/c')], 'topics that still have a retained message')
  }
}

export const emptyIsNotRetained: CaseDefinition = {
  name: 'empty-is-not-retained',
  title: 'an empty message with RETAIN 1 is not kept',
  proves: { '3.1.1': ['3.3.1-11'], '5.0': ['3.3.1-7'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    await retain(publisher, topic(), '')
    const subscriber = await connect({ label: 'subscriber' })
    const found = await subscribeForRetained(scene, [subscriber, publisher], topic(), 0)
    same(found.length, 0, 'messages that a new subscription brings')
  }
}

export const retainedAgain: CaseDefinition = {
  name: 'retained-again-after-removal',
  title: 'after its removal a topic takes a retained message as if it never had one',
  proves: { '3.1.1': ['3.3.1-5', '3.3.1-10'], '5.0': ['3.3.1-5', '3.3.1-6'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    for (const text of ['before', '', 'after']) await retain(publisher, topic(), text)
    const subscriber = await connect({ label: 'subscriber' })
    const found = await subscribeForRetained(scene, [subscriber, publisher], topic(), 1)
    same(texts(found), ['after'], 'what a new subscription brings')
  }
}
