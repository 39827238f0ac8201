import { Breach } from '../../breach.js'
import type { TestClient } from '../../client/test-client.js'
import type { Received } from '../../wire/received.js'

/**
 * Messages that come to a client while it acknowledges none: how many a broker has under way at a time is its own
 * choice, as long as it is one at least.
 */
export async function hold(client: TestClient, most: number, least = 1): Promise<Received[]> {
  const held = await client.messages(least)
  try {
    while (held.length < most) held.push(await client.message())
  } catch (err) {
    if (!(err instanceof Breach) || client.ended) throw err
  }
  return held
}

/** PUBREC, PUBREL and PUBCOMP of a message of QoS 2, or the PUBACK of one of QoS 1. */
export async function complete(client: TestClient, message: Received): Promise<void> {
  client.acknowledge(message)
  if (message.qos < 2) return
  await released(client, message)
  client.send({ cmd: 'pubcomp', messageId: message.messageId })
}

/** The PUBREL of a message. */
export function released(client: TestClient, { messageId }: Received): Promise<Received> {
  return client.next('pubrel', packet => packet.messageId === messageId, `PUBREL ${messageId}`)
}

/**
 * The broker has taken what was sent: it answers a ping. Or it has closed the connection, which is its right where
 * the client made a mistake.
 */
export async function settled(client: TestClient): Promise<void> {
  client.send({ cmd: 'pingreq' })
  const answered = () => client.inbox.some(({ cmd }) => cmd === 'pingresp')
  await client.until('a PINGRESP, or the end', () => client.ended || answered())
}
