import { Breach, code, hex } from '../../breach.js'
import type { Scene } from '../../scene.js'
import type { ByVersion } from '../../version.js'

/** A CONNECT that is wrong, in words and in bytes. */
export type Wrong = readonly [what: string, bytes: Buffer]

const malformed: ByVersion<readonly number[]> = { '5.0': [0x81, 0x82] }

/** Each ends its connection; a CONNACK before that is only a refusal, of a code that is allowed. */
export async function allRefused(scene: Scene, table: readonly Wrong[], allowed = malformed): Promise<void> {
  for (const [what, bytes] of table) {
    const client = await scene.open()
    client.raw(bytes, `CONNECT: ${what}`)
    await client.refuses(allowed)
  }
}

/**
 * The same where only the form of a refusal is judged: those that the broker accepts are the matter of other cases.
 * Gives the words of those that it refused.
 */
export async function refusedOnes(
  scene: Scene,
  table: readonly Wrong[],
  allowed = malformed
): Promise<string[]> {
  const refused: string[] = []
  for (const [what, bytes] of table) {
    const client = await scene.open()
    client.raw(bytes, `CONNECT: ${what}`)
    await client.until('a CONNACK, or the end', () => client.inbox.length > 0, true)
    const [answer] = client.inbox
    if (answer?.cmd === 'connack' && answer.reasonCode === 0) continue
    await client.refuses(allowed)
    refused.push(what)
  }
  return refused
}

/** The same bytes without the mistake: it is the mistake that is refused. */
export async function isTaken(scene: Scene, bytes: Buffer): Promise<void> {
  const client = await scene.open('right')
  client.raw(bytes)
  const { reasonCode } = await client.next('connack')
  scene.same(code(reasonCode), '0x00', 'the answer to a CONNECT without a mistake')
}

/**
 * What a broker may answer to a CONNECT that is malformed and lacks the credentials of the user: it need not look at
 * both. Without credentials it is only malformed; unless it is `named`, for a user whom the broker does not know.
 */
export function malformedOrStranger({ connectPacket }: Scene, named = false): ByVersion<readonly number[]> {
  if (connectPacket().username === undefined && !named) return malformed
  return { '3.1.1': [4, 5], '5.0': [0x81, 0x82, 0x86, 0x87] }
}

/**
 * What came for a CONNECT of a protocol that the broker does not know, before the connection ended: the code of a
 * CONNACK in the form of 3.1.1 or 5.0, since who knows which the client can read. null: nothing came.
 */
export async function foreignAnswer(scene: Scene, what: string, bytes: Buffer): Promise<number | null> {
  const client = await scene.open()
  client.unread = Buffer.alloc(0)
  client.raw(bytes, what)
  await client.end()
  const answer: Buffer = client.unread
  if (answer.length === 0) return null
  // With a reason in words, the length may take two bytes.
  const [type, low, high] = answer
  const long = low! >= 128
  const length = long ? (low! & 127) + high! * 128 : low
  const [flags, reason] = answer.subarray(long ? 3 : 2)
  const whole = type === 0x20 && answer.length === (long ? 3 : 2) + length! && flags === 0
  const refused = length === 2 ? reason === 0x01 : [0x80, 0x81, 0x82, 0x84].includes(reason!)
  if (whole && length! >= 2 && refused) return reason!
  throw new Breach(
    'the end, or one CONNACK with Session Present 0 and a code that says that the protocol is not spoken (0x01 of 3.1.1, 0x84 of 5.0)',
    `it was ${hex(answer)}`
  )
}
