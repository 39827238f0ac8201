/** The topic name of a PUBLISH, one object for all its messages. M is what the router keeps with it. */
export class Topic<M = unknown> {
  readonly name: string
  /** Stays until its owner replaces it. */
  match: M | null = null
  #bytes: Buffer | null

  constructor(name: string, bytes: Buffer | null = null) {
    this.name = name
    this.#bytes = bytes
  }

  /** The name in UTF-8; made when a message is put together from its parts, and kept. */
  get bytes(): Buffer {
    this.#bytes ??= ownBytes(this.name)
    return this.#bytes
  }
}

/** Not from the pool: a topic kept for long must not hold 8 KiB of it. */
function ownBytes(name: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(name))
  bytes.write(name)
  return bytes
}
