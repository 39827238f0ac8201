import type {
  Chain,
  Client,
  ConnectPacket,
  Ctx,
  Cursor,
  Handles,
  MaybePromise,
  Page,
  PublishPacket,
  Session,
  Subscription,
  Timer
} from '../lib/index.js'
import { after, isThenable, Middleware, MqttError, Publish, parseFilter, topicMatches } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { RetainedUsage, retainedSize } from '../lib/retained-usage.js'

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

/** How often expired messages are removed, in ms. */
const sweepInterval = 1000

/** A subscription that gets its retained messages page by page. */
interface Sending {
  readonly session: Session
  readonly client: Client
  readonly subscription: Subscription
  cursor: Cursor
  /** A page is on its way, or a turn is due. */
  busy: boolean
  /** What is left of a page, since the receiver does not keep up. */
  rest: readonly PublishPacket[]
  /** Topics that were published to since the page was asked for: it gets the newer message in the ordinary way. */
  readonly changed: Set<string>
}

/**
 * Stores retained messages, removes those that expire, and sends them to new subscriptions in pages that wait for slow receivers
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
  /** null until what the backend has is counted, or another RetainManager hands it over. */
  #counted: RetainedUsage | null = null
  #sending = new Map<Session, Sending[]>()
  #store!: Chain<Ctx<'storeRetainedMessage'>, { replaced: number | null }>
  #sweep: Timer | null = null

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
    this.#sweep = this.stack.clock.every(sweepInterval, () => {
      this.#removeExpired().catch(err => this.stack.emit('error', err, null, null))
    })
  }

  /** Counts what the backend has kept; topics that begin with `$` do not match `#` and are left out. */
  override async ready(): Promise<void> {
    if (this.#counted) return
    this.#counted = new RetainedUsage()
    if (!this.stack.handles('lookupRetainedMessages')) return
    let cursor: Cursor
    do {
      const page: Page<PublishPacket> = { items: [] }
      await this.stack.execute('lookupRetainedMessages', { filter: '#', limit: 1000, cursor }, page)
      for (const packet of page.items) this.#counted.found(packet)
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return { usage: this.#counted, sending: this.#sending }
  }

  override importState(state: { usage: RetainedUsage; sending: Map<Session, Sending[]> }): void {
    this.#counted = state.usage
    this.#sending = state.sending
  }

  /** Retained messages and their bytes (topics and payloads). */
  get usage(): { messages: number; bytes: number } {
    const { messages, bytes } = this.#usage
    return { messages, bytes }
  }

  get #usage(): RetainedUsage {
    this.#counted ??= new RetainedUsage()
    return this.#counted
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
    const size = retainedSize(packet)
    if (size === 0 || this.#hasRoomFor(size)) return this.#keep(packet)
    return after(this.#sizeStored(packet.topic), before => {
      const messages = this.#usage.messages + (before === null ? 1 : 0)
      const bytes = this.#usage.bytes + size - (before ?? 0)
      if (messages > this.config.maximumMessages || bytes > this.config.maximumBytes) {
        throw new MqttError('QuotaExceeded', 'no room for another retained message')
      }
      return this.#keep(packet)
    })
  }

  topicSubscribed({ client, session, subscription, existed }: Ctx<'topicSubscribed'>): void {
    if (!this.config.available || subscription.rh === 2 || (subscription.rh === 1 && existed)) return
    // Shared subscriptions get none (MQTT 5.0, 4.8.2).
    if (parseFilter(subscription.topic)?.share !== null) return
    // Subscribed again, it begins again.
    this.topicUnsubscribed({ client, session, topic: subscription.topic })
    const sending: Sending = {
      ...{ session, client, subscription, cursor: undefined, busy: false, rest: [], changed: new Set() }
    }
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
    for (const sending of [...(this.#sending.get(session) ?? [])]) {
      if (!session.ready) return
      if (sending.rest.length > 0) this.#send(sending, sending.rest)
      else if (!sending.busy) this.#sendPage(sending)
    }
  }

  override uninstall(client: Client): void {
    // One that takes this one's place goes on with them.
    if (!client.isOpen && client.session) this.#sending.delete(client.session)
  }

  #hasRoomFor(size: number): boolean {
    const { messages, bytes } = this.#usage
    return messages < this.config.maximumMessages && bytes + size <= this.config.maximumBytes
  }

  /** An empty payload removes what the topic has [5.0 MQTT-3.3.1-6]. */
  #keep(packet: PublishPacket): MaybePromise<void> {
    const kept = packet instanceof Publish ? packet.clone().detach() : packet
    const store: { replaced: number | null } = { replaced: null }
    if (this.#sending.size > 0) this.#outdate(packet.topic)
    const settled = this.#usage.storing(packet)
    const stored = this.#store.run({ packet: kept }, store)
    return stored === undefined ? settled(store.replaced) : stored.then(() => settled(store.replaced))
  }

  async #removeExpired(): Promise<void> {
    for (const topic of this.#usage.expired(this.stack.clock.now())) {
      await this.#keep(Publish.from({ topic, retain: true }))
    }
  }

  /** What subscriptions are about to get of this topic is not the newest any more. */
  #outdate(topic: string): void {
    for (const sendings of this.#sending.values()) {
      for (const { subscription, changed } of sendings) {
        if (topicMatches(subscription.topic, topic)) changed.add(topic)
      }
    }
  }

  /** Bytes of what the topic has now, null when it has nothing. Only asked when the limits are near. */
  #sizeStored(topic: string): MaybePromise<number | null> {
    const ctx = { filter: topic, limit: 1 }
    const found: { items: PublishPacket[] } = { items: [] }
    return after(this.stack.execute('lookupRetainedMessages', ctx, found), ({ items }) =>
      items[0] ? retainedSize(items[0]) : null
    )
  }

  #sendPage(sending: Sending): void {
    sending.busy = true
    sending.changed.clear()
    const { cursor, subscription } = sending
    const page: Page<PublishPacket> = { items: [] }
    const ctx = { filter: subscription.topic, limit: this.config.pageSize, cursor }
    const read = () => {
      sending.cursor = page.cursor
      this.#send(sending, page.items)
    }
    try {
      const found = this.stack.execute('lookupRetainedMessages', ctx, page)
      if (isThenable(found)) found.then(read).catch(err => this.#fail(sending, err))
      else read()
    } catch (err) {
      this.#fail(sending, err as Error)
    }
  }

  #send(sending: Sending, items: readonly PublishPacket[]): void {
    const { session, client } = sending
    sending.rest = []
    const { ready } = session
    for (let i = 0; i < items.length; i++) {
      if (session.client !== client || !this.#sending.get(session)?.includes(sending)) return
      if (ready && !session.ready) {
        // Too slow for the rest: see sessionReady.
        sending.rest = items.slice(i)
        return
      }
      this.#forward(sending, items[i]!)
    }
    if (sending.cursor === undefined) {
      this.#end(sending)
      return
    }
    // A turn for the others; then on, at once or when the receiver has taken what there is: see sessionReady.
    this.stack.clock.defer(() => {
      sending.busy = false
      if (session.ready && session.client === client && this.#sending.get(session)?.includes(sending))
        this.#sendPage(sending)
    })
  }

  #forward({ session, subscription, client, changed }: Sending, packet: PublishPacket): void {
    const { expiresAt = 0 } = packet
    if ((expiresAt > 0 && expiresAt <= this.stack.clock.now()) || changed.has(packet.topic)) return
    const { qos, identifier } = subscription
    const options = { qos, identifiers: identifier === undefined ? null : [identifier] }
    const ctx = { session, packet, subscription: options, retain: true, publisher: null, group: null }
    this.stack.chain('forwardMessage').call(ctx, undefined, err => {
      if (err) this.stack.emit('error', err, client, packet)
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
