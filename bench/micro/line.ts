import { encode } from '../../lib/codec/index.js'
import type { Publish } from '../../lib/codec/publish.js'
import { type Client, type ForwardContext, type QoS, Session, Stack } from '../../lib/index.js'
import { MemoryBackend, OutboundManager } from '../../middlewares/index.js'
import type { Case, Task } from './case.js'
import { receive } from './codec-deliver.js'
import { FakeStream, Identifiers, TurnClock } from './fake-network.js'
import { connect, publish, topic } from './frames.js'

/** Messages of a turn, and of a window that is full. */
const batch = 100

/** The line of a session: a message is forwarded to it, goes out, and is acknowledged. */
export const lineCases: readonly Case[] = [
  { name: 'line/QoS 0: send', prepare: () => exchange(0, false) },
  { name: 'line/QoS 1: send, PUBACK', prepare: () => exchange(1, false) },
  { name: 'line/QoS 1: send, PUBACK, in the backend', prepare: () => exchange(1, true) },
  { name: 'line/QoS 2: send, PUBREC, PUBREL, PUBCOMP', prepare: () => exchange(2, false) },
  { name: 'line/QoS 2: send to PUBCOMP, in the backend', prepare: () => exchange(2, true) },
  { name: 'line/QoS 1: wait behind a full window, send, PUBACK', prepare: () => waiting(false) },
  { name: 'line/QoS 1: wait in the backend, send, PUBACK', prepare: () => waiting(true) }
]

/** A client that is connected to nothing but the sending side. */
class Line {
  readonly clock = new TurnClock()
  readonly stream = new FakeStream()
  readonly outbound = new OutboundManager()
  readonly stack = new Stack({ clock: this.clock }).use(this.outbound, new MemoryBackend())
  readonly packet: Publish
  readonly frameSize: number
  readonly received: Identifiers
  readonly session = new Session('receiver')
  client!: Client
  /** Answers are read before the next: one object for all. */
  readonly #ack = { cmd: 'puback' as 'puback' | 'pubrec' | 'pubcomp', messageId: 0, reasonCode: 0 }
  readonly #context: ForwardContext

  constructor(qos: QoS, persistent: boolean) {
    this.packet = receive(publish(qos, 64), 4)
    this.frameSize = encode(publish(qos, 64), 4).length
    this.received = new Identifiers(batch, this.frameSize, 4 + Buffer.byteLength(topic))
    if (qos > 0) this.stream.peer = chunk => this.received.read(chunk)
    this.session.expiryInterval = persistent ? 3600 : 0
    this.#context = {
      ...{ session: this.session, packet: this.packet, subscription: { qos, identifiers: null } },
      ...{ retain: false, publisher: null, group: null }
    }
  }

  /** Stands in for Connection and SessionManager. */
  async open(window = 65_535): Promise<this> {
    await this.stack.start()
    this.client = this.stack.handler()(this.stream)!
    this.client.state = 'connected'
    this.client.id = this.session.id
    this.client.receiveMaximum = window
    this.client.session = this.session
    this.session.client = this.client
    const packet = connect(4, this.session.id)
    this.outbound.clientConnected({ client: this.client, packet, sessionPresent: false })
    return this
  }

  forward(packet = this.packet): void {
    const context = packet === this.packet ? this.#context : { ...this.#context, packet }
    this.outbound.forwardMessage(context)
  }

  /** Answers all that came in the last turn. */
  answer(cmd: 'puback' | 'pubrec' | 'pubcomp'): void {
    const { ids, count } = this.received
    // From here on what comes is of the next turn.
    this.received.count = 0
    this.#ack.cmd = cmd
    for (let i = 0; i < count; i++) {
      this.#ack.messageId = ids[i]!
      this.outbound.handle(this.client, this.#ack)
    }
  }
}

async function exchange(qos: QoS, persistent: boolean): Promise<Task> {
  const line = await new Line(qos, persistent).open()
  const { clock, stream } = line
  return {
    each: line.frameSize + (qos === 2 ? 4 : 0),
    batch,
    run(operations) {
      const before = stream.bytes
      for (let left = operations; left > 0; left -= batch) {
        for (let i = 0; i < batch; i++) line.forward()
        clock.turn()
        if (qos === 1) line.answer('puback')
        if (qos !== 2) continue
        line.answer('pubrec')
        clock.turn()
        line.answer('pubcomp')
      }
      return stream.bytes - before
    }
  }
}

/** Each message waits until one before it is acknowledged. It is a message of its own: what waits is copied. */
async function waiting(persistent: boolean): Promise<Task> {
  const line = await new Line(1, persistent).open(batch)
  const { clock, stream } = line
  for (let i = 0; i < batch; i++) line.forward(line.packet.clone())
  clock.turn()
  return {
    each: line.frameSize,
    batch,
    run(operations) {
      const before = stream.bytes
      for (let left = operations; left > 0; left -= batch) {
        for (let i = 0; i < batch; i++) line.forward(line.packet.clone())
        line.answer('puback')
        clock.turn()
      }
      return stream.bytes - before
    }
  }
}
