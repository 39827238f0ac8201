import { cpSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type mqtt from 'mqtt-packet'
import type { Test } from 'tap'
import { type Broker, type BrokerOptions, createBroker } from '../../../lib/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'

type QoS = 0 | 1 | 2
type Version = 3 | 4 | 5

export interface Join extends Omit<Partial<mqtt.IConnectPacket>, 'protocolVersion'> {
  version?: Version
  /** Seconds. Default: for ever. */
  expiry?: number
}

/** A client that is connected, with what its CONNACK said. */
export type Joined = Peer & { present: boolean; connack: mqtt.IConnackPacket }

/** Turns of the event loop that a disk may take. */
const patience = 500_000

/** One ready broker after the other with the same data, on one clock that stands still. */
export class Restarts {
  readonly clock = new FakeClock()
  readonly errors: Error[] = []
  /** What was lost on purpose since the last start: `reason topic`. */
  dropped: string[] = []
  broker!: Broker
  options: BrokerOptions
  #data: string
  readonly #root: string
  #peers: Peer[] = []

  private constructor(root: string, options: BrokerOptions) {
    this.#root = root
    this.#data = join(root, 'data')
    this.options = options
  }

  static async begin(t: Test, options: BrokerOptions = {}): Promise<Restarts> {
    const restarts = new Restarts(t.testdir({}), options)
    await restarts.#start()
    t.teardown(() => restarts.#end())
    return restarts
  }

  /** Stops cleanly; some ms later the next broker starts. */
  async restart(ms = 0): Promise<void> {
    await this.#end()
    this.clock.advance(ms)
    await this.#start()
  }

  /** The process dies as things are; what it had written is what the next broker finds. */
  async crash(ms = 0): Promise<void> {
    const next = mkdtempSync(join(this.#root, 'crashed-'))
    cpSync(this.#data, next, { recursive: true })
    await this.#end()
    this.#data = next
    this.clock.advance(ms)
    await this.#start()
  }

  /** Connects to the session of an id, or makes it. */
  async join(clientId: string, { version = 5, expiry = 0xffff_ffff, ...rest }: Join = {}): Promise<Joined> {
    const peer = new Peer(this.broker.stack, version)
    peer.patience = patience
    this.#peers.push(peer)
    const properties = version === 5 ? { sessionExpiryInterval: expiry, ...rest.properties } : undefined
    const connack = await peer.connect({ clean: false, ...rest, clientId, ...(properties && { properties }) })
    return Object.assign(peer, { present: connack.sessionPresent, connack })
  }

  /** What was acknowledged by anybody so far is processed and written. */
  async settled(...peers: Peer[]): Promise<void> {
    for (const peer of peers) await pinged(peer)
    await this.broker.stack.execute('commit', {})
  }

  /** A publisher of its own publishes and gets all its acknowledgements. */
  async publish(topic: string, payloads: readonly string[], qos: QoS = 1, rest: object = {}): Promise<void> {
    const peer = await this.join('publisher', { clean: true, expiry: 0 })
    for (const [i, payload] of payloads.entries()) await acknowledged(peer, topic, payload, i + 1, qos, rest)
    peer.send({ cmd: 'disconnect' })
    await peer.end()
    await this.settled()
  }

  /** Moves the clock, and lets what became due happen. */
  async later(ms: number): Promise<void> {
    this.clock.advance(ms)
    await this.settled()
  }

  async #start(): Promise<void> {
    this.dropped = []
    this.broker = createBroker({ clock: this.clock, ...this.options, data: this.#data })
    this.broker.on('error', err => this.errors.push(err))
    this.broker.on('dropped', ({ reason, packet }) => this.dropped.push(`${reason} ${packet.topic}`))
    await this.broker.start()
  }

  async #end(): Promise<void> {
    // Half a pair does not see that the other half is gone: nobody would end the stop, whose clock stands still.
    const closing = this.broker.close()
    for (const peer of this.#peers) peer.cut()
    this.#peers = []
    await closing
  }
}

/** What this client has sent is processed; what comes meanwhile is left for others to take. */
async function pinged(peer: Peer): Promise<void> {
  peer.send({ cmd: 'pingreq' })
  for (;;) {
    const at = peer.packets.findIndex(({ cmd }) => cmd === 'pingresp')
    if (at >= 0) {
      peer.packets.splice(at, 1)
      return
    }
    await peer.something()
  }
}

/** Sends a message and takes what acknowledges it. */
async function acknowledged(
  peer: Peer,
  topic: string,
  payload: string,
  messageId: number,
  qos: QoS,
  rest: object
): Promise<void> {
  peer.send(publish(topic, payload, { qos, messageId, ...rest }))
  if (qos === 1) await peer.next('puback')
  if (qos < 2) return
  await peer.next('pubrec')
  peer.send({ cmd: 'pubrel', messageId })
  await peer.next('pubcomp')
}

/** A PUBLISH to send. */
export function publish(
  topic: string,
  payload: string,
  rest: Partial<mqtt.IPublishPacket> = {}
): mqtt.IPublishPacket {
  return { cmd: 'publish', topic, payload, qos: 1, messageId: 1, retain: false, dup: false, ...rest }
}

/** The next messages, as `id payload`, with `!` behind those that say they are sent again. */
export async function messages(peer: Peer, count: number): Promise<string[]> {
  const found: string[] = []
  for (let i = 0; i < count; i++) {
    const { messageId, payload, dup } = await peer.next('publish')
    found.push(`${messageId} ${payload}${dup ? '!' : ''}`)
  }
  return found
}

/** Takes so many messages and acknowledges them to the end; their payloads. */
export async function take(peer: Peer, count: number): Promise<string[]> {
  const found: string[] = []
  let open = 0
  while (found.length < count || open > 0) {
    while (peer.packets.length === 0) await peer.something()
    const packet = peer.packets.shift()!
    const messageId = (packet as { messageId?: number }).messageId!
    if (packet.cmd === 'pubrel') {
      open--
      peer.send({ cmd: 'pubcomp', messageId })
      continue
    }
    if (packet.cmd !== 'publish') throw new Error(`a message was expected, came ${JSON.stringify(packet)}`)
    found.push(`${packet.payload}`)
    if (packet.qos === 1) peer.send({ cmd: 'puback', messageId })
    if (packet.qos === 2) peer.send({ cmd: 'pubrec', messageId })
    if (packet.qos === 2) open++
  }
  return found
}
