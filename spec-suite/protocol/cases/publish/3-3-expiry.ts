import type { CaseDefinition } from '../../case.js'
import { retain, subscribeForRetained, texts } from './subscribe-for-retained.js'

const expiring = (messageExpiryInterval: number) =>
  ({ qos: 1, properties: { messageExpiryInterval } }) as const

export const expiredInQueue: CaseDefinition = {
  name: 'expired-in-queue',
  title: 'a message whose time is over before its subscriber comes back is not sent, and others are',
  proves: { '5.0': ['3.3.2-5'] },
  needs: ['qos1', 'sessions'],
  seconds: 4,
  async run({ connect, topic, same, seconds }) {
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ label: 'subscriber', keep: 60 })
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    await publisher.publish(topic(), 'short', expiring(1))
    await publisher.publish(topic(), 'long', expiring(600))
    await publisher.publish(topic(), 'for ever', { qos: 1 })
    await seconds(4)
    const after = await connect({ label: 'subscriber', keep: 60, clientId: before.clientId })
    const found = await after.messages(2)
    found.push(...(await after.messagesBeforeMarker(publisher)))
    // Their order is the matter of other cases.
    same(texts(found).sort(), ['for ever', 'long'], 'the messages that waited')
  }
}

export const remainingTime: CaseDefinition = {
  name: 'expiry-counts-down-in-queue',
  title: 'a message that waited is sent with the expiry interval that is left',
  proves: { '5.0': ['3.3.2-6'] },
  needs: ['qos1', 'sessions'],
  seconds: 4,
  async run({ connect, topic, check, seconds }) {
    const publisher = await connect({ label: 'publisher' })
    const before = await connect({ label: 'subscriber', keep: 60 })
    await before.subscribe(topic(), { qos: 1 })
    await before.disconnect()
    const published = performance.now()
    await publisher.publish(topic(), 'x', expiring(600))
    await seconds(4)
    const after = await connect({ label: 'subscriber', keep: 60, clientId: before.clientId })
    const left = (await after.message()).properties.messageExpiryInterval ?? 0
    const waited = (performance.now() - published) / 1000
    check(isLeft(left, 600, 4, waited), `600 s less ${waited.toFixed(1)} s`, `it was ${left} s`)
  }
}

export const expiredRetained: CaseDefinition = {
  name: 'expired-retained',
  title: 'a retained message whose time is over is not sent, another has the expiry interval that is left',
  proves: { '5.0': ['3.3.2-5', '3.3.2-6'] },
  needs: ['retain', 'qos1'],
  seconds: 4,
  async run(scene) {
    const { connect, topic, same, check, seconds } = scene
    const publisher = await connect({ label: 'publisher' })
    await publisher.publish(topic('short'), 'short', { ...expiring(1), retain: true })
    const published = performance.now()
    await publisher.publish(topic('long'), 'long', { ...expiring(600), retain: true })
    await retain(publisher, topic('ever'), 'for ever')
    await seconds(4)
    const subscriber = await connect({ label: 'subscriber' })
    const pair = [subscriber, publisher] as const
    same(texts(await subscribeForRetained(scene, pair, topic('short'), 0)), [], 'what is left', ['3.3.2-5'])
    same(texts(await subscribeForRetained(scene, pair, topic('ever'), 1)), ['for ever'], 'what has no end')
    const [long] = await subscribeForRetained(scene, pair, topic('long'), 1)
    const left = long?.properties.messageExpiryInterval ?? 0
    const waited = (performance.now() - published) / 1000
    check(isLeft(left, 600, 4, waited), `600 s less ${waited.toFixed(1)} s`, `it was ${left} s`, ['3.3.2-6'])
  }
}

export const expiryWhenLive: CaseDefinition = {
  name: 'expiry-when-live',
  title: 'a message that did not wait has the expiry interval with which it was published, or none',
  proves: { '5.0': ['3.3.2-6'] },
  async run({ connect, topic, same, check }) {
    const publisher = await connect({ label: 'publisher' })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    for (const messageExpiryInterval of [100, 70_000, 0xffff_ffff]) {
      const published = performance.now()
      await publisher.publish(topic(), 'x', { properties: { messageExpiryInterval } })
      const left = (await subscriber.message()).properties.messageExpiryInterval ?? 0
      const waited = (performance.now() - published) / 1000
      check(isLeft(left, messageExpiryInterval, 0, waited), `${messageExpiryInterval} s`, `it was ${left} s`)
    }
    await publisher.publish(topic())
    const { messageExpiryInterval: none } = (await subscriber.message()).properties
    same(none, undefined, 'the expiry interval of a message without one')
  }
}

/** Brokers count in whole seconds, up or down, and their clocks may be a second late. */
function isLeft(left: number, given: number, least: number, waited: number): boolean {
  return left <= given - Math.max(0, least - 2) && left >= given - Math.ceil(waited) - 1
}
