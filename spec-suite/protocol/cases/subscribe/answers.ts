import { Breach, codes } from '../../breach.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'

export type Answer = 'suback' | 'unsuback'

/** SUBACK and UNSUBACK may not come in place of the end: the packet was none that can be answered. */
export async function closesUnanswered(client: TestClient, answer: Answer, allowed: number[]): Promise<void> {
  await client.closes(...allowed)
  if (!client.inbox.some(({ cmd }) => cmd === answer)) return
  const word = answer.toUpperCase()
  throw new Breach(`the end, and no ${word}`, `a ${word} came first`)
}

/** Each of these packets, on a connection of its own, ends it without an answer. */
export async function eachCloses(
  { connect }: Scene,
  answer: Answer,
  allowed: number[],
  packets: ReadonlyArray<readonly [what: string, bytes: Buffer]>
): Promise<void> {
  for (const [what, bytes] of packets) {
    const client = await connect()
    client.raw(bytes, what)
    await closesUnanswered(client, answer, allowed)
  }
}

/**
 * The broker does not do what a SUBSCRIBE or UNSUBSCRIBE of one filter asks for: it says so in its answer, or
 * closes the connection. `said`: the codes that the answer may have; default: any of a failure.
 */
export async function refusesRequest(
  client: TestClient,
  answer: Answer,
  allowed: readonly number[],
  said?: readonly number[]
): Promise<void> {
  const word = answer.toUpperCase()
  const find = () => client.inbox.find(({ cmd }) => cmd === answer)
  await client.until(`a ${word} or the end`, () => client.ended || find() !== undefined)
  const found = find()
  if (!found) {
    await client.closes(...allowed)
    return
  }
  const refusal = (one: number) => (said ? said.includes(one) : one >= 0x80)
  if (found.codes.length > 0 && found.codes.every(refusal)) return
  const wanted = said ? `${word} ${codes(said)}` : `${word} with a code of 0x80 or more`
  throw new Breach(`${wanted}, or the end`, `it was ${word} ${codes(found.codes) || 'without a code'}`)
}
