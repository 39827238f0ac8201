import { MqttError } from './errors.js'

/** Who gets the frames; false stops reading until resume(). */
export interface FrameSink {
  /** `start` is the fixed header, [bodyAt, end) is the rest. Throws only MqttError. */
  frame(buf: Buffer, start: number, bodyAt: number, end: number): boolean
  /** The peer broke the framing; nothing more is read. */
  broken(err: MqttError): void
}

const none = Buffer.alloc(0)

/**
 * Cuts a byte stream into packets. What is incomplete is kept as few bytes as possible, and a packet above the limit
 * is refused by its header before anything of it is buffered.
 */
export class FrameReader {
  readonly #sink: FrameSink
  /** The largest packet, in bytes, its header included. */
  limit: number
  /** Refuses a remaining length in more bytes than it needs, which only MQTT 5 forbids. */
  strict = false
  #parts: Buffer[] = []
  #have = 0
  /** Bytes from which on parsing can go on. */
  #need = 0
  /** Whole frames that wait for resume(). */
  #backlog: Buffer = none
  #stopped = false
  #closed = false
  #parsing = false
  /** The first packet has to be CONNECT [5.0 MQTT-3.1.0-1]; told by its first byte, before it is complete. */
  #first = true

  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink
    this.limit = limit
  }

  push(chunk: Buffer): void {
    if (this.#closed || chunk.length === 0) return
    if (this.#stopped || this.#parsing) {
      this.#backlog = this.#backlog.length === 0 ? chunk : Buffer.concat([this.#backlog, chunk])
      return
    }
    if (this.#have === 0) {
      this.#parse(chunk)
      return
    }
    this.#parts.push(chunk)
    this.#have += chunk.length
    if (this.#have < this.#need) return
    const whole = Buffer.concat(this.#parts, this.#have)
    this.#parts = []
    this.#have = 0
    this.#parse(whole)
  }

  /** Goes on after the sink returned false; true when everything there was has been read. */
  resume(): boolean {
    this.#stopped = false
    if (this.#parsing) return false
    const backlog = this.#backlog
    this.#backlog = none
    if (backlog.length > 0) this.push(backlog)
    return !this.#stopped
  }

  /** Drops what is there and ignores what comes. */
  close(): void {
    this.#closed = true
    this.#parts = []
    this.#have = 0
    this.#backlog = none
  }

  #parse(buf: Buffer): void {
    this.#parsing = true
    let pos = 0
    try {
      pos = this.#frames(buf)
    } catch (err) {
      this.#parsing = false
      this.close()
      this.#sink.broken(err as MqttError)
      return
    }
    this.#parsing = false
    if (this.#closed) return
    if (this.#stopped) {
      const rest = buf.subarray(pos)
      this.#backlog = this.#backlog.length === 0 ? rest : Buffer.concat([rest, this.#backlog])
      return
    }
    if (pos < buf.length) this.#keep(buf, pos)
    if (this.#backlog.length > 0) this.resume()
  }

  /** Hands out whole frames; returns where it stopped. */
  #frames(buf: Buffer): number {
    const { length } = buf
    let pos = 0
    while (pos < length && !this.#closed) {
      if (this.#first) this.#checkFirst(buf[pos]!)
      let at = pos + 1
      let remaining = 0
      let shift = 0
      let byte: number
      do {
        if (at >= length) {
          this.#need = at - pos + 1
          return pos
        }
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
      if (end > length) {
        this.#need = end - pos
        return pos
      }
      this.#first = false
      const goOn = this.#sink.frame(buf, pos, at, end)
      pos = end
      if (!goOn) {
        this.#stopped = true
        return pos
      }
    }
    return pos
  }

  #checkFirst(byte: number): void {
    if (byte >> 4 === 1) return
    throw new MqttError('ProtocolError', 'the first packet is not CONNECT [5.0 MQTT-3.1.0-1]')
  }

  /** A half packet: copied when it is a small part of the chunk, so that it does not hold the whole of it. */
  #keep(buf: Buffer, pos: number): void {
    const rest = buf.length - pos
    this.#parts.push(rest * 2 < buf.length ? Buffer.from(buf.subarray(pos)) : buf.subarray(pos))
    this.#have = rest
  }
}
