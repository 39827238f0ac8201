import { defaultStack } from '../../lib/broker/default-stack.js'
import { encode } from '../../lib/codec/index.js'
import type { Packet, QoS, Stack, Version } from '../../lib/index.js'
import type { Case, Task } from './case.js'
import { FakeStream, Identifiers, TurnClock } from './fake-network.js'
import { connect, publish, subscribe, topic } from './frames.js'

/** Messages of a chunk. */
const batch = 500

/** All of the broker but the sockets: a chunk of PUBLISH comes in, bytes go out, acknowledgements come and go. */
export const brokerCases: readonly Case[] = [
  { name: 'broker/QoS 0, 64 B', prepare: () => relaying({ qos: 0 }) },
  { name: 'broker/QoS 0, 64 B, v5', prepare: () => relaying({ qos: 0, version: 5 }) },
  { name: 'broker/QoS 0, 64 B, from v3.1.1 to v5', prepare: () => relaying({ qos: 0, receiver: 5 }) },
  { name: 'broker/QoS 0, 1 KiB', prepare: () => relaying({ qos: 0, size: 1024 }) },
  { name: 'broker/QoS 0, 64 B, to 100 clients, each', prepare: () => relaying({ qos: 0, receivers: 100 }) },
  { name: 'broker/QoS 1, 64 B', prepare: () => relaying({ qos: 1 }) },
  { name: 'broker/QoS 2, 64 B', prepare: () => relaying({ qos: 2 }) }
]

interface Shape {
  readonly qos: QoS
  readonly size?: number
  /** Default: 4. */
  readonly version?: Version
  /** The version of the receivers. Default: that of the publisher. */
  readonly receiver?: Version
  readonly receivers?: number
}

async function relaying(shape: Shape): Promise<Task> {
  const { qos, size = 64, version = 4, receiver = version, receivers = 1 } = shape
  const clock = new TurnClock()
  const stack = await defaultStack({ clock }).start()
  const publisher = await join(stack, clock, 'publisher', version)
  const frame = encode(publish(qos, size), receiver)
  const streams: FakeStream[] = []
  const told: Identifiers[] = []
  for (let i = 0; i < receivers; i++) {
    const stream = await join(stack, clock, `receiver-${i}`, receiver)
    await ask(stream, clock, subscribe(1, qos), receiver)
    const identifiers = new Identifiers(batch, frame.length, headerSize(frame) + 2 + Buffer.byteLength(topic))
    if (qos > 0) stream.peer = chunk => identifiers.read(chunk)
    streams.push(stream)
    told.push(identifiers)
  }
  const chunk = publishes(shape, version)
  const releases = answers(0x62)
  const sent = () => streams.reduce((sum, { bytes }) => sum + bytes, publisher.bytes)
  const answerAll = (first: number) => {
    for (let i = 0; i < receivers; i++) streams[i]!.receive(told[i]!.answer(first))
    clock.turn()
  }
  // Of the broker towards the publisher: PUBACK, or PUBREC and PUBCOMP. Towards the receiver: PUBREL.
  const acknowledgements = [0, 4, 12][qos]!
  return {
    each: frame.length + acknowledgements,
    batch: batch * receivers,
    run(operations) {
      const before = sent()
      for (let left = operations; left > 0; left -= batch * receivers) {
        publisher.receive(chunk)
        clock.turn()
        if (qos === 1) answerAll(0x40)
        if (qos !== 2) continue
        answerAll(0x50)
        answerAll(0x70)
        publisher.receive(releases)
        clock.turn()
      }
      return sent() - before
    }
  }
}

/** A chunk of messages with identifiers of their own. */
function publishes({ qos, size = 64 }: Shape, version: Version): Buffer {
  const packet = publish(qos, size)
  return Buffer.concat(
    Array.from({ length: batch }, (_, i) => encode({ ...packet, messageId: qos && i + 1 }, version))
  )
}

function answers(first: number): Buffer {
  const all = new Identifiers(batch, 0, 0)
  for (let id = 1; id <= batch; id++) all.ids[all.count++] = id
  return all.answer(first)
}

/** One byte, and the remaining length. */
function headerSize(frame: Buffer): number {
  return frame[1]! < 128 ? 2 : 3
}

async function join(stack: Stack, clock: TurnClock, id: string, version: Version): Promise<FakeStream> {
  const stream = new FakeStream()
  // Comes from this machine: it needs no credentials.
  stack.handler()(stream, { local: true })
  await ask(stream, clock, connect(version, id), version)
  return stream
}

/** Sends a request and waits for its answer, for which the broker may take some turns. */
async function ask(stream: FakeStream, clock: TurnClock, packet: Packet, version: Version): Promise<void> {
  const before = stream.bytes
  stream.receive(encode(packet, version))
  for (let turns = 0; stream.bytes === before; turns++) {
    if (turns > 1000) throw new Error(`${packet.cmd} was not answered`)
    await new Promise(resolve => setImmediate(resolve))
    clock.turn()
  }
}
