import type { Bytes } from '../../bytes.js'
import type { Scene } from '../../scene.js'

/** Something that no client may send. */
export interface Row {
  readonly words: string
  readonly bytes: Buffer
  /** What the broker may say to it. Default: 0x81, malformed. */
  readonly codes?: readonly number[]
}

/** Protocol Error. */
export const protocolError = [0x82]

/** Sends each row on a connection of its own, after CONNACK: it ends that connection, and no other one. */
export async function eachEnds({ connect }: Scene, rows: readonly Row[]): Promise<void> {
  const bystander = await connect({ label: 'bystander' })
  for (const { words, bytes, codes = [0x81] } of rows) {
    const client = await connect()
    client.raw(bytes, words)
    await client.closes(...codes)
  }
  await bystander.ping()
}

/** The part of a packet that only MQTT 5.0 has. */
export function only5(is5: boolean, part: Bytes): Bytes {
  return is5 ? part : []
}
