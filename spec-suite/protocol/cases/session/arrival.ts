import { setTimeout as sleep } from 'node:timers/promises'
import type { TestClient } from '../../client/test-client.js'

/**
 * Waits until something has happened to a client, at most so many seconds: those that have passed since `start`, a
 * value of performance.now(). What is measured is never shorter than what it was for the broker.
 */
export async function secondsUntil(start: number, happened: () => boolean, atMost: number): Promise<number> {
  const passed = () => (performance.now() - start) / 1000
  while (!happened() && passed() < atMost) await sleep(20)
  return passed()
}

/** The same for a message. @throws Breach when it does not come */
export async function secondsUntilMessage(
  start: number,
  client: TestClient,
  topic: string,
  atMost: number
): Promise<number> {
  const came = () => client.inbox.some(packet => packet.cmd === 'publish' && packet.topic === topic)
  const passed = await secondsUntil(start, came, atMost)
  await client.message(topic)
  return passed
}
