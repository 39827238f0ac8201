const small = 4096
const big = 65_536
/** What waits for the next turn, at most: 16 MiB of each. A message to thousands of clients takes a small one for each. */
const smallKept = 4096
const bigKept = 256

/** Output buffers of two sizes, shared by all connections of a stack: an idle connection has none. */
export class OutputPool {
  readonly #small: Buffer[] = []
  readonly #big: Buffer[] = []

  /** A buffer for at least so many bytes. */
  take(bytes: number): Buffer {
    if (bytes <= small) return this.#small.pop() ?? Buffer.allocUnsafeSlow(small)
    if (bytes <= big) return this.#big.pop() ?? Buffer.allocUnsafeSlow(big)
    return Buffer.allocUnsafeSlow(bytes)
  }

  /** Of the larger size or above it: goes out instead of being exchanged for a larger one. */
  static isBig(buf: Buffer): boolean {
    return buf.length >= big
  }

  /** Only when nobody reads from it any more. */
  give(buf: Buffer): void {
    if (buf.length === small && this.#small.length < smallKept) this.#small.push(buf)
    else if (buf.length === big && this.#big.length < bigKept) this.#big.push(buf)
  }
}
