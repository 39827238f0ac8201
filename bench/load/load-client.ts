import { once } from 'node:events'
import net from 'node:net'
import { connect, type Level, timed } from './packets.js'

export interface Where {
  readonly port: number
  readonly host: string
}

/**
 * One MQTT client that is cheap: it counts what comes, acknowledges it with one write a chunk, and checks nothing.
 * Publisher and subscriber in one.
 */
export class LoadClient {
  /** Messages that came. */
  delivered = 0
  /** Messages of QoS 1 and 2 that were acknowledged in full. */
  acknowledged = 0
  /** Told after each chunk with messages or acknowledgements in it. */
  onProgress: ((delivered: number) => void) | null = null
  /** Told milliseconds that a message took, of those that have their send time with them. */
  onLatency: ((milliseconds: number) => void) | null = null
  readonly socket: net.Socket
  readonly #level: Level
  #rest: Buffer | null = null
  #answered: (() => void) | null = null
  #acks = Buffer.allocUnsafe(65_536)
  #acksAt = 0

  constructor(socket: net.Socket, level: Level) {
    this.socket = socket
    this.#level = level
    socket.on('data', (chunk: Buffer) => this.#data(chunk))
    socket.on('error', () => {})
  }

  static async open(where: Where, clientId: string, level: Level, kept = false): Promise<LoadClient> {
    const socket = net.connect({ ...where, noDelay: true })
    await once(socket, 'connect')
    const client = new LoadClient(socket, level)
    await client.request(connect(clientId, level, kept))
    return client
  }

  /** Sends a packet that the broker answers, with CONNACK or SUBACK. */
  request(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const closed = () => reject(new Error('the broker closed the connection'))
      this.socket.once('close', closed)
      this.#answered = () => {
        this.socket.off('close', closed)
        resolve()
      }
      this.socket.write(bytes)
    })
  }

  close(): void {
    this.onProgress = null
    this.socket.destroy()
  }

  #data(chunk: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    const [delivered, acknowledged] = [this.delivered, this.acknowledged]
    const at = this.#frames(bytes)
    this.#rest = at < bytes.length ? bytes.subarray(at) : null
    if (this.#acksAt > 0) {
      this.socket.write(Buffer.from(this.#acks.subarray(0, this.#acksAt)))
      this.#acksAt = 0
    }
    if (this.delivered > delivered || this.acknowledged > acknowledged) {
      this.onProgress?.(this.delivered - delivered)
    }
  }

  /** Where the first packet begins that is not whole. */
  #frames(bytes: Buffer): number {
    const { length } = bytes
    let at = 0
    while (at + 1 < length) {
      let body = at + 1
      let remaining = 0
      let digit = 128
      for (let shift = 0; digit > 127 && body < length; shift += 7) {
        digit = bytes[body++]!
        remaining |= (digit & 127) << shift
      }
      if (digit > 127 || body + remaining > length) return at
      this.#frame(bytes, at, body, body + remaining)
      at = body + remaining
    }
    return at
  }

  #frame(bytes: Buffer, at: number, body: number, end: number): void {
    const first = bytes[at]!
    switch (first >> 4) {
      case 3:
        this.#message(bytes, first, body, end)
        return
      case 4:
      case 7:
        this.acknowledged++
        return
      case 5:
        this.#answer(0x62, bytes, body)
        return
      case 6:
        this.#answer(0x70, bytes, body)
        return
      default: {
        const answered = this.#answered
        this.#answered = null
        answered?.()
      }
    }
  }

  #message(bytes: Buffer, first: number, body: number, end: number): void {
    this.delivered++
    const qos = (first >> 1) & 3
    let at = body + 2 + ((bytes[body]! << 8) | bytes[body + 1]!)
    if (qos > 0) {
      this.#answer(qos === 1 ? 0x40 : 0x50, bytes, at)
      at += 2
    }
    if (this.onLatency === null) return
    // Property lengths of more than a byte do not occur here.
    if (this.#level === 5) at += 1 + bytes[at]!
    if (end - at >= 9 && bytes[at] === timed) this.onLatency(performance.now() - bytes.readDoubleLE(at + 1))
  }

  #answer(first: number, bytes: Buffer, idAt: number): void {
    if (this.#acksAt + 4 > this.#acks.length) {
      this.#acks = Buffer.concat([this.#acks, Buffer.allocUnsafe(this.#acks.length)])
    }
    const acks = this.#acks
    acks[this.#acksAt++] = first
    acks[this.#acksAt++] = 2
    acks[this.#acksAt++] = bytes[idAt]!
    acks[this.#acksAt++] = bytes[idAt + 1]!
  }
}
