import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ByteSink } from './codec/publish-deliver.js'
import { toError } from './errors.js'
import type { Flusher } from './flusher.js'
import { OutputPool } from './output-pool.js'

const none = Buffer.alloc(0)

/** Whom a writer tells that its peer does not keep up. */
export interface WriterOwner {
  congested: boolean
  readonly counters: { bytesSent: number }
  overflowing(): void
}

/** Bytes that may wait for a peer before its publishers are slowed down. */
export const HIGH_WATER_MARK = 262_144

/**
 * The sending half of a connection. Packets are appended to one buffer that goes out with one write at the end of
 * the turn: a system call for many packets instead of one for each.
 */
export class Writer implements ByteSink {
  readonly #stream: Duplex
  readonly #flusher: Flusher
  readonly #pool: OutputPool
  /** A plain socket copies into the kernel: what it took at once can be used again. */
  readonly #copies: boolean
  buf: Buffer = none
  #pos = 0
  #scheduled = false
  #untold = false
  #closed = false
  /** Buffers that the kernel did not take at once; they come back when it has taken everything. */
  #lent: Buffer[] | null = null
  readonly #sent = () => this.#takeBack()
  /** Bytes handed to the stream since the connection was made. */
  bytesWritten = 0

  readonly #owner: WriterOwner

  constructor(stream: Duplex, flusher: Flusher, pool: OutputPool, owner: WriterOwner) {
    this.#owner = owner
    this.#stream = stream
    this.#flusher = flusher
    this.#pool = pool
    // Not of a subclass: TLS encrypts later, and who knows what others keep.
    this.#copies = stream.constructor === Socket
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Bytes that wait for the peer to read. */
  get pending(): number {
    return this.#stream.writableLength + this.#pos
  }

  reserve(bytes: number): number {
    const at = this.#pos
    if (at + bytes > this.buf.length) return this.#grow(bytes)
    this.#pos = at + bytes
    if (!this.#scheduled) this.#schedule()
    return at
  }

  /** The block must not change until it was sent. */
  append(block: Buffer): void {
    if (this.#closed) return
    this.#stream.cork()
    // Nobody is told between the two, who might write something else there.
    this.#empty()
    this.#send(block)
    try {
      this.#stream.uncork()
    } catch (thrown) {
      this.#failed(thrown)
    }
    this.#watch()
  }

  flush(): void {
    this.#scheduled = false
    if (this.#pos === 0) return
    this.#empty()
    this.#watch()
  }

  /** Sends what is there and half-closes; nothing can be written after it. */
  end(): void {
    this.#scheduled = false
    this.#empty()
    this.#closed = true
    try {
      this.#stream.end()
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  /** Nothing can be written any more. */
  close(): void {
    this.#closed = true
    this.#lent = null
    this.#pool.give(this.buf)
    this.buf = none
    this.#pos = 0
  }

  /** Hands what there is to the stream and sees to it that no large buffer waits there for a few bytes. */
  #empty(): void {
    const { buf } = this
    const length = this.#pos
    this.buf = none
    this.#pos = 0
    if (length === 0) return
    if (this.#closed) {
      this.#pool.give(buf)
      return
    }
    const atOnce = this.#copies && this.#stream.writableLength === 0
    if (!atOnce && length * 2 < buf.length) {
      this.#send(Buffer.from(buf.subarray(0, length)))
      this.#pool.give(buf)
      return
    }
    this.#send(length === buf.length ? buf : buf.subarray(0, length))
    if (!this.#copies) return
    if (atOnce && this.#stream.writableLength === 0) this.#pool.give(buf)
    else if (!this.#closed) this.#lend(buf)
  }

  #lend(buf: Buffer): void {
    this.#lent ??= []
    this.#lent.push(buf)
  }

  /** Told of each write that is through; those at the end of a turn are many, and nothing is lent then. */
  #takeBack(): void {
    if (this.#lent === null || this.#closed || this.#stream.writableLength > 0) return
    for (const buf of this.#lent) this.#pool.give(buf)
    this.#lent = null
  }

  /** A stream that throws ends its own connection and not the turn of whoever wrote to it. */
  #send(bytes: Buffer): void {
    this.bytesWritten += bytes.length
    this.#owner.counters.bytesSent += bytes.length
    try {
      this.#stream.write(bytes, this.#sent)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  #failed(thrown: unknown): void {
    this.#closed = true
    this.#stream.destroy(toError(thrown))
  }

  /** Sees whether the peer keeps up; between packets only, as whoever is told may write. */
  #watch(): void {
    const told = this.#owner.congested && !this.#untold
    this.#untold = false
    if (!told && !this.#closed && this.#stream.writableLength > HIGH_WATER_MARK) this.#owner.overflowing()
  }

  #schedule(): void {
    this.#scheduled = true
    this.#flusher.add(this)
  }

  /** A small buffer is exchanged for a big one; a big one goes out and another takes its place. */
  #grow(bytes: number): number {
    const { buf } = this
    const length = this.#pos
    if (length > 0 && OutputPool.isBig(buf)) {
      this.#empty()
      // Loops that send until it is congested have to see it now; it is told when the packet is complete.
      const over = this.#stream.writableLength > HIGH_WATER_MARK
      if (over && !this.#owner.congested) this.#owner.congested = this.#untold = true
      return this.reserve(bytes)
    }
    this.buf = this.#pool.take(length + bytes)
    if (length > 0) {
      this.buf.set(buf.subarray(0, length))
      this.#pool.give(buf)
    }
    this.#pos = length + bytes
    if (!this.#scheduled) this.#schedule()
    return length
  }
}
