/** Up to here a loop in JavaScript is faster than a call into node's C++. */
const SHORT = 48

/**
 * Bytes of a string on the wire, its two-byte length included. Lone surrogates count, and are written, as U+FFFD.
 * @throws RangeError for what MQTT cannot carry: over 65 535 bytes, or U+0000
 */
export function stringSize(value: string): number {
  const length = value.length
  if (length <= SHORT) {
    let at = 0
    for (; at < length; at++) {
      const code = value.charCodeAt(at)
      if (code > 0x7f || code === 0) break
    }
    if (at === length) return length + 2
  }
  const bytes = Buffer.byteLength(value)
  if (bytes > 0xffff) throw new RangeError(`a string of ${bytes} bytes: MQTT carries at most 65535`)
  if (value.includes('\0')) throw new RangeError('a string with U+0000 cannot be sent [5.0 MQTT-1.5.4-2]')
  return bytes + 2
}

/** Writes what `stringSize` has accepted; returns the position after it. */
export function writeString(buf: Buffer, pos: number, value: string): number {
  const start = pos + 2
  const length = value.length
  let end = start
  if (length <= SHORT) {
    for (; end - start < length; end++) {
      const code = value.charCodeAt(end - start)
      if (code > 0x7f) break
      buf[end] = code
    }
  }
  if (end - start < length) end = start + buf.write(value, start, 'utf8')
  buf[pos] = (end - start) >>> 8
  buf[pos + 1] = end - start
  return end
}
