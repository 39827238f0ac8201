import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'

/** Someone who waits for wills on these topics. */
export async function witnessOf({ connect }: Scene, ...topics: string[]): Promise<TestClient> {
  const witness = await connect({ label: 'witness' })
  for (const topic of topics) await witness.subscribe(topic)
  return witness
}

/**
 * The topics of all that came to a witness. A broker may publish wills a little after the connection has ended: it
 * gets a second for that, and then a marker has to come.
 */
export async function topicsWitnessed({ connect, seconds }: Scene, witness: TestClient): Promise<string[]> {
  await seconds(1)
  const messages = await witness.messagesBeforeMarker(await connect({ label: 'marker' }), { qos: 0 })
  return messages.map(({ topic }) => topic)
}
