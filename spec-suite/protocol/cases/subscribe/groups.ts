import type { TestClient } from '../../client/test-client.js'
import type { Received } from '../../wire/received.js'

/** The messages of each client: so many together, and whatever else came before a marker. */
export async function collected(
  clients: readonly TestClient[],
  publisher: TestClient,
  count: number
): Promise<Received[][]> {
  const came = () => clients.flatMap(({ inbox }) => inbox).filter(({ cmd }) => cmd === 'publish')
  await clients[0]!.until(`${count} messages for the clients together`, () => came().length >= count)
  const found: Received[][] = []
  for (const client of clients) found.push(await client.messagesBeforeMarker(publisher))
  return found
}

/** Which of two members of a group got the message. */
export async function served(one: TestClient, two: TestClient) {
  const has = ({ inbox }: TestClient) => inbox.some(({ cmd }) => cmd === 'publish')
  await one.until('a message for one of the members', () => has(one) || has(two))
  const [chosen, other] = has(one) ? [one, two] : [two, one]
  return { chosen, other, message: await chosen.message() }
}
