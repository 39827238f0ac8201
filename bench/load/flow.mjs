import { once } from 'node:events'
import net from 'node:net'
import { connect, publish, subscribe } from './packets.mjs'

/** How many messages go out with one write, at most. */
const batchSize = 600

/**
 * One publisher and its subscribers, in a closed loop: no more than `window` messages are under way, so nothing has
 * to be dropped to look fast. Counts what arrives.
 */
export class Flow {
  delivered = 0
  #sent = 0
  #arrived = 0
  #batches = []
  #next = 0
  #publisher = null
  #running = true
  #sockets = []

  constructor({ port, name, qos = 0, version = 4, window = 4000, subscribers = 1, size = 64 }) {
    Object.assign(this, { port, name, qos, version, window, subscribers, size, topic: `bench/topic/${name}` })
    this.batch = Math.max(1, Math.min(batchSize, Math.floor(window / 4)))
    this.frame = publish(this.topic, qos, 1, size, version).length
  }

  async open() {
    for (let i = 0; i < this.subscribers; i++) await this.#subscribe(i)
    this.#publisher = await this.#connect(`p-${this.name}`)
    this.#publisher.on('data', () => {})
    this.#prepare()
  }

  start() {
    while (this.#running && this.#sent - this.#arrived + this.batch <= this.window) {
      this.#publisher.write(this.#batches[this.#next++ % this.#batches.length])
      this.#sent += this.batch
    }
  }

  stop() {
    this.#running = false
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Encoded once. QoS 1 needs identifiers that are free again when they come round. */
  #prepare() {
    const rows = this.qos === 0 ? 1 : Math.floor(65_535 / this.batch)
    let messageId = 0
    for (let row = 0; row < rows; row++) {
      const frames = Array.from({ length: this.batch }, () =>
        publish(this.topic, this.qos, ++messageId, this.size, this.version)
      )
      this.#batches.push(Buffer.concat(frames))
    }
  }

  async #connect(clientId) {
    const socket = net.connect({ port: this.port, host: '127.0.0.1', noDelay: true })
    this.#sockets.push(socket)
    await once(socket, 'connect')
    socket.write(connect(clientId, this.version))
    await once(socket, 'data')
    return socket
  }

  async #subscribe(i) {
    const socket = await this.#connect(`s-${this.name}-${i}`)
    socket.write(subscribe(this.topic, this.qos, this.version))
    await once(socket, 'data')
    let rest = Buffer.alloc(0)
    let bytes = 0
    socket.on('data', chunk => {
      let count
      if (this.qos === 0) {
        // All frames have one size: counting bytes is enough.
        bytes += chunk.length
        count = Math.floor(bytes / this.frame)
        bytes -= count * this.frame
      } else {
        const all = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
        count = Math.floor(all.length / this.frame)
        socket.write(this.#acknowledge(all, count))
        rest = all.subarray(count * this.frame)
      }
      this.delivered += count
      if (i > 0) return
      this.#arrived += count
      this.start()
    })
  }

  #acknowledge(frames, count) {
    const acks = Buffer.allocUnsafe(count * 4)
    const idAt = (this.frame > 129 ? 3 : 2) + 2 + this.topic.length
    for (let i = 0; i < count; i++) {
      const at = i * this.frame + idAt
      acks[i * 4] = 0x40
      acks[i * 4 + 1] = 2
      acks[i * 4 + 2] = frames[at]
      acks[i * 4 + 3] = frames[at + 1]
    }
    return acks
  }
}
