import mqtt from 'mqtt-packet'
import type {
  Client,
  ConnackPacket,
  ConnectionInfo,
  MqttError,
  Packet,
  Session,
  Version
} from '../../lib/index.js'
import { cmds } from '../../lib/index.js'
import type { FakeStack } from './fake-stack.js'

/** A connection without a socket: `sent` is what the peer would have got, in order. */
export class FakeClient {
  readonly stack: FakeStack
  readonly slots: unknown[] = []
  readonly info: ConnectionInfo
  readonly sent: Array<Record<string, unknown>> = []
  state: 'new' | 'connected' | 'closing' | 'closed' = 'connected'
  id: string
  version: Version
  username: string | undefined = undefined
  session: Session | null = null
  keepalive = 0
  receiveMaximum = 65_535
  maximumPacketSize = 0xffff_ffff
  topicAliasMaximum = 0
  problemInformation = true
  connack: ConnackPacket | null = null
  aliases: unknown = null
  congested = false
  isHeld = false
  holds = 0
  connectedAt: number
  lastPacketAt: number
  halfPacketAt = 0
  closedBy: Error | null = null
  /** What close() was called with: a reason name, an error, or null. */
  closedWith: unknown
  buf = Buffer.alloc(1_000_000)
  readonly writer = {
    owner: this,
    get buf() {
      return this.owner.buf
    },
    reserve: (bytes: number) => {
      this.#flushLater(bytes)
      return this.#at(bytes)
    },
    append: (block: Buffer) => {
      block.copy(this.buf, this.#at(block.length))
    }
  }
  #pos = 0

  constructor(
    stack: FakeStack,
    options: Partial<Pick<FakeClient, 'id' | 'version' | 'state' | 'info'>> = {}
  ) {
    this.stack = stack
    this.id = options.id ?? 'c1'
    this.version = options.version ?? 5
    this.state = options.state ?? 'connected'
    this.info = options.info ?? {}
    this.connectedAt = this.lastPacketAt = stack.clock.now()
  }

  /** For the middleware's eyes. */
  get client(): Client {
    return this as unknown as Client
  }

  get isOpen(): boolean {
    return this.state === 'new' || this.state === 'connected'
  }

  /** The PUBLISH packets among what was sent, decoded by mqtt-packet. */
  get published(): mqtt.IPublishPacket[] {
    const parser = mqtt.parser({ protocolVersion: this.version })
    const packets: mqtt.IPublishPacket[] = []
    parser.on('packet', packet => packets.push(packet as mqtt.IPublishPacket))
    parser.on('error', err => {
      throw err
    })
    parser.parse(this.buf.subarray(0, this.#pos))
    return packets
  }

  now(): number {
    return this.stack.clock.now()
  }

  write(packet: Packet, done?: (err?: Error | null) => void): boolean {
    this.sent.push(packet as unknown as Record<string, unknown>)
    done?.(null)
    return !this.congested
  }

  acknowledge(first: number, messageId: number): void {
    this.sent.push({ cmd: cmds[first >> 4], messageId, reasonCode: 0 })
  }

  close(reason?: string | MqttError): void {
    if (!this.isOpen) return
    this.closedWith = reason ?? null
    this.closedBy = typeof reason === 'object' ? reason : null
    this.state = 'closing'
  }

  drop(err: Error): void {
    this.close(err as MqttError)
  }

  hold(): void {
    this.holds++
  }

  release(): void {
    this.holds--
  }

  emit(): void {}

  #at(bytes: number): number {
    const at = this.#pos
    this.#pos += bytes
    return at
  }

  #flushLater(bytes: number): void {
    if (this.#pos + bytes > this.buf.length) throw new Error('FakeClient: more than 1 MB was sent')
  }
}
