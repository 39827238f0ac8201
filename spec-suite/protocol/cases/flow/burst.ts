import type { TestClient } from '../../client/test-client.js'

export interface BurstOptions {
  readonly qos: 0 | 1 | 2
  /** How many messages of QoS 1 and 2 the broker takes at a time. */
  readonly receiveMaximum: number
}

/** `1`, `2`, … */
export function numbers(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, i) => String(from + i))
}

/** Publishes many messages, as many at once as the broker takes, and waits for all their acknowledgements. */
export async function burst(
  publisher: TestClient,
  topic: string,
  texts: readonly string[],
  { qos, receiveMaximum }: BurstOptions
): Promise<void> {
  const most = Math.min(100, receiveMaximum)
  for (let at = 0; at < texts.length; at += most) {
    const ids = texts.slice(at, at + most).map(text => publisher.startPublish(topic, text, { qos }))
    if (qos === 1) for (const id of ids) await publisher.next('puback', ({ messageId }) => messageId === id)
    if (qos === 2) await release(publisher, ids)
  }
}

async function release(publisher: TestClient, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await publisher.next('pubrec', ({ messageId }) => messageId === id)
    publisher.send({ cmd: 'pubrel', messageId: id })
  }
  for (const id of ids) await publisher.next('pubcomp', ({ messageId }) => messageId === id)
}
