import mqtt from 'mqtt-packet'
import { levelOf, type Version } from '../version.js'
import { Frames } from './frames.js'

/** null: something that mqtt-packet cannot read. */
type Tell = (packet: mqtt.Packet | null) => void

/**
 * Follows what the client sends, to know what the broker owes. What a broker owes for bytes that are no MQTT is
 * the business of the case.
 */
export class Sent {
  readonly #frames: Frames
  readonly #reader: PacketReader
  readonly #tell: Tell

  constructor(version: Version, tell: Tell) {
    this.#reader = new PacketReader(levelOf(version))
    this.#tell = tell
    this.#frames = new Frames(frame => this.#frame(frame))
  }

  push(bytes: Buffer): void {
    this.#frames.push(bytes)
  }

  #frame(frame: Buffer): void {
    this.#tell(this.#reader.read(frame) ?? null)
  }
}

/** Reads single packets as mqtt-packet does; undefined for what it cannot read. */
export class PacketReader {
  readonly #level: number
  #found: mqtt.Packet | undefined
  #parser: mqtt.Parser | undefined

  constructor(level: number) {
    this.#level = level
  }

  read(frame: Buffer): mqtt.Packet | undefined {
    this.#found = undefined
    // After an error a parser is of no use any more.
    this.#parser ??= this.#created()
    try {
      this.#parser.parse(frame)
    } catch {
      this.#parser = undefined
    }
    return this.#found
  }

  #created(): mqtt.Parser {
    const parser = mqtt.parser({ protocolVersion: this.#level })
    parser.on('packet', packet => {
      this.#found ??= packet
    })
    parser.on('error', () => {
      this.#parser = undefined
    })
    return parser
  }
}
