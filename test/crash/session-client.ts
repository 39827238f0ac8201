import { connect, type Socket } from 'node:net'
import mqtt from 'mqtt-packet'
import type { Ledger, Message } from './ledger.js'
import type { Report } from './report.js'

/** A message under way to the broker: PUBLISH is what to send again, or, after PUBREC, PUBREL. */
interface Sending {
  readonly message: Message
  released: boolean
}

/** What a SUBSCRIBE or UNSUBSCRIBE waits for. */
interface Asked {
  readonly messageId: number
  readonly answered: (codes: readonly number[]) => void
}

export interface ClientOptions {
  readonly version: 4 | 5
  /** Of MQTT 5; Infinity for what the protocol has. */
  readonly receiveMaximum?: number
  /** The session ends with the connection. */
  readonly clean?: boolean
  readonly will?: NonNullable<mqtt.IConnectPacket['will']>
}

/** Everything clients share. */
export interface World {
  readonly ledger: Ledger
  readonly report: Report
}

/**
 * A client as the specification wants it: it keeps what is under way in both directions over all connections and
 * sends it again, in order, with DUP, and it takes for acknowledged what it has read the acknowledgement of.
 */
export class SessionClient {
  readonly id: string
  readonly options: ClientOptions
  readonly world: World
  /** CONNACK was read and the connection stands. */
  connected = false
  /** A CONNACK was read once: the session is there. */
  established = false
  /** Whoever wants to know of messages. */
  onMessage: (packet: mqtt.IPublishPacket) => void = () => {}
  onConnected: () => void = () => {}
  /** The broker said no to a message, which is not under way any more. */
  onRefused: (message: Message, reasonCode: number) => void
  /** It said no to the whole connection: in CONNACK, or in DISCONNECT. */
  onRejected: (cmd: 'connack' | 'disconnect', code: number) => void
  /** Keeps back acknowledgements, as a client does that works on something. */
  holding = false
  /** By packet identifier, in the order of their first sending. */
  readonly sending = new Map<number, Sending>()
  /** QoS 2 messages that were taken and await their PUBREL. */
  readonly #taken = new Set<number>()
  #held: mqtt.Packet[] = []
  #asked: Asked | null = null
  #socket: Socket | null = null
  #gone: Promise<void> = Promise.resolve()

  constructor(world: World, id: string, options: ClientOptions) {
    this.world = world
    this.id = id
    this.options = options
    this.onRefused = ({ key }, reasonCode) =>
      world.report.wrong('refused', `${key} with 0x${reasonCode.toString(16)}`)
    this.onRejected = (cmd, code) => world.report.wrong('broker', `${id} got ${cmd} 0x${code.toString(16)}`)
  }

  /** Neither connected nor on the way to it. */
  get idle(): boolean {
    return this.#socket === null
  }

  /** Waits for the answer to a SUBSCRIBE or UNSUBSCRIBE. */
  get asking(): boolean {
    return this.#asked !== null
  }

  open(port: number): void {
    const socket = connect(port, '127.0.0.1')
    this.#socket = socket
    this.world.report.connections++
    const parser = mqtt.parser({ protocolVersion: this.options.version })
    parser.on('packet', (packet: mqtt.Packet) => {
      if (this.#socket === socket) this.#take(packet)
    })
    parser.on('error', err => {
      this.world.report.wrong('from nowhere', `${this.id} got what is no packet: ${err.message}`)
      socket.destroy()
    })
    socket.setNoDelay(true)
    socket.on('data', chunk => parser.parse(chunk))
    // The broker dies: that is what this is about.
    socket.on('error', () => {})
    this.#gone = new Promise(resolve => {
      socket.on('close', () => {
        if (this.#socket === socket) this.#forget()
        resolve()
      })
    })
    this.#sendConnect()
  }

  /** Goes away with or without a word. What was not read by now never is. */
  close(politely: boolean): Promise<void> {
    const socket = this.#socket
    if (politely && this.connected) this.#send({ cmd: 'disconnect' } as mqtt.Packet)
    this.#forget()
    if (politely) {
      socket?.resume()
      socket?.end()
    } else socket?.destroy()
    return this.#gone
  }

  /** Reads to the end what a broker that died has left, or nothing when it is slow. */
  async died(): Promise<void> {
    if (this.#socket?.isPaused()) this.#socket.destroy()
    await this.#gone
  }

  /** Stops reading for a while. */
  pause(): void {
    this.#socket?.pause()
  }

  resume(): void {
    this.#socket?.resume()
  }

  get paused(): boolean {
    return this.#socket?.isPaused() ?? false
  }

  publish(message: Message): void {
    const messageId = this.#freeId()
    this.sending.set(messageId, { message, released: false })
    this.#sendMessage(messageId, message, false)
  }

  /** One at a time. The codes of MQTT 3.1.1's UNSUBACK are empty. */
  ask(
    packet: Omit<mqtt.ISubscribePacket, 'messageId'> | Omit<mqtt.IUnsubscribePacket, 'messageId'>,
    answered: (codes: readonly number[]) => void
  ): void {
    const messageId = this.#freeId()
    this.#asked = { messageId, answered }
    this.#send({ ...packet, messageId } as mqtt.Packet)
  }

  /** Sends what was held back, in order. */
  release(): void {
    this.holding = false
    const held = this.#held
    this.#held = []
    for (const packet of held) this.#send(packet)
  }

  #forget(): void {
    this.#socket = null
    this.connected = false
    this.holding = false
    this.#held = []
    this.#asked = null
  }

  #sendConnect(): void {
    const { version, clean = false, receiveMaximum, will } = this.options
    const properties = {
      sessionExpiryInterval: clean ? 0 : 86_400,
      ...(receiveMaximum !== undefined && { receiveMaximum })
    }
    this.#send({
      ...{ cmd: 'connect', clientId: this.id, protocolVersion: version, keepalive: 0, clean },
      ...(version === 5 && { properties }),
      ...(will && { will })
    })
  }

  #send(packet: mqtt.Packet): void {
    const { version } = this.options
    this.#socket?.write(mqtt.generate(packet, { protocolVersion: version }))
  }

  #sendMessage(messageId: number, message: Message, dup: boolean): void {
    const { topic, payload, qos, retain } = message
    this.world.ledger.sent(message)
    this.#send({ cmd: 'publish', topic, payload, qos, retain, dup, messageId })
  }

  #take(packet: mqtt.Packet): void {
    switch (packet.cmd) {
      case 'connack':
        this.#accepted(packet)
        break
      case 'publish':
        this.#receive(packet)
        break
      case 'pubrel':
        this.#taken.delete(packet.messageId!)
        this.#answer({ cmd: 'pubcomp', messageId: packet.messageId! } as mqtt.Packet)
        break
      case 'puback':
      case 'pubrec':
      case 'pubcomp':
        this.#acknowledged(packet.cmd, packet.messageId!, packet.reasonCode ?? 0)
        break
      case 'suback':
      case 'unsuback': {
        const asked = this.#asked
        if (asked?.messageId !== packet.messageId) break
        this.#asked = null
        asked!.answered((packet.granted ?? []) as number[])
        break
      }
      case 'disconnect':
        this.onRejected('disconnect', packet.reasonCode ?? 0)
        break
      default:
        this.world.report.wrong('broker', `${this.id} got ${JSON.stringify(packet)}`)
    }
  }

  #accepted({ sessionPresent, returnCode, reasonCode }: mqtt.IConnackPacket): void {
    const code = returnCode || reasonCode || 0
    if (code !== 0) {
      this.onRejected('connack', code)
      return
    }
    if (this.established && !sessionPresent && !this.options.clean) {
      this.world.report.wrong('sessions', `${this.id} had one, and there was none`)
    }
    // A session of which nothing is known: neither is there anything of it to go on with.
    if (!sessionPresent) this.#taken.clear()
    this.established = true
    this.connected = true
    for (const [messageId, { message, released }] of this.sending) {
      if (released) this.#send({ cmd: 'pubrel', messageId } as mqtt.Packet)
      else this.#sendMessage(messageId, message, true)
    }
    this.onConnected()
  }

  #receive(packet: mqtt.IPublishPacket): void {
    const messageId = packet.messageId!
    if (packet.qos < 2) this.onMessage(packet)
    else if (!this.#taken.has(messageId)) {
      this.#taken.add(messageId)
      this.onMessage(packet)
    }
    if (packet.qos > 0) {
      this.#answer({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId } as mqtt.Packet)
    }
  }

  #answer(packet: mqtt.Packet): void {
    if (this.holding) this.#held.push(packet)
    else this.#send(packet)
  }

  #acknowledged(cmd: 'puback' | 'pubrec' | 'pubcomp', messageId: number, reasonCode: number): void {
    const sending = this.sending.get(messageId)
    if (!sending || (cmd === 'puback') !== (sending.message.qos === 1)) {
      this.world.report.wrong(
        'from nowhere',
        `${this.id} got ${cmd} ${messageId}, which acknowledges nothing`
      )
      return
    }
    if (reasonCode >= 0x80 && cmd !== 'pubcomp') {
      this.sending.delete(messageId)
      this.onRefused(sending.message, reasonCode)
      return
    }
    if (cmd !== 'pubcomp') this.world.ledger.acknowledged(sending.message)
    if (cmd === 'pubrec') {
      sending.released = true
      this.#send({ cmd: 'pubrel', messageId } as mqtt.Packet)
    } else this.sending.delete(messageId)
  }

  /** The lowest, so that each is used again and again: a broker that forgot to forget one is found out. */
  #freeId(): number {
    let messageId = 1
    while (this.sending.has(messageId)) messageId++
    return messageId
  }
}
