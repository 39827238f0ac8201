import { isUtf8 } from 'node:buffer'
import { malformed } from './faults.js'

/** Up to here a loop in JavaScript is faster than a call into node's C++. */
const SHORT = 64

/** Well-formed UTF-8 without U+0000 [5.0 MQTT-1.5.4-1] [5.0 MQTT-1.5.4-2]. Looks at [start, end) only. */
export function isWellFormed(buf: Buffer, start: number, end: number): boolean {
  const short = end - start > SHORT ? start + SHORT : end
  let at = start
  for (; at < short; at++) {
    const byte = buf[at]!
    if (byte > 0x7f) break
    if (byte === 0) return false
  }
  if (at === end) return true
  // everything before `at` is ASCII, so `at` cannot be in the middle of a character
  const rest = buf.subarray(at, end)
  return isUtf8(rest) && !rest.includes(0)
}

/**
 * The string whose two-byte length is at `pos`; it ends at `afterField(buf, pos)`.
 * EF BB BF is the character U+FEFF like any other and stays [5.0 MQTT-1.5.4-3].
 * @throws MqttError MalformedPacket if it is not within `end`, ill-formed, or holds U+0000
 */
export function readString(buf: Buffer, pos: number, end: number): string {
  const start = pos + 2
  if (start > end) throw malformed('the length of a string is cut off')
  const stop = start + ((buf[pos]! << 8) | buf[pos + 1]!)
  if (stop > end) throw malformed('a string goes on beyond the end of its packet')
  if (stop === start) return ''
  if (stop - start <= SHORT && isPlain(buf, start, stop)) return buf.toString('latin1', start, stop)
  if (!isWellFormed(buf, start, stop)) {
    throw malformed('a string is not well-formed UTF-8 or holds U+0000 [5.0 MQTT-1.5.4-1] [5.0 MQTT-1.5.4-2]')
  }
  return buf.toString('utf8', start, stop)
}

/** Nothing but U+0001 to U+007F: needs no UTF-8 decoder. */
function isPlain(buf: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = buf[at]!
    if (byte > 0x7f || byte === 0) return false
  }
  return true
}
