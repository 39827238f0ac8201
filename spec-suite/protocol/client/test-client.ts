import type mqtt from 'mqtt-packet'
import { Breach, code, codes as list } from '../breach.js'
import type { ByVersion } from '../version.js'
import type { Received } from '../wire/received.js'
import { receivedWords } from '../words.js'
import { Connection } from './connection.js'

type QoS = 0 | 1 | 2

export interface SubscribeOptions extends Partial<Omit<mqtt.ISubscription, 'topic'>> {
  messageId?: number
  properties?: mqtt.ISubscribePacket['properties']
}

export interface PublishOptions {
  qos?: QoS
  retain?: boolean
  dup?: boolean
  messageId?: number
  properties?: mqtt.IPublishPacket['properties']
}

/** What a marker may be told. */
export interface MarkerOptions {
  /** Where it is published: a topic that the receiver is subscribed to. Default: one of its own. */
  topic?: string
  /** Default: 1. */
  qos?: QoS
}

/** A connection that speaks MQTT: the words of which scenarios are made. */
export class TestClient extends Connection {
  /** Whether messages are acknowledged as they come. Default: true. */
  acknowledges = true
  /** What it calls itself. */
  clientId = ''
  connack: Received | undefined
  #lastId = 0
  /** Identifiers of messages that are not of this case: they are acknowledged, and not looked at. */
  readonly #foreign = new Set<number>()
  #marker: string | undefined

  /** A packet identifier that this client has not used. */
  id(): number {
    return ++this.#lastId
  }

  /** SUBSCRIBE and its SUBACK: the codes. */
  async subscribe(filter: string | readonly string[], options: SubscribeOptions = {}): Promise<number[]> {
    const { messageId = this.id(), properties, qos = 0, ...others } = options
    const subscriptions = [filter].flat().map(topic => ({ topic, qos, ...others }))
    this.send({ cmd: 'subscribe', messageId, subscriptions, ...(properties && { properties }) })
    return (await this.next('suback', packet => packet.messageId === messageId, `SUBACK ${messageId}`)).codes
  }

  /** UNSUBSCRIBE and its UNSUBACK: the codes, of which 3.1.1 has none. */
  async unsubscribe(...unsubscriptions: string[]): Promise<number[]> {
    const messageId = this.id()
    this.send({ cmd: 'unsubscribe', messageId, unsubscriptions })
    return (await this.next('unsuback', packet => packet.messageId === messageId, `UNSUBACK ${messageId}`))
      .codes
  }

  /** PUBLISH and all its acknowledgements: the reason code, 0 at QoS 0. */
  async publish(
    topic: string,
    payload: string | Buffer = 'x',
    options: PublishOptions = {}
  ): Promise<number> {
    const { qos = 0 } = options
    const messageId = this.startPublish(topic, payload, options)
    if (qos === 0) return 0
    const own = (packet: Received) => packet.messageId === messageId
    if (qos === 1) return (await this.next('puback', own, `PUBACK ${messageId}`)).reasonCode
    const { reasonCode } = await this.next('pubrec', own, `PUBREC ${messageId}`)
    if (reasonCode >= 0x80) return reasonCode
    this.send({ cmd: 'pubrel', messageId })
    await this.next('pubcomp', own, `PUBCOMP ${messageId}`)
    return reasonCode
  }

  /** Sends a PUBLISH and waits for nothing: its packet identifier. */
  startPublish(topic: string, payload: string | Buffer = 'x', options: PublishOptions = {}): number {
    const { qos = 0, retain = false, dup = false, properties } = options
    const messageId = options.messageId ?? (qos > 0 ? this.id() : 0)
    const more = { ...(qos > 0 && { messageId }), ...(properties && { properties }) }
    this.send({ cmd: 'publish', topic, payload, qos, retain, dup, ...more })
    return messageId
  }

  /** The next message, or the next one on a topic. */
  message(topic?: string): Promise<Received> {
    const what = topic === undefined ? 'a PUBLISH' : `a PUBLISH to '${topic}'`
    return this.next('publish', packet => topic === undefined || packet.topic === topic, what)
  }

  /** The next messages, as many as are wanted. */
  async messages(count: number): Promise<Received[]> {
    const found: Received[] = []
    while (found.length < count) found.push(await this.message())
    return found
  }

  /**
   * All messages that came before a marker, which `publisher` sends now and this client has to get: what is not among
   * them was not sent. Messages on the way from the same publisher, or of the same QoS, cannot be later.
   */
  async messagesBeforeMarker(publisher: TestClient, options: MarkerOptions = {}): Promise<Received[]> {
    const { qos = 1 } = options
    const topic = options.topic ?? (await this.#markerTopic())
    const text = `marker ${publisher.label} ${publisher.id()}`
    await publisher.publish(topic, text, { qos })
    await this.next('publish', packet => packet.text === text, `the marker on '${topic}'`)
    // Overlapping subscriptions may have brought the marker more than once.
    const found = this.inbox.filter(({ cmd }) => cmd === 'publish').map(packet => this.#remove(packet))
    return found.filter(packet => packet.text !== text)
  }

  /** The broker answers a ping: so the connection stands, and all that was sent before it was processed. */
  async ping(): Promise<void> {
    this.send({ cmd: 'pingreq' })
    await this.next('pingresp')
  }

  /** Says goodbye. With 3.1.1 there is no reason. */
  async disconnect(reasonCode = 0, properties?: mqtt.IDisconnectPacket['properties']): Promise<void> {
    const why = this.version === '5.0' ? { reasonCode, ...(properties && { properties }) } : {}
    this.send({ cmd: 'disconnect', ...why })
    await this.gone()
  }

  /** After a DISCONNECT: the broker SHOULD close the connection [5.0: 3.14.4]; where it does not, the client does. */
  async gone(): Promise<void> {
    // Sooner than the limit, beyond which it would be a failure.
    const timer = setTimeout(() => this.cut(), Math.min(2000, this.limit / 2))
    try {
      await this.end()
    } finally {
      clearTimeout(timer)
    }
  }

  /**
   * The broker closes the connection. What it says before that is only what it may say: with 5.0 one DISCONNECT with
   * one of these codes, where 0x80 always may stand for a reason that it keeps to itself, and 0x81 and 0x82 for
   * each other; with 3.1.1 nothing. Gives the code, or null.
   */
  async closes(...allowed: number[]): Promise<number | null> {
    return this.#over('disconnect', this.version === '5.0' ? allowed : null)
  }

  /** The same for a CONNECT: the CONNACK, if one comes, has one of these codes. No list: there may be none. */
  async refuses(allowed: ByVersion<readonly number[]>): Promise<number | null> {
    return this.#over('connack', allowed[this.version] ?? null)
  }

  async #over(cmd: 'connack' | 'disconnect', allowed: readonly number[] | null): Promise<number | null> {
    await this.end()
    const last = this.inbox.filter(packet => packet.cmd === 'connack' || packet.cmd === 'disconnect').at(-1)
    if (!last) return null
    const meant = allowed && this.version === '5.0' ? tolerant(allowed) : allowed
    const wanted = meant
      ? `${cmd.toUpperCase()} ${list(meant)}, or none, and the end`
      : `the end, and no ${cmd.toUpperCase()}`
    if (last.cmd !== cmd || !meant?.includes(last.reasonCode))
      throw new Breach(wanted, `it was ${receivedWords(last)}`)
    this.#remove(last)
    return last.reasonCode
  }

  protected override came(packet: Received): void {
    this.tell('received', receivedWords(packet), packet.bytes)
    if (packet.foreign) {
      if (packet.qos === 2) this.#foreign.add(packet.messageId)
      this.acknowledge(packet)
      return
    }
    if (packet.cmd === 'pubrel' && (this.acknowledges || this.#foreign.delete(packet.messageId))) {
      this.send({ cmd: 'pubcomp', messageId: packet.messageId })
      return
    }
    super.came(packet)
    if (packet.cmd === 'publish' && this.acknowledges) this.acknowledge(packet)
  }

  /** PUBACK or PUBREC, as the QoS of the message wants it. */
  acknowledge({ qos, messageId }: Received, reasonCode = 0): void {
    if (qos === 0) return
    const why = this.version === '5.0' && reasonCode > 0 ? { reasonCode } : {}
    this.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId, ...why })
  }

  async #markerTopic(): Promise<string> {
    if (this.#marker === undefined) {
      const topic = `${this.clientId}-marker`
      const [granted = 0x80] = await this.subscribe(topic, { qos: 2, messageId: 65_000 })
      if (granted >= 0x80) throw new Breach('a subscription to the marker', `SUBACK said ${code(granted)}`)
      this.#marker = topic
    }
    return this.#marker
  }

  #remove(packet: Received): Received {
    this.inbox.splice(this.inbox.indexOf(packet), 1)
    return packet
  }
}

/** A broker need not reveal a reason, and what is malformed and what a protocol error is often a matter of taste. */
function tolerant(allowed: readonly number[]): number[] {
  const vague = allowed.includes(0x81) || allowed.includes(0x82) ? [0x80, 0x81, 0x82] : [0x80]
  return [...new Set([...vague, ...allowed])].sort((a, b) => a - b)
}
