import mqtt from 'mqtt-packet'
import { decode, encode } from '../../lib/codec/index.js'
import { decodePublish, type PublishSource } from '../../lib/codec/publish-decode.js'
import { FrameReader, type FrameSink } from '../../lib/frame-reader.js'
import type { Version } from '../../lib/index.js'
import { TopicTable } from '../../lib/topics/index.js'
import type { Case, Task } from './case.js'
import { acks, connect, publishes, requests, type Sample } from './frames.js'

/** Frames of a chunk. */
const batch = 100

/** From the bytes of a chunk to packets, framing included: what Client does with it. */
export const readCases: readonly Case[] = [...publishes, ...acks, ...requests].flatMap(sample => [
  { name: `codec/read ${sample.title}`, prepare: () => reading(sample) },
  { name: `codec/read ${sample.title} (mqtt-packet)`, prepare: () => parsing(sample) }
])

class Reading implements FrameSink, PublishSource {
  readonly topics = new TopicTable(1)
  readonly aliases = null
  readonly version: Version
  read = 0

  constructor(version: Version) {
    this.version = version
  }

  now(): number {
    return Date.now()
  }

  frame(buf: Buffer, start: number, bodyAt: number, end: number): boolean {
    const first = buf[start]!
    if (first >> 4 === 3) this.read += decodePublish(buf, start, bodyAt, end, this).payloadLength
    else if (decode(first >> 4, first & 15, buf, bodyAt, end, this.version)) this.read++
    return true
  }

  broken(err: Error): void {
    throw err
  }
}

function reading(sample: Sample): Task {
  const chunk = chunkOf(sample)
  const sink = new Reading(sample.version)
  const reader = new FrameReader(sink, 1_048_576)
  // What comes first has to be this.
  reader.push(encode(connect(sample.version, 'reader'), sample.version))
  return {
    each: amount(sample.packet),
    batch,
    run(operations) {
      sink.read = 0
      for (let left = operations; left > 0; left -= batch) reader.push(chunk)
      return sink.read
    }
  }
}

function parsing(sample: Sample): Task {
  const chunk = chunkOf(sample)
  const parser = mqtt.parser({ protocolVersion: sample.version })
  let read = 0
  parser.on('error', err => {
    throw err
  })
  parser.on('packet', packet => {
    read += amount(packet)
  })
  return {
    each: amount(sample.packet),
    batch,
    run(operations) {
      read = 0
      for (let left = operations; left > 0; left -= batch) parser.parse(chunk)
      return read
    }
  }
}

function chunkOf({ packet, version }: Sample): Buffer {
  return Buffer.concat(new Array(batch).fill(encode(packet, version)))
}

/** The bytes of a payload; other packets count one each. */
function amount(packet: { cmd: string; payload?: { length: number } }): number {
  return packet.payload?.length ?? 1
}
