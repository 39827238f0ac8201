import { raw, varint } from '../../../../spec-suite/protocol/bytes.js'

/** A packet with its type and the parts that mutants change. */
export function typeOf(frame: Buffer): number {
  return frame[0]! >> 4
}

/** Where the variable header begins. */
export function bodyAt(frame: Buffer): number {
  let at = 1
  while (frame[at]! > 127) at++
  return at + 1
}

export function body(frame: Buffer): Buffer {
  return frame.subarray(bodyAt(frame))
}

/** A whole packet of its first byte and its body. */
export function framed(first: number, ...parts: Array<Buffer | readonly number[]>): Buffer {
  const all = raw(...parts)
  return raw([first], varint(all.length), all)
}

export function qosOf(frame: Buffer): number {
  return (frame[0]! >> 1) & 3
}

/** Places in a PUBLISH: where the topic begins and ends, and where its properties do. */
export function publishParts(frame: Buffer, level: number) {
  const topicAt = bodyAt(frame) + 2
  const topicEnd = topicAt + frame.readUInt16BE(topicAt - 2)
  const idEnd = topicEnd + (qosOf(frame) > 0 ? 2 : 0)
  const propertiesAt = level === 5 ? idEnd + 1 : idEnd
  // Mutants meet short ones only: one byte of length.
  const propertiesEnd = level === 5 ? propertiesAt + frame[idEnd]! : idEnd
  return { topicAt, topicEnd, propertiesAt, propertiesEnd }
}

/** The packet identifier of a PUBLISH or of anything else that has one. */
export function idAt(frame: Buffer): number {
  const at = bodyAt(frame)
  return typeOf(frame) === 3 ? at + 2 + frame.readUInt16BE(at) : at
}

export function withId(frame: Buffer, id: number): Buffer {
  const copy = Buffer.from(frame)
  copy.writeUInt16BE(id, idAt(frame))
  return copy
}

/** A copy with one byte changed. */
export function withByte(frame: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(frame)
  copy[at] = value
  return copy
}

/** The strings of a packet from a client, as far as mutants mend them: places of their bytes. */
export function strings(frame: Buffer, level: number): Array<[from: number, to: number]> {
  const found: Array<[number, number]> = []
  const take = (at: number): number => {
    const end = at + 2 + frame.readUInt16BE(at)
    found.push([at + 2, end])
    return end
  }
  const type = typeOf(frame)
  let at = bodyAt(frame)
  if (type === 1) {
    const nameEnd = take(at)
    found.pop()
    const isFive = frame[nameEnd] === 5
    at = nameEnd + 4
    take(isFive ? at + 1 + frame[at]! : at)
  } else if (type === 3) take(at)
  else if (type === 8 || type === 10) {
    at += 2
    if (level === 5) at += 1 + frame[at]!
    while (at < frame.length) at = take(at) + (type === 8 ? 1 : 0)
  }
  return found
}
