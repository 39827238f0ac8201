import { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'

/** RFC 6455, 7.4.1: data of a kind that is not accepted. */
const UNSUPPORTED_DATA = 1003

/**
 * A WebSocket as the byte stream MQTT wants. Frames and packets need not line up [5.0 MQTT-6.0.0-2]; a frame that
 * is not binary ends the connection [5.0 MQTT-6.0.0-1].
 */
export class WebSocketStream extends Duplex {
  readonly #socket: WebSocket
  #ended = false

  constructor(socket: WebSocket) {
    super({ autoDestroy: true, allowHalfOpen: false })
    this.#socket = socket
    socket.binaryType = 'nodebuffer'
    socket.on('message', (data, isBinary) => this.#message(data, isBinary))
    // What was received before is still read, as with a TCP socket: a DISCONNECT may be in it.
    socket.on('close', () => this.#end())
    socket.on('error', err => this.destroy(err))
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: string, done: (err?: Error | null) => void): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(chunk, { binary: true }, done)
    else done(new Error('the WebSocket is closed'))
  }

  override _final(done: (err?: Error | null) => void): void {
    this.#socket.close(1000)
    done()
  }

  override _destroy(err: Error | null, done: (err: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.CLOSED) this.#socket.terminate()
    done(err)
  }

  #message(data: RawData, isBinary: boolean): void {
    if (this.#ended) return
    if (!isBinary) {
      this.#socket.close(UNSUPPORTED_DATA, 'MQTT needs binary frames')
      this.#end()
      return
    }
    if (!this.push(data as Buffer)) this.#socket.pause()
  }

  #end(): void {
    if (!this.#ended) this.push(null)
    this.#ended = true
  }
}
