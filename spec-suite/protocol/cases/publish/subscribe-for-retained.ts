import type { SubscribeOptions, TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import type { Received } from '../../wire/received.js'

/**
 * Leaves a message behind, at QoS 1. A broker may acknowledge it before it has stored and routed it: what the same
 * client sent later, and has come to it, tells that it is through.
 */
export async function retain(publisher: TestClient, topic: string, payload: string): Promise<void> {
  await publisher.publish(topic, payload, { qos: 1, retain: true })
  await publisher.messagesBeforeMarker(publisher)
}

/**
 * Subscribes, and gives all messages that come of it: at least `count`. What does not come before another retained
 * message, which is asked for later, was not sent. The filter must not match topics that begin with `last`.
 */
export async function subscribeForRetained(
  { topic }: Scene,
  [subscriber, publisher]: readonly [TestClient, TestClient],
  filter: string,
  count: number,
  options: SubscribeOptions = {}
): Promise<Received[]> {
  await subscriber.subscribe(filter, { qos: 1, ...options })
  const found = await subscriber.messages(count)
  const last = topic(`last${publisher.id()}`)
  await retain(publisher, last, 'last')
  await subscriber.subscribe(last, { qos: 1 })
  await subscriber.message(last)
  const more = await subscriber.messagesBeforeMarker(publisher)
  return [...found, ...more.filter(message => message.topic !== last)]
}

export function texts(messages: readonly Received[]): string[] {
  return messages.map(({ text }) => text)
}
