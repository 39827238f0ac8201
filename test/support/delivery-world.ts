import type { IPublishPacket, Packet } from 'mqtt-packet'
import { Stack } from '../../lib/index.js'
import {
  Authentication,
  Connection,
  InboundManager,
  MemoryBackend,
  OutboundManager,
  Router,
  SessionManager,
  SubscriptionManager
} from '../../middlewares/index.js'
import { delayed } from '../../spec-suite/backend/delayed.js'
import { FakeClock, turn } from './fake-clock.js'
import { Peer } from './peer.js'

export type Step =
  | { act: 'publish'; qos: number }
  | { act: 'answer' | 'cut' | 'leave' | 'connect'; who: number; many: number }
  | { act: 'cutPublisher' }

/** The receiving end of one session: what it was given, and what it has not answered. */
class Subscriber {
  readonly id: string
  peer: Peer | null = null
  readonly firsts: Array<{ qos: number; number: number }> = []
  /** QoS 2 identifiers that await PUBREL: a message that comes with one of them is not a new one. */
  readonly #open = new Set<number>()
  #inbox: Packet[] = []
  /** Numbers of QoS 1 that were seen. */
  readonly #seen = new Set<number>()
  problems: string[] = []
  /** Numbers the publisher sent twice: to the broker these are two messages [5.0 MQTT-4.3.2-5]. */
  readonly #twice: ReadonlySet<number>

  constructor(id: string, twice: ReadonlySet<number>) {
    this.id = id
    this.#twice = twice
  }

  /** Deliveries that were begun and not ended, by identifier. */
  get unfinished(): number[] {
    return [...this.#open]
  }

  get waiting(): number {
    return this.#inbox.length
  }

  /** Takes what has come; answers come later, if at all. */
  read(): void {
    for (const packet of this.peer?.packets.splice(0) ?? []) {
      if (packet.cmd === 'publish') this.#received(packet)
      if (packet.cmd === 'publish' ? packet.qos > 0 : packet.cmd === 'pubrel') this.#inbox.push(packet)
    }
  }

  /** Answers some of what it has not answered, in order. */
  answer(many: number): void {
    for (const packet of this.#inbox.splice(0, many)) {
      const messageId = packet.messageId!
      if (packet.cmd === 'pubrel') this.#open.delete(messageId)
      const cmd =
        packet.cmd === 'pubrel' ? 'pubcomp' : (packet as IPublishPacket).qos === 1 ? 'puback' : 'pubrec'
      this.peer!.send({ cmd, messageId, reasonCode: 0 } as Packet)
    }
  }

  /** What was not answered on a connection will be asked again on the next one. */
  lost(): void {
    this.read()
    this.peer = null
    this.#inbox = []
  }

  #received({ qos, messageId, dup, payload }: IPublishPacket): void {
    const number = Number(payload.toString())
    if (qos === 2 && this.#open.has(messageId!)) {
      if (!dup) this.problems.push(`${this.id}: ${number} again under an open identifier without DUP`)
      return
    }
    if (qos === 2) this.#open.add(messageId!)
    if (qos === 1 && this.#seen.has(number)) {
      if (!dup && !this.#twice.has(number)) {
        this.problems.push(`${this.id}: QoS 1 message ${number} again without DUP`)
      }
      return
    }
    if (qos === 1) this.#seen.add(number)
    this.firsts.push({ qos, number })
  }
}

/** One publisher and some sessions on a broker with real packets, and what must hold of what they got. */
export class World {
  readonly #stack: Stack
  readonly #receiveMaximum: number
  readonly #subscribers: Subscriber[]
  #publisher!: Peer
  /** By number. */
  readonly #published: Array<{ qos: number; online: boolean[] }> = []
  /** What the publisher has not seen acknowledged, as it has to be sent again. */
  readonly #unacknowledged = new Map<number, { packet: Packet; released: boolean }>()
  /** Numbers of QoS 1 that were sent again. */
  readonly #twice = new Set<number>()
  #lastId = 0

  private constructor(stack: Stack, subscribers: number, receiveMaximum: number) {
    this.#stack = stack
    this.#receiveMaximum = receiveMaximum
    this.#subscribers = Array.from({ length: subscribers }, (_, i) => new Subscriber(`s${i}`, this.#twice))
  }

  static async open(subscribers: number, receiveMaximum: number, late: boolean): Promise<World> {
    const backend = new MemoryBackend()
    const stack = new Stack({ clock: new FakeClock() }).use(
      ...[new Connection(), new Authentication({ allowAnonymous: true }), new SessionManager()],
      ...[new SubscriptionManager(), new InboundManager(), new OutboundManager(), new Router()],
      ...(late ? delayed(backend) : [backend])
    )
    await stack.start()
    const world = new World(stack, subscribers, receiveMaximum)
    await world.#connectPublisher()
    for (const one of world.#subscribers) {
      await world.#connect(one)
      await one.peer!.subscribe('t', { qos: 2 })
    }
    return world
  }

  async take(step: Step): Promise<void> {
    if (step.act === 'publish') this.#publish(step.qos)
    else if (step.act === 'cutPublisher') await this.#cutPublisher()
    else await this.#touch(this.#subscribers[step.who]!, step.act, step.many)
    await turn()
    this.#readAll()
  }

  /** Everybody connects and answers until nothing more comes. */
  async finish(): Promise<void> {
    for (const one of this.#subscribers) if (!one.peer) await this.#connect(one)
    for (let quiet = 0; quiet < 5; ) {
      await turn()
      this.#readAll()
      const busy = this.#unacknowledged.size > 0 || this.#subscribers.some(one => one.waiting > 0)
      quiet = busy ? 0 : quiet + 1
      for (const one of this.#subscribers) one.answer(1000)
    }
  }

  problems(): string[] {
    return this.#subscribers.flatMap((one, who) => [...one.problems, ...this.#judge(one, who)])
  }

  async close(): Promise<void> {
    this.#publisher.cut()
    for (const { peer } of this.#subscribers) peer?.cut()
    await turn()
    await this.#stack.stop()
  }

  #judge(one: Subscriber, who: number): string[] {
    const problems = one.unfinished.map(id => `${one.id}: ${id} was never released`)
    for (const qos of [0, 1, 2]) {
      const numbers = one.firsts.filter(first => first.qos === qos).map(({ number }) => number)
      const wanted = this.#published.flatMap((sent, i) => (sent.qos === qos ? [i] : []))
      if (numbers.some((number, i) => i > 0 && number <= numbers[i - 1]!)) {
        problems.push(`${one.id}: QoS ${qos} out of order or twice: ${numbers}`)
      }
      if (numbers.some(number => !wanted.includes(number)))
        problems.push(`${one.id}: from nowhere: ${numbers}`)
      // QoS 0 may be lost with a connection, and is lost when there is none.
      const missed = wanted.filter(number => !numbers.includes(number))
      if (qos > 0 && missed.length > 0) problems.push(`${one.id}: QoS ${qos} never came: ${missed}`)
      const offline = numbers.filter(number => qos === 0 && !this.#published[number]!.online[who])
      if (offline.length > 0) problems.push(`${one.id}: QoS 0 was kept: ${offline}`)
    }
    return problems
  }

  #publish(qos: number): void {
    const number = this.#published.length
    this.#published.push({ qos, online: this.#subscribers.map(({ peer }) => peer !== null) })
    this.#lastId = (this.#lastId % 65_535) + 1
    const packet = {
      ...{ cmd: 'publish', topic: 't', payload: `${number}`, qos, retain: false, dup: false },
      messageId: this.#lastId
    } as Packet
    if (qos > 0) this.#unacknowledged.set(this.#lastId, { packet, released: false })
    this.#publisher.send(packet)
  }

  async #touch(one: Subscriber, act: 'answer' | 'cut' | 'leave' | 'connect', many: number): Promise<void> {
    if (act === 'connect') {
      // Also while it is connected: it takes its own session over.
      await this.#connect(one)
      return
    }
    if (!one.peer) return
    if (act === 'answer') one.answer(many)
    else {
      if (act === 'cut') one.peer.cut()
      else one.peer.send({ cmd: 'disconnect', reasonCode: 0 } as Packet)
      await turn()
      one.lost()
    }
  }

  async #connect(one: Subscriber): Promise<void> {
    const peer = new Peer(this.#stack)
    const properties = { sessionExpiryInterval: 1000, receiveMaximum: this.#receiveMaximum }
    peer.send({
      ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: false, keepalive: 0 },
      ...{ clientId: one.id, properties }
    } as Packet)
    while (!peer.packets.some(({ cmd }) => cmd === 'connack')) await peer.something()
    one.lost()
    peer.packets.shift()
    one.peer = peer
  }

  async #connectPublisher(): Promise<void> {
    this.#publisher = new Peer(this.#stack)
    await this.#publisher.connect({
      ...{ clientId: 'publisher', clean: false, properties: { sessionExpiryInterval: 1000 } }
    })
  }

  /** The network breaks before acknowledgements came; what they were for is sent again, as the protocol wants it. */
  async #cutPublisher(): Promise<void> {
    this.#publish(1)
    this.#publish(2)
    await turn()
    this.#publisher.cut()
    await turn()
    await this.#connectPublisher()
    for (const [messageId, { packet, released }] of this.#unacknowledged) {
      if (released) this.#publisher.send({ cmd: 'pubrel', messageId, reasonCode: 0 } as Packet)
      else {
        const { qos, payload } = packet as IPublishPacket
        if (qos === 1) this.#twice.add(Number(payload.toString()))
        this.#publisher.send({ ...packet, dup: true } as Packet)
      }
    }
  }

  #readAll(): void {
    this.#readAcks()
    for (const one of this.#subscribers) one.read()
  }

  #readAcks(): void {
    for (const packet of this.#publisher.packets.splice(0)) {
      const messageId = packet.messageId!
      if (packet.cmd === 'puback' || packet.cmd === 'pubcomp') this.#unacknowledged.delete(messageId)
      if (packet.cmd !== 'pubrec') continue
      const open = this.#unacknowledged.get(messageId)
      if (open) open.released = true
      this.#publisher.send({ cmd: 'pubrel', messageId, reasonCode: 0 } as Packet)
    }
  }
}
