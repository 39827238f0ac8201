import type {
  Chain,
  Client,
  ConnectPacket,
  Ctx,
  Cursor,
  Handles,
  MaybePromise,
  PublishPacket,
  Session,
  Subscription
} from '../lib/index.js'
import { after, isThenable, Middleware, MqttError, Publish, parseFilter } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'

export interface RetainManagerConfig {
  /** Whether retained messages are taken at all. Default: true. */
  available: boolean
  /** The most retained messages. Default: Infinity. */
  maximumMessages: number
  /** The most bytes of retained payloads and topics. Default: Infinity. */
  maximumBytes: number
  /** How many go to a new subscription before others get their turn. Default: 500. */
  pageSize: number
}

const ranges: Range<RetainManagerConfig> = {
  maximumMessages: [0, Number.POSITIVE_INFINITY],
  maximumBytes: [0, Number.POSITIVE_INFINITY],
  pageSize: [1, 100_000]
}

/** A subscription that gets its retained messages page by page. */
interface Sending {
  readonly session: Session
  readonly client: Client
  readonly subscription: Subscription
  cursor: Cursor
  /** A page is on its way, or a turn is due. */
  busy: boolean
}

/**
 * Stores retained messages, and sends them to new subscriptions in pages that wait for slow receivers
 * (MQTT 5.0, 3.3.1.3; MQTT 3.1.1, 3.3.1.3).
 * Handles: relayMessage, topicSubscribed, sessionReady, topicUnsubscribed.
 * Executes: storeRetainedMessage, lookupRetainedMessages, forwardMessage. Stands before Router, so that a message is
 * stored before it is routed: a subscription made meanwhile gets it one way or the other.
 */
export class RetainManager
  extends Middleware<RetainManagerConfig, 'connect'>
  implements Handles<'relayMessage' | 'topicSubscribed' | 'sessionReady' | 'topicUnsubscribed'>
{
  override readonly packets = ['connect'] as const
  override readonly requires = ['forwardMessage'] as const
  override readonly executes = ['storeRetainedMessage', 'lookupRetainedMessages'] as const
  override readonly before = ['Router'] as const
  #count = 0
  #bytes = 0
  readonly #sending = new Map<Session, Sending[]>()
  #store!: Chain<Ctx<'storeRetainedMessage'>, { replaced: number | null }>

  constructor(config: Partial<RetainManagerConfig> = {}) {
    super(config, {
      ...{ available: true, maximumMessages: Number.POSITIVE_INFINITY },
      ...{ maximumBytes: Number.POSITIVE_INFINITY, pageSize: 500 }
    })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#store = this.stack.chain('storeRetainedMessage')
  }

  override exportState(): unknown {
    return { count: this.#count, bytes: this.#bytes }
  }

  override importState(state: { count: number; bytes: number }): void {
    this.#count = state.count
    this.#bytes = state.bytes
  }

  /** Retained messages and their bytes (topics and payloads) since the start. */
  get usage(): { messages: number; bytes: number } {
    return { messages: this.#count, bytes: this.#bytes }
  }

  override handle(client: Client, { will }: ConnectPacket): void {
    if (this.config.available) return
    if (client.version === 5) client.connack!.properties!.retainAvailable = false
    if (will?.retain) throw new MqttError('RetainNotSupported', 'a retained will is not supported here')
  }

  relayMessage({ client, packet }: Ctx<'relayMessage'>): MaybePromise<void> {
    if (!packet.retain) return
    if (!this.config.available) {
      if (client?.version === 5) throw new MqttError('RetainNotSupported')
      // MQTT 3 clients cannot be told: the message is an ordinary one.
      packet.retain = false
      return
    }
    const size = sizeOf(packet)
    if (size === 0 || this.#hasRoomFor(size)) return this.#keep(packet, size)
    return after(this.#sizeStored(packet.topic), before => {
      const messages = before === null ? this.#count + 1 : this.#count
      if (
        messages > this.config.maximumMessages ||
        this.#bytes + size - (before ?? 0) > this.config.maximumBytes
      ) {
        throw new MqttError('QuotaExceeded', 'no room for another retained message')
      }
      return this.#keep(packet, size)
    })
  }

  topicSubscribed({ client, session, subscription, existed }: Ctx<'topicSubscribed'>): void {
    if (!this.config.available || subscription.rh === 2 || (subscription.rh === 1 && existed)) return
    // Shared subscriptions get none (MQTT 5.0, 4.8.2).
    if (parseFilter(subscription.topic)?.share !== null) return
    const sending: Sending = { session, client, subscription, cursor: undefined, busy: false }
    const others = this.#sending.get(session)
    if (others) others.push(sending)
    else this.#sending.set(session, [sending])
    this.#sendPage(sending)
  }

  topicUnsubscribed({ session, topic }: Ctx<'topicUnsubscribed'>): void {
    for (const sending of this.#sending.get(session) ?? []) {
      if (sending.subscription.topic === topic) this.#end(sending)
    }
  }

  sessionReady({ session }: Ctx<'sessionReady'>): void {
    for (const sending of [...(this.#sending.get(session) ?? [])]) if (!sending.busy) this.#sendPage(sending)
  }

  override uninstall(client: Client): void {
    if (client.session) this.#sending.delete(client.session)
  }

  #hasRoomFor(size: number): boolean {
    return this.#count < this.config.maximumMessages && this.#bytes + size <= this.config.maximumBytes
  }

  /** An empty payload removes what the topic has [5.0 MQTT-3.3.1-6]. */
  #keep(packet: PublishPacket, size: number): MaybePromise<void> {
    const kept = packet instanceof Publish ? packet.clone().detach() : packet
    const store: { replaced: number | null } = { replaced: null }
    const stored = this.#store.run({ packet: kept }, store)
    const count = () => {
      if (store.replaced !== null) this.#count--
      if (size > 0) this.#count++
      this.#bytes += size - (store.replaced ?? 0)
    }
    return stored === undefined ? count() : stored.then(count)
  }

  /** Bytes of what the topic has now, null when it has nothing. Only asked when the limits are near. */
  #sizeStored(topic: string): MaybePromise<number | null> {
    const ctx = { filter: topic, limit: 1 }
    const found: { items: PublishPacket[] } = { items: [] }
    return after(this.stack.execute('lookupRetainedMessages', ctx, found), ({ items }) =>
      items[0] ? sizeOf(items[0]) : null
    )
  }

  #sendPage(sending: Sending): void {
    sending.busy = true
    const { cursor, subscription } = sending
    const page: { items: PublishPacket[]; cursor?: Cursor } = { items: [] }
    const ctx = { filter: subscription.topic, limit: this.config.pageSize, cursor }
    try {
      const found = this.stack.execute('lookupRetainedMessages', ctx, page)
      if (isThenable(found))
        found.then(
          () => this.#send(sending, page),
          err => this.#fail(sending, err)
        )
      else this.#send(sending, page)
    } catch (err) {
      this.#fail(sending, err as Error)
    }
  }

  #send(sending: Sending, page: { items: PublishPacket[]; cursor?: Cursor }): void {
    const { session, subscription, client } = sending
    if (session.client !== client || !this.#sending.get(session)?.includes(sending)) return
    const { qos, identifier } = subscription
    const options = { qos, identifiers: identifier === undefined ? null : [identifier] }
    const now = this.stack.clock.now()
    const forward = this.stack.chain('forwardMessage')
    for (const packet of page.items) {
      const expiresAt = packet instanceof Publish ? packet.expiresAt : 0
      if (expiresAt > 0 && expiresAt <= now) continue
      forward.tell(
        { session, packet, subscription: options, retain: true, publisher: null, group: null },
        undefined
      )
    }
    sending.cursor = page.cursor
    if (page.cursor === undefined) {
      this.#end(sending)
      return
    }
    // A turn for the others; then on, at once or when the receiver has taken what there is: see sessionReady.
    this.stack.clock.defer(() => {
      sending.busy = false
      if (session.ready && session.client === client) this.#sendPage(sending)
    })
  }

  #end(sending: Sending): void {
    const rest = (this.#sending.get(sending.session) ?? []).filter(other => other !== sending)
    if (rest.length > 0) this.#sending.set(sending.session, rest)
    else this.#sending.delete(sending.session)
  }

  #fail(sending: Sending, err: Error): void {
    this.#end(sending)
    this.stack.emit('error', err, sending.client, null)
  }
}

/** What counts against the limit: 0 for a message that removes. */
function sizeOf(packet: PublishPacket): number {
  const length = packet instanceof Publish ? packet.payloadLength : packet.payload.length
  return length === 0 ? 0 : length + Buffer.byteLength(packet.topic)
}
