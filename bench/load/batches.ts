import { type PublishShape, publish, timed } from './packets.js'

/** Identifiers that a publisher may have under way at a time. */
const identifiers = 65_535

interface Batch {
  readonly bytes: Buffer
  /** Where the send time of the first message goes; -1: there is no room for one. */
  readonly timeAt: number
}

/**
 * What a publisher sends, encoded once: batches of messages over its topics, in turn. With QoS 1 and 2 as many of them
 * as there are packet identifiers, so that one comes round when it is free again.
 */
export class Batches {
  readonly size: number
  readonly #batches: Batch[] = []
  #next = 0

  constructor(topics: readonly string[], shape: Omit<PublishShape, 'topic'>, size: number) {
    this.size = size
    const rows = shape.qos === 0 ? Math.ceil(topics.length / size) : Math.floor(identifiers / size)
    let messageId = 0
    let topic = 0
    for (let row = 0; row < rows; row++) {
      const frames = Array.from({ length: size }, () =>
        publish({ ...shape, topic: topics[topic++ % topics.length]! }, ++messageId)
      )
      this.#batches.push(withTime(Buffer.concat(frames), frames[0]!.length - shape.size, shape.size))
    }
  }

  /** The next batch, with the present time in its first message. */
  next(): Buffer {
    const { bytes, timeAt } = this.#batches[this.#next++ % this.#batches.length]!
    if (timeAt >= 0) bytes.writeDoubleLE(performance.now(), timeAt)
    return bytes
  }
}

function withTime(bytes: Buffer, payloadAt: number, size: number): Batch {
  if (size < 9) return { bytes, timeAt: -1 }
  bytes[payloadAt] = timed
  return { bytes, timeAt: payloadAt + 1 }
}
