import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Clock, Timer } from '../../lib/index.js'

/** A connection without a network: it takes all that is written at once, like a socket whose peer keeps up. */
export class FakeStream extends Duplex {
  /** What came out, by count. */
  bytes = 0
  /** Sees what comes out before its memory is used again. */
  peer: ((chunk: Buffer) => void) | null = null

  constructor() {
    super()
    // Buffers are used again after they went to a plain socket: what is measured is to be the same here.
    Object.defineProperty(this, 'constructor', { value: Socket })
  }

  /** A chunk comes from the network. */
  receive(chunk: Buffer): void {
    this.emit('data', chunk)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take(chunk)
    done()
  }

  override _writev(chunks: Array<{ chunk: Buffer }>, done: () => void): void {
    for (const { chunk } of chunks) this.#take(chunk)
    done()
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length
    this.peer?.(chunk)
  }
}

const never: Timer = { cancel() {} }

/** The turns of the event loop are over when turn() is called, and no timer ever fires: a run is one piece. */
export class TurnClock implements Clock {
  #due: Array<() => void> = []
  #spare: Array<() => void> = []

  now(): number {
    return Date.now()
  }

  after(): Timer {
    return never
  }

  every(): Timer {
    return never
  }

  defer(callback: () => void): void {
    this.#due.push(callback)
  }

  turn(): void {
    while (this.#due.length > 0) {
      const due = this.#due
      this.#due = this.#spare
      this.#spare = due
      for (let i = 0; i < due.length; i++) due[i]!()
      due.length = 0
    }
  }
}

/** What a peer remembers of the packets that came in a turn: their identifiers, to answer them. */
export class Identifiers {
  readonly ids: Uint16Array
  count = 0
  readonly #frameSize: number
  readonly #idAt: number
  readonly #answers: Buffer

  /** `most`: in a turn. PUBLISH frames are all of one size and have their identifier at `idAt`. */
  constructor(most: number, frameSize: number, idAt: number) {
    this.ids = new Uint16Array(most)
    this.#answers = Buffer.alloc(4 * most)
    this.#frameSize = frameSize
    this.#idAt = idAt
  }

  /** A chunk of whole packets, all PUBLISH or all acknowledgements. */
  read(chunk: Buffer): void {
    const isPublish = chunk[0]! >> 4 === 3
    const size = isPublish ? this.#frameSize : 4
    let at = isPublish ? this.#idAt : 2
    for (; at < chunk.length; at += size) this.ids[this.count++] = (chunk[at]! << 8) | chunk[at + 1]!
  }

  /** Acknowledgements of all that was read, in one chunk; `first` is the first byte of each. */
  answer(first: number): Buffer {
    const buf = this.#answers
    for (let i = 0, at = 0; i < this.count; i++, at += 4) {
      const id = this.ids[i]!
      buf[at] = first
      buf[at + 1] = 2
      buf[at + 2] = id >> 8
      buf[at + 3] = id & 255
    }
    const chunk = buf.subarray(0, this.count * 4)
    this.count = 0
    return chunk
  }
}
