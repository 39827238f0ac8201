import type mqtt from 'mqtt-packet'
import type { ConnectionInfo, Stack } from '../../lib/index.js'
import { Watch } from '../../spec-suite/protocol/wire/watch.js'
import { turn } from './fake-clock.js'
import { Peer } from './peer.js'

/** A Peer that judges every byte it gets: see `violations`. */
export class StrictPeer extends Peer {
  readonly version: 3 | 4 | 5
  readonly check: Watch

  constructor(stack: Stack, version: 3 | 4 | 5 = 5, info?: ConnectionInfo) {
    super(stack, version, info)
    this.version = version
    this.check = new Watch(version === 5 ? '5.0' : '3.1.1', () => {})
    this.stream.on('data', (chunk: Buffer) => this.check.received(chunk))
  }

  get violations(): string[] {
    return this.check.violations.map(({ text, ids }) => `${text} [${ids}]`)
  }

  override raw(bytes: Buffer | readonly number[] | string): void {
    if (typeof bytes !== 'string') this.check.sent(Buffer.from(bytes))
    super.raw(bytes)
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
}
