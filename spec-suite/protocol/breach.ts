import { visible } from './visible.js'

/** What a broker did against the specification, or against the case. Ends the case. */
export class Breach extends Error {
  override readonly name = 'Breach'
  /** What should have come, in words. */
  readonly expected: string
  /** What came instead. */
  readonly received: string
  /** The statements that were broken, without `MQTT-`; none: those of the case. */
  readonly ids: readonly string[]

  constructor(expected: string, received: string, ids: readonly string[] = []) {
    super(visible(`expected ${expected}, but ${received}`))
    this.expected = visible(expected)
    this.received = visible(received)
    this.ids = ids
  }
}

/** A case found out while it ran that it has nothing to say about this broker. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable'
}

/** Bytes as people read them: `82 09 00 01`, the middle of long ones left out. */
export function hex(bytes: Uint8Array, limit = 64): string {
  const text = (part: Uint8Array) =>
    Buffer.from(part)
      .toString('hex')
      .replace(/(..)(?=.)/g, '$1 ')
  if (bytes.length <= limit) return text(bytes)
  const [head, tail] = [bytes.subarray(0, limit - 8), bytes.subarray(-8)]
  return `${text(head)} … (${bytes.length - limit} bytes) … ${text(tail)}`
}

/** `0x8E` */
export function code(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`
}

export function codes(values: readonly number[]): string {
  return values.map(code).join(', ')
}
