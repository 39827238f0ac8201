import type mqtt from 'mqtt-packet'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import type { Received } from '../../wire/received.js'

/** One SUBSCRIBE of filters that have options of their own: the codes of its SUBACK. */
export async function subscribeAll(
  client: TestClient,
  subscriptions: mqtt.ISubscription[]
): Promise<number[]> {
  const messageId = client.id()
  client.send({ cmd: 'subscribe', messageId, subscriptions })
  return (await client.next('suback', packet => packet.messageId === messageId)).codes
}

/** One UNSUBSCRIBE with a packet identifier of choice: the codes of its UNSUBACK. */
export async function unsubscribeAs(client: TestClient, messageId: number, unsubscriptions: string[]) {
  client.send({ cmd: 'unsubscribe', messageId, unsubscriptions })
  return (await client.next('unsuback', packet => packet.messageId === messageId)).codes
}

/** What messages say, which is enough to tell them apart. */
export function texts(messages: readonly Received[]): string[] {
  return messages.map(({ text }) => text)
}

/** Something is published to all these topics: the filters take some, once each, and leave the others. */
export async function takes(
  { check, connect, notApplicable, root, same }: Scene,
  filters: string | string[],
  { taken, left }: { taken: string[]; left: string[] }
): Promise<void> {
  const publisher = await connect({ label: 'publisher' })
  const subscriber = await connect({ label: 'subscriber' })
  const granted = await subscriber.subscribe(filters, { qos: 1 })
  const refused = granted.some(one => one >= 0x80)
  if (refused && /^[+#]/.test(String(filters))) notApplicable('the broker refuses such wide filters')
  check(!refused, 'a subscription', `SUBACK refused '${filters}'`)
  for (const topic of [...left, ...taken]) await publisher.publish(topic, `to ${topic}`, { qos: 1 })
  for (const topic of taken) same((await subscriber.message(topic)).text, `to ${topic}`, 'the payload')
  const others = await subscriber.messagesBeforeMarker(publisher)
  // Filters may also take what others publish on this broker.
  const own = others.map(({ topic }) => topic).filter(topic => topic.includes(root))
  same(own, [], `what else '${filters}' took`)
}
