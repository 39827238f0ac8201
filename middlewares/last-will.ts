import { toError } from '../lib/errors.js'
import type {
  Client,
  ConnectPacket,
  Ctx,
  DropReason,
  Handles,
  Session,
  StoredWill,
  Timer
} from '../lib/index.js'
import { isThenable, isTopicName, Middleware, MqttError, Publish, Slot } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { isServerTopic } from '../lib/topics/index.js'

export interface LastWillConfig {
  /** How often delayed wills are looked at, in ms: how late one may be. Default: 250. */
  sweepInterval: number
}

const ranges: Range<LastWillConfig> = { sweepInterval: [10, 60_000] }

interface Will {
  readonly packet: Publish
  /** Seconds. */
  readonly delay: number
}

/** A will that waits for its time, or for the end of its session. */
interface Pending {
  readonly will: Will
  /** Milliseconds since the epoch. */
  readonly dueAt: number
}

/**
 * Publishes the will of a client that did not say goodbye, after its delay or when its session ends, whichever
 * comes first (MQTT 5.0, 3.1.2.5, 3.1.3.2.2; MQTT 3.1.1, 3.1.2.5).
 * Handles: clientConnected, cleanDisconnect, uncleanDisconnect, sessionResumed, sessionEnded.
 * Executes: storeWill, removeWill, lookupWills, messageDropped, relayMessage, messagePublished. Stands after
 * Authorize, which may lower its QoS, and before SessionManager.
 */
export class LastWill
  extends Middleware<LastWillConfig, 'connect'>
  implements
    Handles<'clientConnected' | 'cleanDisconnect' | 'uncleanDisconnect' | 'sessionResumed' | 'sessionEnded'>
{
  override readonly packets = ['connect'] as const
  override readonly executes = [
    ...(['storeWill', 'removeWill', 'lookupWills', 'messageDropped'] as const),
    ...(['relayMessage', 'messagePublished'] as const)
  ]
  override readonly after = ['Connection', 'Authorize'] as const
  override readonly before = ['SessionManager'] as const
  #wills!: Slot<Will | null>
  /** Delayed, by client id. */
  #pending = new Map<string, Pending>()
  #handedOver = false
  #sweep: Timer | null = null

  constructor(config: Partial<LastWillConfig> = {}) {
    super(config, { sweepInterval: 250 })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#wills ??= new Slot(this.stack)
    this.#sweep = this.stack.clock.every(this.config.sweepInterval, () => this.#publishDue())
  }

  /**
   * Wills of before a restart. Those that were delayed run on; the delay of clients that were connected begins now, if
   * their sessions come back: see #publishDue().
   */
  override async ready(): Promise<void> {
    if (this.#handedOver || !this.stack.handles('lookupWills')) return
    const now = this.stack.clock.now()
    let cursor: unknown
    do {
      const page = await this.stack.execute('lookupWills', { limit: 1000, cursor }, { items: [] })
      for (const { clientId, packet, delay, dueAt } of page.items) {
        const will = { packet: packet instanceof Publish ? packet : Publish.from(packet), delay }
        const client = this.stack.clients.get(clientId)
        // Put into a running stack: who is connected goes on.
        if (client) this.#wills.set(client, will)
        else this.#pending.set(clientId, { will, dueAt: dueAt ?? now + delay * 1000 })
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return { wills: this.#wills, pending: this.#pending }
  }

  override importState(state: { wills: Slot<Will | null>; pending: Map<string, Pending> }): void {
    this.#wills = state.wills
    this.#pending = state.pending
    this.#handedOver = true
  }

  override handle(client: Client, { will }: ConnectPacket): void {
    if (!will) return
    if (!isTopicName(will.topic)) {
      throw new MqttError('TopicNameInvalid', 'the will topic is empty or has wildcards [5.0 MQTT-4.7.0-1]')
    }
    if (isServerTopic(will.topic)) {
      throw new MqttError('NotAuthorized', 'topics that begin with $SYS/ and $share/ are the server’s')
    }
    const { topic, payload, qos, retain } = will
    const { willDelayInterval = 0, ...properties } = will.properties ?? {}
    const packet = Publish.from({ topic, payload, qos, retain, ...(will.properties && { properties }) })
    this.#wills.set(client, { packet, delay: willDelayInterval })
  }

  clientConnected({ client }: Ctx<'clientConnected'>): void {
    // Somebody may have closed it on hearing of it.
    if (!client.isOpen) return
    // Of a session that did not come back after a restart: this one is another.
    const left = this.#pending.get(client.id)
    if (left) this.#publish(client.id, left.will)
    const will = this.#wills.get(client)
    if (will) this.#store(client.id, will, null)
  }

  /** DISCONNECT 0x00 discards the will unpublished [5.0 MQTT-3.14.4-3]. */
  cleanDisconnect({ client }: Ctx<'cleanDisconnect'>): void {
    if (this.#take(client)) this.#remove(client.id)
  }

  uncleanDisconnect({ client }: Ctx<'uncleanDisconnect'>): void {
    const will = this.#take(client)
    if (!will) return
    const { session } = client
    if (will.delay === 0 || session === null || session.ended || !session.persistent) {
      this.#publish(client.id, will)
      return
    }
    const dueAt = this.stack.clock.now() + will.delay * 1000
    this.#pending.set(client.id, { will, dueAt })
    this.#store(client.id, will, dueAt)
  }

  /** The client is back before the delay was over: nobody is to know [5.0 MQTT-3.1.3-9]. */
  sessionResumed({ session }: Ctx<'sessionResumed'>): void {
    if (this.#pending.delete(session.id)) this.#remove(session.id)
  }

  sessionEnded({ session }: { session: Session }): void {
    const pending = this.#pending.get(session.id)
    if (pending) this.#publish(session.id, pending.will)
  }

  #take(client: Client): Will | null {
    const will = this.#wills.get(client) ?? null
    this.#wills.delete(client)
    return will
  }

  /** What waits and has no session (any more) waits for nothing. Before the start is over nobody could get it. */
  #publishDue(): void {
    const { clock, sessions, status } = this.stack
    if (this.#pending.size === 0 || status === 'starting') return
    const now = clock.now()
    for (const [clientId, { will, dueAt }] of this.#pending) {
      if (dueAt <= now || !sessions.has(clientId)) this.#publish(clientId, will)
    }
  }

  #publish(clientId: string, { packet }: Will): void {
    this.#pending.delete(clientId)
    this.#remove(clientId)
    const published = ({ matched }: { matched: number }) => {
      if (matched === 0 && !packet.retain) this.#drop(packet, 'no-subscriber')
    }
    const failed = (thrown: unknown) => {
      const err = toError(thrown)
      if (err instanceof MqttError) this.#drop(packet, 'refused')
      this.stack.emit('error', err, null, packet)
    }
    try {
      const publishing = this.stack.publish(packet)
      if (isThenable(publishing)) (publishing as Promise<{ matched: number }>).then(published, failed)
      else published(publishing)
    } catch (thrown) {
      failed(thrown)
    }
  }

  #drop(packet: Publish, reason: DropReason): void {
    this.stack.counters.messagesDropped++
    this.stack.chain('messageDropped').tell({ client: null, clientId: null, packet, reason })
  }

  #store(clientId: string, { packet, delay }: Will, dueAt: number | null): void {
    const will: StoredWill = { clientId, packet, delay, dueAt }
    this.stack.chain('storeWill').tell({ will })
  }

  #remove(clientId: string): void {
    this.stack.chain('removeWill').tell({ clientId })
  }
}
