import type { Scene } from '../../scene.js'

export type Labelled = readonly [what: string, bytes: Buffer]

/** Sends each of these packets on a connection of its own: the broker has to end it, with no other code than these. */
export async function eachCloses(
  { connect }: Scene,
  packets: readonly Labelled[],
  ...codes: number[]
): Promise<void> {
  for (const [what, bytes] of packets) {
    const client = await connect()
    client.raw(bytes, what)
    await client.closes(...codes)
  }
}
