import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { ByteSink } from './codec/publish-deliver.js'
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
  #closed = false
  /** Bytes handed to the stream since the connection was made. */
  bytesWritten = 0

  readonly #owner: WriterOwner

  constructor(stream: Duplex, flusher: Flusher, pool: OutputPool, owner: WriterOwner) {
    this.#owner = owner
    this.#stream = stream
    this.#flusher = flusher
    this.#pool = pool
    this.#copies = stream instanceof Socket && !(stream instanceof TLSSocket)
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

  write(bytes: Buffer): void {
    if (bytes.length > 32_768) {
      this.append(bytes)
      return
    }
    const at = this.reserve(bytes.length)
    this.buf.set(bytes, at)
  }

  /** The block must not change until it was sent. */
  append(block: Buffer): void {
    if (this.#closed) return
    this.#stream.cork()
    this.flush()
    this.#sent(block.length)
    this.#stream.write(block)
    this.#stream.uncork()
    if (this.#stream.writableLength > HIGH_WATER_MARK) this.#overflow()
  }

  flush(): void {
    this.#scheduled = false
    if (this.#pos === 0) return
    const { buf } = this
    const length = this.#pos
    this.buf = none
    this.#pos = 0
    if (this.#closed) return
    this.#sent(length)
    this.#stream.write(length === buf.length ? buf : buf.subarray(0, length))
    const waiting = this.#stream.writableLength
    if (waiting === 0 && this.#copies) this.#pool.give(buf)
    else if (waiting > HIGH_WATER_MARK) this.#overflow()
  }

  /** Sends what is there and half-closes; nothing can be written after it. */
  end(): void {
    this.flush()
    this.#closed = true
    this.#stream.end()
  }

  /** Nothing can be written any more. */
  close(): void {
    this.#closed = true
    this.buf = none
    this.#pos = 0
  }

  #sent(bytes: number): void {
    this.bytesWritten += bytes
    this.#owner.counters.bytesSent += bytes
  }

  #overflow(): void {
    if (!this.#owner.congested) this.#owner.overflowing()
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
      this.flush()
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
