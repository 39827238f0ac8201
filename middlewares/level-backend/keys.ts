/**
 * Keys are short ASCII strings, which LevelDB sorts as we do and which are the cheapest form to hand over. Numbers in
 * them have digits of six bits, the most significant one first.
 *
 * | key | value |
 * | --- | --- |
 * | `!format`, `!seq` | what this store is; numbers from here on were never used |
 * | `c` client id | the number of the client |
 * | `e` number | its session |
 * | `s` number, filter | a subscription |
 * | `q` number, sequence | a message that waits |
 * | `z` number | how many wait, their bytes, and where they begin |
 * | `i` number, message id | a message in flight |
 * | `j` number, message id | PUBREC has come for it |
 * | `n` number, message id | an incoming message of QoS 2 that awaits PUBREL |
 * | `m` id, `k` id | a message that several records refer to, and how many do |
 * | `r` topic, `t` topic | a retained message; its size and expiry |
 * | `w` client id | a will |
 * | `x` number, sequence | what is still to be cleared away of a client: its queue up to there, or all of it |
 */
const digits = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
const valueAt = new Uint8Array(128)
for (let i = 0; i < 64; i++) valueAt[digits.charCodeAt(i)] = i

/** Two digits at once: most keys differ from the one before in their last two only. */
const pairs = Array.from({ length: 4096 }, (_, i) => digits[i >> 6]! + digits[i & 63]!)

/** Digits of a sequence number: 48 bits. */
export const seqDigits = 8
/** Digits of a client's number: 36 bits. */
export const clientDigits = 6

/** Greater than every digit. */
export const afterAll = '~'

export const formatKey = '!format'
export const seqKey = '!seq'

/** A number of at most 36 bits. */
export function clientCode(number: number): string {
  return (
    pairs[Math.floor(number / 0x100_0000) & 4095]! +
    pairs[Math.floor(number / 4096) & 4095]! +
    pairs[number & 4095]!
  )
}

/** A number of at most 48 bits. */
export function seqCode(seq: number): string {
  const high = Math.floor(seq / 0x100_0000)
  return pairs[high >> 12]! + pairs[high & 4095]! + pairs[(seq >>> 12) & 4095]! + pairs[seq & 4095]!
}

/** 16 bits. */
export function idCode(messageId: number): string {
  return digits[messageId >> 12]! + pairs[messageId & 4095]!
}

export function parseCode(key: string, from: number, to = key.length): number {
  let value = 0
  for (let i = from; i < to; i++) value = value * 64 + valueAt[key.charCodeAt(i)]!
  return value
}

/** The sequence number at the end of a key. */
export function seqOf(key: string): number {
  return parseCode(key, key.length - seqDigits)
}
