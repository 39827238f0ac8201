import type { CaseDefinition } from '../../case.js'
import { retain, subscribeForRetained, texts } from './subscribe-for-retained.js'

export const handling0: CaseDefinition = {
  name: 'retain-handling-0',
  title: 'with Retain Handling 0 every SUBSCRIBE brings the retained message, also one that only replaces',
  proves: { '5.0': ['3.3.1-9'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await retain(publisher, topic(), 'kept')
    for (let time = 1; time <= 3; time++) {
      const found = await subscribeForRetained(scene, [subscriber, publisher], topic(), 1, { rh: 0 })
      same(texts(found), ['kept'], `what SUBSCRIBE number ${time} brings`)
    }
  }
}

export const handling1: CaseDefinition = {
  name: 'retain-handling-1',
  title: 'with Retain Handling 1 only a subscription that is new brings the retained message',
  proves: { '5.0': ['3.3.1-10'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await retain(publisher, topic(), 'kept')
    const subscribe = async (count: number, qos: 0 | 1 = 1) =>
      texts(await subscribeForRetained(scene, [subscriber, publisher], topic(), count, { rh: 1, qos }))
    same(await subscribe(1), ['kept'], 'what the first SUBSCRIBE brings')
    same(await subscribe(0), [], 'what the same SUBSCRIBE brings')
    same(await subscribe(0, 0), [], 'what a SUBSCRIBE for another QoS brings')
    await subscriber.unsubscribe(topic())
    same(await subscribe(1), ['kept'], 'what the first SUBSCRIBE after an UNSUBSCRIBE brings')
  }
}

export const handling1InSession: CaseDefinition = {
  name: 'retain-handling-1-in-a-session',
  title: 'with Retain Handling 1 a subscription of an earlier connection is not new',
  proves: { '5.0': ['3.3.1-10'] },
  needs: ['retain', 'qos1', 'sessions'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ label: 'subscriber', keep: 60 })
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    const { clientId } = before
    const after = await connect({ label: 'subscriber', keep: 60, clientId })
    await retain(publisher, topic(), 'kept')
    await after.message(topic())
    const pair = [after, publisher] as const
    const found = await subscribeForRetained(scene, pair, topic(), 0, { rh: 1 })
    same(texts(found), [], 'what a SUBSCRIBE for a subscription of the session brings')
  }
}

export const handling2: CaseDefinition = {
  name: 'retain-handling-2',
  title: 'with Retain Handling 2 a subscription brings no retained message, and later messages come',
  proves: { '5.0': ['3.3.1-11'] },
  needs: ['retain', 'qos1'],
  async run(scene) {
    const { connect, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await retain(publisher, topic(), 'kept')
    const pair = [subscriber, publisher] as const
    for (const time of ['first', 'second']) {
      const found = await subscribeForRetained(scene, pair, topic(), 0, { rh: 2 })
      same(texts(found), [], `what the ${time} SUBSCRIBE brings`)
    }
    await retain(publisher, topic(), 'later')
    same((await subscriber.message()).text, 'later', 'the message')
  }
}
