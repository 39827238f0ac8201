import { malformed } from './faults.js'

/** The largest Variable Byte Integer. */
export const MAX_VARINT = 268_435_455

/**
 * Bytes of the only legal form of `n` [5.0 MQTT-1.5.5-1]. As readers refuse the other forms, this also says how far
 * to go on after `readVarint`.
 * @throws RangeError if `n` is not in 0 to 268 435 455
 */
export function varintSize(n: number): 1 | 2 | 3 | 4 {
  if (n >= 0) {
    if (n < 0x80) return 1
    if (n < 0x4000) return 2
    if (n < 0x20_0000) return 3
    if (n <= MAX_VARINT) return 4
  }
  throw new RangeError(`${n} is no Variable Byte Integer: they go from 0 to ${MAX_VARINT}`)
}

/** Writes `n` in the fewest bytes; returns the position after it. */
export function writeVarint(buf: Buffer, pos: number, n: number): number {
  let rest = n
  let at = pos
  while (rest > 0x7f) {
    buf[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buf[at++] = rest
  return at
}

/**
 * The Variable Byte Integer at `pos`; it ends at `pos + varintSize(value)`.
 * @throws MqttError MalformedPacket if it is cut off by `end`, has more than four bytes, or more than it needs
 */
export function readVarint(buf: Buffer, pos: number, end: number): number {
  let value = 0
  for (let i = 0; i < 4; i++) {
    if (pos + i >= end) throw malformed('a Variable Byte Integer is cut off')
    const byte = buf[pos + i]!
    value |= (byte & 0x7f) << (7 * i)
    if (byte > 0x7f) continue
    if (byte === 0 && i > 0) {
      throw malformed('a Variable Byte Integer is longer than needed [5.0 MQTT-1.5.5-1]')
    }
    return value
  }
  throw malformed('a Variable Byte Integer has more than four bytes')
}
