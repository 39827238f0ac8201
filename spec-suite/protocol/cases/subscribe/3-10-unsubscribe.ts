import type { CaseDefinition } from '../../case.js'
import { texts } from './subscriptions.js'

export const unsubscribeStops: CaseDefinition = {
  name: 'unsubscribe-stops',
  title: 'after UNSUBACK no new message comes by the filter, and others go on',
  proves: { '3.1.1': ['3.10.4-2'], '5.0': ['3.10.4-2'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const [off, on] = [topic('off'), topic('on')]
    await subscriber.subscribe([off, on], { qos: 1 })
    for (const name of [off, on]) {
      await publisher.publish(name, 'before', { qos: 1 })
      await subscriber.message(name)
    }
    await subscriber.unsubscribe(off)
    await publisher.publish(off, 'of QoS 0')
    await publisher.publish(off, 'of QoS 1', { qos: 1 })
    same(
      texts(await subscriber.messagesBeforeMarker(publisher, { topic: on })),
      [],
      'messages after UNSUBACK'
    )
  }
}

export const unsubscribeExactly: CaseDefinition = {
  name: 'unsubscribe-exact-filter',
  title: 'UNSUBSCRIBE removes the filter that is the same, character by character, and no other',
  proves: { '3.1.1': ['3.10.4-1'], '5.0': ['3.10.4-1'] },
  needs: ['qos1', 'wildcards'],
  async run({ connect, note, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const filter = topic('a/+')
    await subscriber.subscribe([filter, topic('a/b')], { qos: 1 })
    note('these are other filters, though some of them match or are matched')
    const others = ['A/+', 'a/#', '#', 'a/c', 'a/+/', 'a', '+/+'].map(topic)
    await subscriber.unsubscribe(topic('a/b'), ...others)
    await publisher.publish(topic('a/b'), 'still', { qos: 1 })
    same((await subscriber.message()).text, 'still', 'the message')
    same(texts(await subscriber.messagesBeforeMarker(publisher, { topic: topic('a/c') })), [], 'other copies')
    await subscriber.unsubscribe(filter)
    await publisher.publish(topic('a/b'), 'no longer', { qos: 1 })
    same(texts(await subscriber.messagesBeforeMarker(publisher)), [], 'messages after UNSUBACK')
  }
}

export const unsubscribeSeveral: CaseDefinition = {
  name: 'unsubscribe-several-filters',
  title: 'several filters in one UNSUBSCRIBE are all removed, and answered by one UNSUBACK',
  proves: { '3.1.1': ['3.10.4-6'], '5.0': ['3.10.4-6'] },
  needs: ['qos1'],
  async run({ connect, same, topic }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    const [a, b, c] = ['a', 'b', 'c'].map(topic) as [string, string, string]
    await subscriber.subscribe([a, b, c], { qos: 1 })
    await subscriber.unsubscribe(a, topic('unknown'), c, a)
    for (const name of [a, c, b]) await publisher.publish(name, name, { qos: 1 })
    same((await subscriber.message()).text, b, 'the message that came')
    same(texts(await subscriber.messagesBeforeMarker(publisher, { topic: b })), [], 'other messages')
  }
}
