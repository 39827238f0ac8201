import type { CaseDefinition } from '../../case.js'
import { retain, subscribeForRetained } from './subscribe-for-retained.js'

export const flagOfRetained: CaseDefinition = {
  name: 'retain-1-at-subscribe',
  title: 'a retained message that a new subscription brings has RETAIN 1',
  proves: { '3.1.1': ['3.3.1-8'], '5.0': ['3.3.1-9'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same, is5 } = scene
    const publisher = await connect({ label: 'publisher' })
    await retain(publisher, topic(), 'kept')
    // Retain As Published is about messages that are forwarded, not about these.
    for (const rap of is5 ? [false, true] : [false]) {
      for (const qos of [0, 1] as const) {
        const subscriber = await connect({ label: 'subscriber' })
        const pair = [subscriber, publisher] as const
        const found = await subscribeForRetained(scene, pair, topic(), 1, is5 ? { rap, qos } : { qos })
        same(
          found.map(one => [one.text, one.retain]),
          [['kept', true]],
          'payload and RETAIN'
        )
      }
    }
  }
}

export const flagOfLive: CaseDefinition = {
  name: 'retain-0-when-live',
  title: 'a message that comes because of a subscription that was there has RETAIN 0',
  proves: { '3.1.1': ['3.3.1-9'], '5.0': ['3.3.1-12'] },
  needs: ['retain', 'qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2 })
    for (const qos of [0, 1, 2] as const) {
      for (const kept of [true, false]) {
        await publisher.publish(topic(), `${kept}`, { qos, retain: kept })
        const { text, retain: flag } = await subscriber.message()
        same([text, flag], [`${kept}`, false], `payload and RETAIN at QoS ${qos}`)
      }
    }
  }
}

export const flagAsPublished: CaseDefinition = {
  name: 'retain-as-published',
  title: 'with Retain As Published 1 a message has the RETAIN flag with which it was published',
  proves: { '5.0': ['3.3.1-13'] },
  needs: ['retain', 'qos2'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic(), { qos: 2, rap: true })
    for (const qos of [0, 1, 2] as const) {
      for (const [text, kept] of [
        ['kept', true],
        ['passing', false],
        ['', true]
      ] as const) {
        await publisher.publish(topic(), text, { qos, retain: kept })
        const message = await subscriber.message()
        same([message.text, message.retain], [text, kept], `payload and RETAIN at QoS ${qos}`)
      }
    }
  }
}

export const flagsOfEach: CaseDefinition = {
  name: 'retain-as-published-of-each',
  title: 'retain as published holds for the subscription that asked for it, and not for others',
  proves: { '5.0': ['3.3.1-12', '3.3.1-13'] },
  needs: ['retain'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const asked = await connect({ label: 'asked' })
    const other = await connect({ label: 'other' })
    await asked.subscribe(topic(), { rap: true })
    await other.subscribe(topic())
    await publisher.publish(topic(), 'kept', { retain: true })
    const flags = [(await asked.message()).retain, (await other.message()).retain]
    same(flags, [true, false], 'RETAIN for the one that asked, and the other')
  }
}

export const flagReplaced: CaseDefinition = {
  name: 'retain-as-published-replaced',
  title: 'of two SUBSCRIBE packets for one filter the last one says whether RETAIN is as published',
  proves: { '5.0': ['3.8.4-3', '3.3.1-12', '3.3.1-13'] },
  needs: ['retain'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    for (const rap of [true, false, true]) {
      await subscriber.subscribe(topic(), { rap, rh: 2 })
      await publisher.publish(topic(), 'kept', { retain: true })
      same((await subscriber.message()).retain, rap, 'RETAIN')
    }
  }
}
