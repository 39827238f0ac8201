import { MqttError, toError } from './errors.js'

/** Who gets the frames; false stops reading until resume(). */
export interface FrameSink {
  /** `start` is the fixed header, [bodyAt, end) is the rest. Throws an MqttError for what the peer did wrong. */
  frame(buf: Buffer, start: number, bodyAt: number, end: number): boolean
  /** The peer broke the framing, or frame() threw: whatever it threw. Nothing more is read. */
  broken(err: Error): void
}

const none = Buffer.alloc(0)

/**
 * Cuts a byte stream into packets. Of an incomplete packet no more is kept than twice what came of it, and one above
 * the limit is refused by its header before anything of it is buffered.
 */
export class FrameReader {
  readonly #sink: FrameSink
  /** The largest packet, in bytes, its header included. */
  limit: number
  /** Refuses a remaining length in more bytes than it needs, which only MQTT 5 forbids. */
  strict = false
  /** The start of a packet whose rest has not come, in memory of its own: `#have` bytes of it. */
  #half: Buffer = none
  #have = 0
  /** Bytes of it from which on more can be said; never less than `#half` has room for. */
  #need = 0
  /** What waits for resume(), and what comes while a packet is handled. */
  #input: Buffer = none
  #stopped = false
  #closed = false
  #reading = false
  /** The first packet has to be CONNECT [5.0 MQTT-3.1.0-1]; told by its first byte, before it is complete. */
  #first = true

  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink
    this.limit = limit
  }

  /** Whether a packet has begun and its rest has not come. */
  get hasHalf(): boolean {
    return this.#have > 0
  }

  push(chunk: Buffer): void {
    if (this.#closed || chunk.length === 0) return
    this.#input = joined(this.#input, chunk)
    if (!this.#stopped && !this.#reading) this.#read()
  }

  /** Goes on after the sink returned false; true when everything there was has been read. */
  resume(): boolean {
    this.#stopped = false
    if (this.#reading) return false
    this.#read()
    return !this.#stopped
  }

  /** Drops what is there and ignores what comes. */
  close(): void {
    this.#closed = true
    this.#half = none
    this.#have = 0
    this.#input = none
  }

  #read(): void {
    this.#reading = true
    try {
      while (this.#input.length > 0 && !this.#stopped) {
        const buf = this.#input
        this.#input = none
        const pos = this.#have > 0 ? this.#complete(buf) : this.#frames(buf)
        if (this.#closed) break
        if (pos < buf.length) this.#input = joined(buf.subarray(pos), this.#input)
      }
    } catch (thrown) {
      this.close()
      this.#sink.broken(toError(thrown))
    } finally {
      this.#reading = false
    }
  }

  /** Adds what the half packet lacks, and hands it out when it is whole. */
  #complete(buf: Buffer): number {
    const length = Math.min(this.#need - this.#have, buf.length)
    this.#reserve(this.#have + length)
    buf.copy(this.#half, this.#have, 0, length)
    this.#have += length
    if (this.#have === this.#need) {
      const half = this.#half
      this.#half = none
      this.#have = 0
      this.#frames(half)
    }
    return length
  }

  /** Hands out whole frames and keeps the start of the next; returns where it stopped. */
  #frames(buf: Buffer): number {
    const { length } = buf
    let pos = 0
    while (pos < length && !this.#closed && !this.#stopped) {
      if (this.#first) checkFirst(buf[pos]!)
      let at = pos + 1
      let remaining = 0
      let shift = 0
      let byte: number
      do {
        if (at >= length) return this.#keep(buf, pos, at - pos + 1)
        byte = buf[at++]!
        if (shift === 21 && byte > 127) {
          throw new MqttError('MalformedPacket', 'a remaining length has more than four bytes')
        }
        remaining |= (byte & 127) << shift
        shift += 7
      } while (byte > 127)
      if (byte === 0 && shift > 7 && this.strict) {
        throw new MqttError('MalformedPacket', 'a remaining length is longer than needed [5.0 MQTT-1.5.5-1]')
      }
      const end = at + remaining
      if (end - pos > this.limit) {
        throw new MqttError('PacketTooLarge', `a packet has ${end - pos} bytes, the limit is ${this.limit}`)
      }
      if (end > length) return this.#keep(buf, pos, end - pos)
      this.#first = false
      const goOn = this.#sink.frame(buf, pos, at, end)
      pos = end
      if (!goOn) this.#stopped = true
    }
    return pos
  }

  /** A half packet does not hold the chunk it came in: that may be large, or part of something larger. */
  #keep(buf: Buffer, pos: number, need: number): number {
    const rest = buf.length - pos
    this.#need = need
    if (buf.buffer.byteLength === rest) {
      this.#half = buf
    } else {
      this.#reserve(rest)
      buf.copy(this.#half, 0, pos)
    }
    this.#have = rest
    return buf.length
  }

  /** Doubles what it has, so that a packet that comes byte by byte costs neither time nor memory. */
  #reserve(bytes: number): void {
    const half = this.#half
    if (bytes <= half.length) return
    this.#half = Buffer.allocUnsafeSlow(Math.min(this.#need, Math.max(bytes, 2 * half.length)))
    half.copy(this.#half, 0, 0, this.#have)
  }
}

function checkFirst(byte: number): void {
  if (byte >> 4 === 1) return
  throw new MqttError('ProtocolError', 'the first packet is not CONNECT [5.0 MQTT-3.1.0-1]')
}

function joined(first: Buffer, second: Buffer): Buffer {
  if (first.length === 0) return second
  return second.length === 0 ? first : Buffer.concat([first, second])
}
