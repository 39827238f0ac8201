import type { Version } from '../packets.js'

/**
 * The version whose CONNACK a peer will understand, from the start of its CONNECT, also when the rest of it or the
 * level is wrong; null when it does not speak MQTT. [3.1.1 MQTT-3.1.2-2] [5.0 MQTT-3.1.2-2]
 */
export function claimedVersion(buf: Buffer, start: number, end: number): Version | null {
  const length = end - start > 2 ? (buf[start]! << 8) | buf[start + 1]! : 0
  const levelAt = start + 2 + length
  if (length > 6 || levelAt >= end) return null
  const name = buf.toString('latin1', start + 2, levelAt)
  if (name !== 'MQTT' && name !== 'MQIsdp') return null
  const level = buf[levelAt]!
  if (level === 3 || level === 4 || level === 5) return level
  // 0x83 and 0x84 are what bridges try first; an answer of 3.1.1 makes them fall back.
  return level < 3 || level > 127 ? 4 : 5
}
