import { Duplex } from 'node:stream'

/** A stream that takes what is written only when a test says so; it keeps what it was given, not a copy. */
export class SlowStream extends Duplex {
  /** All chunks that reached it. */
  readonly taken: Buffer[] = []
  /** Calls of _write and _writev: what would be a system call. */
  calls = 0
  /** Thrown by the next write. */
  fault: Error | null = null
  ended = false
  #slow: boolean
  #waiting: (() => void) | null = null

  constructor(slow = true) {
    super()
    this.#slow = slow
  }

  get bytes(): Buffer {
    return Buffer.concat(this.taken)
  }

  /** Takes everything that waits, and all that comes later. */
  drain(): void {
    this.#slow = false
    this.#waiting?.()
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take([chunk], done)
  }

  override _writev(chunks: Array<{ chunk: Buffer }>, done: () => void): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      done
    )
  }

  override _final(done: () => void): void {
    this.ended = true
    done()
  }

  #take(chunks: Buffer[], done: () => void): void {
    const { fault } = this
    this.fault = null
    if (fault) throw fault
    this.calls++
    this.taken.push(...chunks)
    if (!this.#slow) {
      done()
      return
    }
    this.#waiting = () => {
      this.#waiting = null
      done()
    }
  }
}
