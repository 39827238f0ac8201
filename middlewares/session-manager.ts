import { toError } from '../lib/errors.js'
import type {
  Client,
  ConnectPacket,
  Ctx,
  DisconnectPacket,
  MaybePromise,
  Outcome,
  StoredSession,
  Subscription,
  Timer
} from '../lib/index.js'
import { after, isThenable, Middleware, MqttError, NEVER, Session } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'

export interface SessionManagerConfig {
  /**
   * The longest a session outlives its connection, in seconds; MQTT 5 clients that ask for more are told. Sessions
   * of MQTT 3 with clean session 0 get this. Default: 0xFFFFFFFF, for ever.
   */
  maximumSessionExpiry: number
  /** How often expired sessions are looked for, in ms. Default: 1000. */
  sweepInterval: number
}

const ranges: Range<SessionManagerConfig> = {
  maximumSessionExpiry: [0, NEVER],
  sweepInterval: [10, 3_600_000]
}

type EndReason = Ctx<'sessionEnded'>['reason']

/**
 * Keeps sessions: makes them, brings them back, ends them (MQTT 5.0, 3.1.2.4, 3.1.2.11.2, 4.1; MQTT 3.1.1, 3.1.2.4).
 * Executes: claimClientId, sessionResumed, sessionEnded, storeSession, removeSession, commit, lookupSessions,
 * lookupSubscriptions, subscribeTopic, unsubscribeTopic, removeSubscription. Stands after Connection, Authentication,
 * Authorize and LastWill.
 */
export class SessionManager extends Middleware<SessionManagerConfig, 'disconnect'> {
  override readonly packets = ['disconnect'] as const
  override readonly finishes = ['connect'] as const
  override readonly requires = ['claimClientId'] as const
  override readonly executes = [
    ...(['sessionResumed', 'sessionEnded', 'storeSession', 'removeSession', 'commit'] as const),
    ...(['lookupSessions', 'lookupSubscriptions', 'removeSubscription'] as const),
    ...(['subscribeTopic', 'unsubscribeTopic'] as const)
  ]
  override readonly after = ['Connection', 'Authentication', 'Authorize', 'LastWill'] as const
  /** Offline, with a time to end. */
  #expiring = new Set<Session>()
  /** By client id: those who were told sessionResumed and have not settled. */
  #resuming = new Map<string, Promise<void>>()
  #handedOver = false
  #sweep: Timer | null = null

  constructor(config: Partial<SessionManagerConfig> = {}) {
    super(config, { maximumSessionExpiry: NEVER, sweepInterval: 1000 })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#sweep = this.stack.clock.every(this.config.sweepInterval, () => this.#endExpired())
  }

  /** Brings back what the backend kept; nobody is told, restoring is not subscribing. */
  override async ready(): Promise<void> {
    if (this.#handedOver) return
    // On a running stack there may be sessions that another one has made.
    for (const session of this.stack.sessions.values()) if (session.expiresAt > 0) this.#expiring.add(session)
    if (!this.stack.handles('lookupSessions')) return
    let cursor: unknown
    do {
      const page = await this.stack.execute('lookupSessions', { limit: 1000, cursor }, { items: [] })
      for (const stored of page.items) await this.#restore(stored)
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  override stop(): void {
    this.#sweep?.cancel()
  }

  override exportState(): unknown {
    return { expiring: this.#expiring, resuming: this.#resuming }
  }

  override importState(state: { expiring: Set<Session>; resuming: Map<string, Promise<void>> }): void {
    this.#expiring = state.expiring
    this.#resuming = state.resuming
    this.#handedOver = true
  }

  override handle(client: Client, packet: DisconnectPacket): Outcome {
    return this.#changeExpiry(client, packet)
  }

  /**
   * Everybody has agreed to the CONNECT: only now is an older connection closed and an older session ended. A CONNECT
   * that is refused changes nothing.
   */
  override finish(client: Client, packet: ConnectPacket): Outcome {
    const claimed = this.stack.execute('claimClientId', { client, clientId: client.id })
    return after(claimed, () => this.#open(client, packet))
  }

  override uninstall(client: Client): void {
    const { session } = client
    if (client.isOpen || session?.client !== client) return
    session.client = null
    session.ready = false
    if (!session.persistent) {
      this.#end(session, 'closed')
      return
    }
    if (session.expiryInterval !== NEVER) {
      session.expiresAt = this.stack.clock.now() + session.expiryInterval * 1000
      this.#expiring.add(session)
    }
    this.#store(session)
  }

  #open(client: Client, packet: ConnectPacket): MaybePromise<void> {
    if (!client.isOpen) return
    // It is still being restored for a connection that went away meanwhile.
    const resuming = this.#resuming.get(client.id)
    if (resuming) return resuming.then(() => this.#open(client, packet))
    const { sessions } = this.stack
    let session = sessions.get(client.id)
    let promised = session !== undefined
    if (session && (packet.clean || this.#isOver(session))) {
      this.#end(session, packet.clean ? 'clean-start' : 'expired')
      session = undefined
    }
    const present = session !== undefined
    session ??= new Session(client.id)
    sessions.set(client.id, session)
    this.#expiring.delete(session)
    session.client = client
    session.expiresAt = 0
    session.expiryInterval = this.#grantedExpiry(client, packet)
    client.session = session
    client.connack!.sessionPresent = present
    if (session.persistent || present) {
      this.#store(session)
      promised = true
    }
    return after(present ? this.#resume(client, session) : undefined, () => {
      if (promised) return this.#commit()
    })
  }

  #resume(client: Client, session: Session): MaybePromise<void> {
    const resumed = this.stack.execute('sessionResumed', { client, session })
    if (!isThenable(resumed)) return
    const settled = () => {
      this.#resuming.delete(session.id)
    }
    this.#resuming.set(session.id, (resumed as Promise<void>).then(settled, settled))
    return resumed as Promise<void>
  }

  /** What a CONNACK says of a session is durable before it goes out (DESIGN 6). */
  #commit(): MaybePromise<void> {
    if (this.stack.handles('commit')) return after(this.stack.execute('commit', {}), () => {})
  }

  #grantedExpiry(client: Client, packet: ConnectPacket): number {
    const { maximumSessionExpiry } = this.config
    if (packet.protocolVersion !== 5) return packet.clean ? 0 : maximumSessionExpiry
    const asked = packet.properties?.sessionExpiryInterval ?? 0
    if (asked <= maximumSessionExpiry) return asked
    client.connack!.properties!.sessionExpiryInterval = maximumSessionExpiry
    return maximumSessionExpiry
  }

  /** DISCONNECT may set another interval, but not one for a session that was to end (MQTT 5.0, 3.14.2.2.2). */
  #changeExpiry({ session }: Client, { properties }: DisconnectPacket): void {
    const asked = properties?.sessionExpiryInterval
    if (asked === undefined || session === null) return
    const { maximumSessionExpiry } = this.config
    if (session.expiryInterval === 0 && asked > 0 && maximumSessionExpiry > 0) {
      throw new MqttError('ProtocolError', 'DISCONNECT sets a session expiry and CONNECT had none')
    }
    session.expiryInterval = Math.min(asked, maximumSessionExpiry)
  }

  #isOver(session: Session): boolean {
    return session.expiresAt > 0 && session.expiresAt <= this.stack.clock.now()
  }

  #endExpired(): void {
    for (const session of this.#expiring) if (this.#isOver(session)) this.#end(session, 'expired')
  }

  #end(session: Session, reason: EndReason): void {
    session.ended = true
    session.ready = false
    session.client = null
    this.#expiring.delete(session)
    if (this.stack.sessions.get(session.id) === session) this.stack.sessions.delete(session.id)
    this.stack.chain('sessionEnded').tell({ session, reason })
    this.stack.chain('removeSession').tell({ clientId: session.id })
  }

  #store(session: Session): void {
    const { id, expiryInterval, expiresAt } = session
    const stored: StoredSession = { clientId: id, expiryInterval, expiresAt: expiresAt || null }
    this.stack.chain('storeSession').tell({ session: stored })
  }

  async #restore(stored: StoredSession): Promise<void> {
    if (this.stack.sessions.has(stored.clientId)) return
    if (stored.expiryInterval === 0) {
      this.stack.chain('removeSession').tell({ clientId: stored.clientId })
      return
    }
    const session = new Session(stored.clientId)
    session.expiryInterval = stored.expiryInterval
    this.stack.sessions.set(session.id, session)
    if (stored.expiryInterval !== NEVER) {
      session.expiresAt = stored.expiresAt ?? this.stack.clock.now() + stored.expiryInterval * 1000
      this.#expiring.add(session)
      // A crash leaves sessions that look connected: they went offline now, and not again at the next start.
      if (stored.expiresAt === null) this.#store(session)
    }
    const kept = await this.stack.execute(
      'lookupSubscriptions',
      { clientId: session.id },
      { subscriptions: [] }
    )
    for (const subscription of kept.subscriptions) await this.#route(session, subscription)
  }

  /** A subscription somebody refuses now is not brought back; any other error keeps the stack from starting. */
  async #route(session: Session, subscription: Subscription): Promise<void> {
    const { topic, qos } = subscription
    session.subscriptions.set(topic, subscription)
    const routed: { grant: number; existed: boolean } = { grant: qos, existed: false }
    try {
      const ctx = { client: null, session, subscription, restored: true }
      await this.stack.execute('subscribeTopic', ctx, routed)
      if (routed.grant <= 2) return
    } catch (thrown) {
      if (!(toError(thrown) instanceof MqttError)) throw thrown
    }
    session.subscriptions.delete(topic)
    await this.stack.execute('unsubscribeTopic', { client: null, session, topic }, { existed: false })
    this.stack.chain('removeSubscription').tell({ clientId: session.id, topic }, { existed: false })
  }
}
