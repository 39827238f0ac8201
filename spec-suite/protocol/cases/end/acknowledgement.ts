import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'

export type Acknowledgement = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'

/** The first bytes of these packets. */
export const firstByte = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const

export interface Owing {
  readonly client: TestClient
  /** The identifier of the message. */
  readonly id: number
}

/** A client that has to send this packet next, so that nothing but its form can be wrong. */
export async function owing({ connect, topic }: Scene, cmd: Acknowledgement): Promise<Owing> {
  const client = await connect()
  const name = topic(client.clientId)
  const qos = cmd === 'puback' ? 1 : 2
  if (cmd === 'pubrel') {
    const id = client.startPublish(name, 'x', { qos })
    await client.next('pubrec')
    return { client, id }
  }
  client.acknowledges = false
  await client.subscribe(name, { qos })
  await client.publish(name, 'x', { qos })
  const message = await client.message(name)
  if (cmd === 'pubcomp') {
    client.acknowledge(message)
    await client.next('pubrel')
  }
  return { client, id: message.messageId }
}
