import type mqtt from 'mqtt-packet'
import type { Report } from './report.js'
import type { SubscriptionHistory } from './subscription-history.js'

/** A message of QoS 1 or 2, as its publisher knows it. */
export interface Message {
  /** The first word of its payload; nobody else has it. */
  readonly key: string
  readonly publisher: string
  readonly topic: string
  readonly payload: string
  readonly qos: 1 | 2
  readonly retain: boolean
  /** The place among those of its publisher. */
  readonly place: number
  firstSent: number
  lastSent: number
  attempts: number
  /** When PUBACK or PUBREC was read; Infinity before. */
  acked: number
}

/** Who must get a message once: a client, or all members of a shared group together. */
export interface Receiver {
  readonly name: string
  readonly isGroup: boolean
  readonly histories: SubscriptionHistory[]
  /** By key: how often it came. */
  readonly arrived: Map<string, number>
}

/** Every message of a run, who has to get it, and who got it. */
export class Ledger {
  readonly receivers: Receiver[] = []
  readonly messages = new Map<string, Message>()
  /** The newest sending of anything that was acknowledged: what the broker knew before it is durable. */
  durable = 0
  #now = 0
  readonly #report: Report
  #unjudged: Message[] = []

  constructor(report: Report) {
    this.#report = report
  }

  /** The next step of the clock. */
  step(): number {
    return ++this.#now
  }

  receiver(name: string, isGroup = false): Receiver {
    const known = this.receivers.find(one => one.name === name)
    if (known) return known
    const receiver: Receiver = { name, isGroup, histories: [], arrived: new Map() }
    this.receivers.push(receiver)
    return receiver
  }

  publish(message: Message): void {
    this.messages.set(message.key, message)
    this.#unjudged.push(message)
    this.#report.published++
  }

  sent(message: Message): void {
    message.lastSent = this.step()
    message.firstSent ||= message.lastSent
    message.attempts++
  }

  acknowledged(message: Message): void {
    this.committed(message.lastSent)
    if (message.acked !== Number.POSITIVE_INFINITY) return
    message.acked = this.step()
    this.#report.acknowledged++
  }

  /** Something that was sent then is acknowledged. */
  committed(sent: number): void {
    this.durable = Math.max(this.durable, sent)
  }

  /** `order` is of the connection's client: the newest place of each stream. */
  arrived(
    receiver: Receiver,
    history: SubscriptionHistory,
    order: Map<string, number>,
    packet: mqtt.IPublishPacket
  ): void {
    const report = this.#report
    report.delivered++
    const { topic, retain } = packet
    const payload = packet.payload.toString()
    const key = payload.split(' ', 1)[0]!
    const where = `${key} on ${topic} at ${receiver.name}`
    const message = this.messages.get(key)
    if (!message || message.topic !== topic || message.payload !== payload) {
      report.wrong('from nowhere', `${where}: nobody published that`)
      return
    }
    // Sent for a SUBSCRIBE, each time.
    if (retain) return
    const before = receiver.arrived.get(key) ?? 0
    receiver.arrived.set(key, before + 1)
    if (before > 0) {
      if (packet.qos === 2) report.wrong('duplicated QoS 2', `${where}: it came before`)
      else report.repeated++
      return
    }
    const { firstSent, acked } = message
    if (!history.mayHold(topic, firstSent, acked)) {
      report.wrong('from nowhere', `${where}: there was no subscription`)
    }
    this.#judgeOrder(receiver, history, order, message)
  }

  #judgeOrder(
    receiver: Receiver,
    history: SubscriptionHistory,
    order: Map<string, number>,
    message: Message
  ): void {
    const { publisher, topic, qos, place, attempts, firstSent, acked } = message
    const stream = `${publisher} ${topic} ${qos}`
    const newest = order.get(stream) ?? -1
    if (place > newest) {
      order.set(stream, place)
      return
    }
    // QoS 1, and sent again after a crash: it went to another member, or to nobody, the first time.
    if (qos === 1 && attempts > 1 && (receiver.isGroup || !history.held(topic, firstSent, acked))) return
    this.#report.wrong('out of order', `${message.key} at ${receiver.name}: number ${newest} came before`)
  }

  /** Everything that is on its way has arrived: what has not is lost. */
  judge(): void {
    const rest: Message[] = []
    for (const message of this.#unjudged) {
      if (message.acked === Number.POSITIVE_INFINITY) rest.push(message)
      else for (const receiver of this.receivers) this.#judgeArrival(receiver, message)
    }
    this.#unjudged = rest
  }

  #judgeArrival(receiver: Receiver, { key, topic, qos, firstSent, acked, attempts }: Message): void {
    if (receiver.arrived.has(key)) return
    if (!receiver.histories.some(history => history.held(topic, firstSent, acked))) return
    const facts = `QoS ${qos}, sent ${attempts} times, ${firstSent} to ${acked}`
    this.#report.wrong('lost', `${key} on ${topic} never came to ${receiver.name} (${facts})`)
  }
}
