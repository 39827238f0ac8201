import { Breach } from '../../breach.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'

export interface WillScene {
  readonly client: TestClient
  /** Waits for the will of the client. `ids`: the statements that want it; none: those of the case. */
  published(...ids: string[]): Promise<void>
}

/**
 * A client with a will, and someone who waits for it. A DISCONNECT ends the connection, be it right or wrong: the will
 * shows what the broker took it for.
 */
export async function withWill({ connect, topic }: Scene, name = 'will'): Promise<WillScene> {
  const witness = await connect({ label: 'witness' })
  await witness.subscribe(topic(name))
  const client = await connect({ will: { topic: topic(name) } })
  const published = async (...ids: string[]) => {
    try {
      await witness.message(topic(name))
    } catch (err) {
      if (!(err instanceof Breach)) throw err
      throw new Breach('the will to be published', err.received, ids)
    }
  }
  return { client, published }
}
