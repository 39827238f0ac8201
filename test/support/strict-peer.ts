import type mqtt from 'mqtt-packet'
import type { ConnectionInfo, Stack } from '../../lib/index.js'
import { turn } from './fake-clock.js'
import { Frames } from './frames.js'
import { Peer } from './peer.js'
import { WireCheck } from './wire-check.js'

/** A Peer that judges every byte it gets: see `violations`. */
export class StrictPeer extends Peer {
  readonly version: 3 | 4 | 5
  readonly check: WireCheck
  /** Sends no acknowledgements by itself, but what it sent frees identifiers. */
  readonly #sent = new Frames((frame, bodyAt) => this.#told(frame, bodyAt))

  constructor(stack: Stack, version: 3 | 4 | 5 = 5, info?: ConnectionInfo) {
    super(stack, version, info)
    this.version = version
    this.check = new WireCheck(version)
    this.stream.on('data', (chunk: Buffer) => this.check.push(chunk))
  }

  get violations(): readonly string[] {
    return this.check.violations
  }

  override raw(bytes: Buffer | readonly number[] | string): void {
    super.raw(bytes)
    if (typeof bytes !== 'string') this.#sent.push(Buffer.from(bytes))
  }

  override connect(options: Partial<mqtt.IConnectPacket> = {}): Promise<mqtt.IConnackPacket> {
    const { properties } = options
    const { limits } = this.check
    limits.maximumPacketSize = properties?.maximumPacketSize ?? limits.maximumPacketSize
    limits.receiveMaximum = properties?.receiveMaximum ?? limits.receiveMaximum
    limits.topicAliasMaximum = properties?.topicAliasMaximum ?? 0
    limits.problemInformation = properties?.requestProblemInformation !== false
    return super.connect(options)
  }

  /** The network breaks, and the broker has seen it. */
  async lost(): Promise<void> {
    this.cut()
    await turn()
  }

  /** Waits for the end of the connection and says what came last: `connack 85`, `disconnect 82`, or `closed`. */
  async ending(): Promise<string> {
    await this.end()
    const last = this.packets.shift()
    const more = this.packets.splice(0)
    if (more.length > 0)
      throw new Error(`more than one packet before the end: ${JSON.stringify([last, ...more])}`)
    if (!last) return 'closed'
    const { reasonCode = 0, returnCode = 0 } = last as { reasonCode?: number; returnCode?: number }
    return `${last.cmd} ${(reasonCode || returnCode).toString(16).padStart(2, '0')}`
  }

  /** The next packet, whatever it is. */
  async any(): Promise<mqtt.Packet> {
    while (this.packets.length === 0) {
      if (this.ended) throw new Error('the connection ended')
      await this.something()
    }
    return this.packets.shift()!
  }

  /** The payloads of the messages that come until the answer to a ping. */
  async payloads(): Promise<string[]> {
    return (await this.messages()).map(({ payload }) => payload.toString())
  }

  /** The messages that come until the answer to a ping. */
  async messages(): Promise<mqtt.IPublishPacket[]> {
    this.send({ cmd: 'pingreq' })
    const found: mqtt.IPublishPacket[] = []
    for (;;) {
      const packet = await this.any()
      // All at once: a shift() each would be slow for tens of thousands.
      const others = packet.cmd === 'publish' ? this.packets.findIndex(({ cmd }) => cmd !== 'publish') : 0
      const more = this.packets.splice(0, others === -1 ? this.packets.length : others)
      for (const one of [packet, ...more]) {
        if (one.cmd === 'pingresp') return found
        if (one.cmd !== 'publish') throw new Error(`a message was expected, came ${JSON.stringify(one)}`)
        found.push(one)
      }
    }
  }

  /** Publishes and takes the acknowledgements; the reason code of the first. */
  async publish(
    topic: string,
    payload: string | Buffer = 'x',
    options: Partial<mqtt.IPublishPacket> = {}
  ): Promise<number> {
    const { qos = 0, messageId = 1 } = options
    const id = qos > 0 ? { messageId } : {}
    this.send({ cmd: 'publish', topic, payload, retain: false, dup: false, ...options, qos, ...id })
    if (qos === 0) {
      await turn()
      return 0
    }
    if (qos === 1) return (await this.next('puback')).reasonCode ?? 0
    const { reasonCode = 0 } = await this.next('pubrec')
    if (reasonCode >= 0x80) return reasonCode
    this.send({ cmd: 'pubrel', messageId })
    await this.next('pubcomp')
    return reasonCode
  }

  #told(frame: Buffer, bodyAt: number): void {
    const type = frame[0]! >> 4
    if (frame.length < bodyAt + 2) return
    const id = frame.readUInt16BE(bodyAt)
    const failed = (frame[bodyAt + 2] ?? 0) >= 0x80
    if (type === 4 || type === 7 || (type === 5 && failed)) this.check.open.delete(id)
    if (type === 8 || type === 10) this.check.asked.set(id, this.#filters(frame.subarray(bodyAt + 2), type))
  }

  #filters(body: Buffer, type: number): number {
    let at = this.version === 5 ? 1 + body[0]! : 0
    let count = 0
    for (; at + 2 <= body.length; count++) at += 2 + body.readUInt16BE(at) + (type === 8 ? 1 : 0)
    return count
  }
}
