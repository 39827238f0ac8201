import { type Duplex, duplexPair } from 'node:stream'
import mqtt from 'mqtt-packet'
import type { Client, ConnectionInfo, Stack } from '../../lib/index.js'

type Wanted = mqtt.Packet['cmd']

/**
 * An MQTT client on a byte stream, made of mqtt-packet: an independent codec. It checks nothing and sends whatever it
 * is told, also bytes that are no MQTT.
 */
export class Peer {
  readonly stream: Duplex
  /** What the broker's end sees. */
  readonly client: Client | null
  /** All that came and was not taken by next(). */
  readonly packets: mqtt.Packet[] = []
  /** All bytes that came. */
  bytes = Buffer.alloc(0)
  ended = false
  /** How many turns of the event loop it waits; Infinity when the broker is in another process. */
  patience = 2000
  readonly #version: number
  readonly #parser: mqtt.Parser
  #wake: Array<() => void> = []

  constructor(stack: Stack, version: 3 | 4 | 5 = 5, info: ConnectionInfo = { local: true }) {
    const [near, far] = duplexPair()
    this.#version = version
    this.stream = near
    this.#parser = mqtt.parser({ protocolVersion: version })
    this.#parser.on('packet', packet => this.packets.push(packet))
    near.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk])
      this.#parser.parse(chunk)
      this.#woken()
    })
    near.on('end', () => {
      near.end()
      this.#ended()
    })
    near.on('close', () => this.#ended())
    near.on('error', () => {})
    this.client = stack.handler()(far, info)
  }

  /** Sends packets in one write. */
  send(...packets: mqtt.Packet[]): void {
    const options = { protocolVersion: this.#version }
    this.raw(Buffer.concat(packets.map(packet => mqtt.generate(packet, options))))
  }

  raw(bytes: Buffer | readonly number[] | string): void {
    const chunk =
      typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : Buffer.from(bytes)
    if (!this.stream.destroyed) this.stream.write(chunk)
  }

  /** Sends CONNECT and takes the CONNACK. */
  async connect(options: Partial<mqtt.IConnectPacket> = {}): Promise<mqtt.IConnackPacket> {
    this.send({
      cmd: 'connect',
      protocolId: this.#version === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: this.#version as 3 | 4 | 5,
      clean: true,
      keepalive: 0,
      clientId: 'peer',
      ...options
    } as mqtt.IConnectPacket)
    return this.next('connack')
  }

  /** The next packet, which has to be of this kind; fails when the connection ends first. */
  async next<C extends Wanted>(cmd: C): Promise<Extract<mqtt.Packet, { cmd: C }>> {
    while (this.packets.length === 0) {
      if (this.ended) throw new Error(`the connection ended, ${cmd} was expected`)
      await this.something()
    }
    const packet = this.packets.shift()!
    if (packet.cmd !== cmd) throw new Error(`${cmd} was expected, came ${JSON.stringify(packet)}`)
    return packet as Extract<mqtt.Packet, { cmd: C }>
  }

  /** Subscribes and takes the SUBACK. */
  async subscribe(
    topic: string,
    options: Partial<mqtt.ISubscription> = {},
    properties?: mqtt.ISubscribePacket['properties']
  ): Promise<mqtt.ISubackPacket> {
    const subscription = { topic, qos: 0 as const, ...options }
    this.send({
      cmd: 'subscribe',
      messageId: 60_000,
      subscriptions: [subscription],
      ...(properties && { properties })
    })
    return this.next('suback')
  }

  /** Proof that nothing else came: the answer to a ping has to be the next packet. */
  async nothing(): Promise<void> {
    this.send({ cmd: 'pingreq' })
    await this.next('pingresp')
  }

  /** Resolves when the broker has ended the connection. */
  async end(): Promise<void> {
    while (!this.ended) await this.something()
  }

  /** Resolves when bytes came or the connection ended; fails when the event loop went round and nothing did. */
  something(patience = this.patience): Promise<void> {
    return new Promise((resolve, reject) => {
      if (patience === Number.POSITIVE_INFINITY) {
        this.#wake.push(resolve)
        return
      }
      let turns = 0
      const look = () => {
        if (++turns > patience) reject(new Error('nothing came, and the connection is open'))
        else timer = setImmediate(look)
      }
      let timer = setImmediate(look)
      this.#wake.push(() => {
        clearImmediate(timer)
        resolve()
      })
    })
  }

  /** The network breaks: no DISCONNECT. */
  cut(): void {
    this.stream.destroy()
    // The other half of a pair does not see it by itself.
    this.client?.destroy()
  }

  #ended(): void {
    this.ended = true
    this.#woken()
  }

  #woken(): void {
    const wake = this.#wake
    this.#wake = []
    for (const go of wake) go()
  }
}
