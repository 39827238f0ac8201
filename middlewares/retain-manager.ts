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
  RetainedUsageEntry,
  Session,
  Subscription,
  Timer
} from '../lib/index.js'
import { after, isThenable, Middleware, MqttError, Publish, parseFilter, topicMatches } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { RetainedUsage, retainedSize } from '../lib/retained-usage.js'
import { Turns } from '../lib/session/turns.js'

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
  /** A page is on its way. */
  busy: boolean
  /** What is left of a page, since the receiver does not keep up. */
  rest: readonly PublishPacket[]
  /** Topics that were published to since the page was asked for: it gets the newer message in the ordinary way. */
  readonly changed: Set<string>
}

/**
 * The new subscriptions of one session. One after the other gets its messages and each search has a turn of its own,
 * so that many filters in one packet hold nobody else up and are not answered faster than the client reads.
 */
interface Line {
  readonly session: Session
  readonly turns: Turns<Sending>
  /** The session was ready: somebody says so, and sessionReady can be waited for. */
  paced: boolean
  /** It has searched: the next search is due in a turn of its own. */
  resting: boolean
}

/**
 * Stores retained messages, removes those that expire, and sends them to new subscriptions in pages that wait for slow receivers
 * (MQTT 5.0, 3.3.1.3; MQTT 3.1.1, 3.3.1.3).
 * Handles: relayMessage, topicSubscribed, sessionReady, topicUnsubscribed.
 * Executes: storeRetainedMessage, lookupRetainedMessages, lookupRetainedUsage, forwardMessage. Stands before Router, so that a message is
 * stored before it is routed: a subscription made meanwhile gets it one way or the other.
 */
export class RetainManager
  extends Middleware<RetainManagerConfig, 'connect'>
  implements Handles<'relayMessage' | 'topicSubscribed' | 'sessionReady' | 'topicUnsubscribed'>
{
  override readonly packets = ['connect'] as const
  override readonly requires = ['forwardMessage'] as const
  override readonly executes = [
    'storeRetainedMessage',
    'lookupRetainedMessages',
    'lookupRetainedUsage'
  ] as const
  override readonly before = ['Router'] as const
  /** null until what the backend has is counted, or another RetainManager hands it over. */
  #counted: RetainedUsage | null = null
  #lines = new Map<Session, Line>()
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

  /** Counts what the backend has kept. */
  override async ready(): Promise<void> {
    if (this.#counted) return
    this.#counted = new RetainedUsage()
    if (!this.stack.handles('lookupRetainedUsage')) return
    let cursor: Cursor
    do {
      const page: Page<RetainedUsageEntry> = { items: [] }
      await this.stack.execute('lookupRetainedUsage', { limit: 1000, cursor }, page)
      for (const entry of page.items) this.#counted.found(entry)
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return { usage: this.#counted, lines: this.#lines }
  }

  override importState(state: { usage: RetainedUsage; lines: Map<Session, Line> }): void {
    this.#counted = state.usage
    this.#lines = state.lines
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
    const line = this.#lineOf(session)
    line.paced ||= session.ready
    line.turns.add(subscription.topic, sending)
    if (!line.resting && line.turns.head === sending) this.#goOn(line)
  }

  topicUnsubscribed({ session, topic }: Ctx<'topicUnsubscribed'>): void {
    const sending = this.#lines.get(session)?.turns.get(topic)
    if (sending) this.#end(sending)
  }

  sessionReady({ session }: Ctx<'sessionReady'>): void {
    const line = this.#lines.get(session)
    if (!line || !session.ready) return
    line.paced = true
    const { head } = line.turns
    if (head && head.rest.length > 0) this.#send(line, head, head.rest)
    else if (!line.resting) this.#goOn(line)
  }

  override uninstall(client: Client): void {
    // One that takes this one's place goes on with them.
    if (!client.isOpen && client.session) this.#lines.delete(client.session)
  }

  #hasRoomFor(size: number): boolean {
    const { messages, bytes } = this.#usage
    return messages < this.config.maximumMessages && bytes + size <= this.config.maximumBytes
  }

  /** An empty payload removes what the topic has [5.0 MQTT-3.3.1-6]. */
  #keep(packet: PublishPacket): MaybePromise<void> {
    const kept = packet instanceof Publish ? packet.clone().detach() : packet
    const store: { replaced: number | null } = { replaced: null }
    if (this.#lines.size > 0) this.#outdate(packet.topic)
    const usage = this.#usage
    const stored = this.#store.run({ packet: kept }, store)
    if (stored === undefined) return usage.stored(kept, store.replaced)
    return stored.then(() => usage.stored(kept, store.replaced))
  }

  async #removeExpired(): Promise<void> {
    for (const topic of this.#usage.expired(this.stack.clock.now())) {
      await this.#keep(Publish.from({ topic, retain: true }))
    }
  }

  /** What subscriptions are about to get of this topic is not the newest any more. */
  #outdate(topic: string): void {
    for (const { turns } of this.#lines.values()) {
      const { head } = turns
      // The others have not asked for a page.
      if (head && topicMatches(head.subscription.topic, topic)) head.changed.add(topic)
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

  #lineOf(session: Session): Line {
    const known = this.#lines.get(session)
    if (known) return known
    const line: Line = { session, turns: new Turns(), paced: false, resting: false }
    this.#lines.set(session, line)
    return line
  }

  /** The next page, if the receiver takes one; else see sessionReady. */
  #goOn(line: Line): void {
    const { head } = line.turns
    // Of a connection that is over.
    if (head && line.session.client !== head.client) this.#end(head)
    else if (head && !head.busy && head.rest.length === 0 && !isSlow(line, head)) this.#sendPage(line, head)
  }

  #sendPage(line: Line, sending: Sending): void {
    const { cursor, subscription } = sending
    // A search may find nothing and have looked at everything.
    if (parseFilter(subscription.topic)?.wildcard) this.#rest(line)
    sending.busy = true
    sending.changed.clear()
    const page: Page<PublishPacket> = { items: [] }
    const ctx = { filter: subscription.topic, limit: this.config.pageSize, cursor }
    const read = () => {
      sending.busy = false
      sending.cursor = page.cursor
      this.#send(line, sending, page.items)
    }
    try {
      const found = this.stack.execute('lookupRetainedMessages', ctx, page)
      if (isThenable(found)) found.then(read).catch(err => this.#fail(sending, err))
      else read()
    } catch (err) {
      this.#fail(sending, err as Error)
    }
  }

  #send(line: Line, sending: Sending, items: readonly PublishPacket[]): void {
    sending.rest = []
    for (let i = 0; i < items.length; i++) {
      if (!this.#isCurrent(sending)) {
        this.#end(sending)
        return
      }
      if (isSlow(line, sending)) {
        sending.rest = items.slice(i)
        return
      }
      this.#forward(sending, items[i]!)
    }
    if (sending.cursor === undefined) this.#end(sending)
    else this.#rest(line)
  }

  /** A turn for the others; then on, at once or when the receiver has taken what there is: see sessionReady. */
  #rest(line: Line): void {
    if (line.resting) return
    line.resting = true
    this.stack.clock.defer(() => {
      line.resting = false
      if (this.#lines.get(line.session) !== line) return
      if (line.turns.size === 0) this.#lines.delete(line.session)
      else this.#goOn(line)
    })
  }

  #isCurrent(sending: Sending): boolean {
    const { session, client, subscription } = sending
    return session.client === client && this.#lines.get(session)?.turns.get(subscription.topic) === sending
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
    const { session, subscription } = sending
    const line = this.#lines.get(session)
    if (line?.turns.get(subscription.topic) !== sending) return
    line.turns.delete(subscription.topic)
    if (line.turns.size > 0) this.#rest(line)
    else if (!line.resting) this.#lines.delete(session)
  }

  #fail(sending: Sending, err: Error): void {
    this.#end(sending)
    this.stack.emit('error', err, sending.client, null)
  }
}

/** Whether its receiver has to read first. */
function isSlow({ session, paced }: Line, { client }: Sending): boolean {
  return client.congested || (paced && !session.ready)
}
