type OnFrame = (frame: Buffer, bodyAt: number, minimal: boolean) => void

/** Cuts a byte stream into whole packets; independent of the broker's own. */
export class Frames {
  readonly #tell: OnFrame
  #rest: Buffer = Buffer.alloc(0)

  constructor(tell: OnFrame) {
    this.#tell = tell
  }

  /** Bytes of a packet that is not complete. */
  get pending(): number {
    return this.#rest.length
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let pos = 0
    for (;;) {
      const { length } = this.#rest
      let remaining = 0
      let at = pos + 1
      let byte = 128
      for (let shift = 0; byte > 127 && at < length; shift += 7) {
        byte = this.#rest[at++]!
        remaining += (byte & 127) * 2 ** shift
      }
      if (byte > 127 || at + remaining > length) break
      this.#tell(this.#rest.subarray(pos, at + remaining), at - pos, byte !== 0 || at - pos === 2)
      pos = at + remaining
    }
    this.#rest = this.#rest.subarray(pos)
  }
}
