import type {
  Client,
  ConnectPacket,
  Ctx,
  DisconnectPacket,
  MaybePromise,
  Outcome,
  StoredSession,
  Timer
} from '../lib/index.js'
import { after, Middleware, MqttError, NEVER, Session } from '../lib/index.js'
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
 * Requires: claimClientId. Executes: sessionResumed, sessionEnded, storeSession, removeSession, lookupSessions,
 * lookupSubscriptions, subscribeTopic. Stands after Authentication and LastWill.
 */
export class SessionManager extends Middleware<SessionManagerConfig, 'disconnect'> {
  override readonly packets = ['disconnect'] as const
  override readonly finishes = ['connect'] as const
  override readonly requires = ['claimClientId'] as const
  override readonly executes = [
    'sessionResumed',
    'sessionEnded',
    'storeSession',
    'removeSession',
    'lookupSessions',
    'lookupSubscriptions',
    'subscribeTopic'
  ] as const
  override readonly after = ['Connection', 'Authentication'] as const
  /** Offline, with a time to end. */
  #expiring = new Set<Session>()
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
    return this.#expiring
  }

  override importState(state: Set<Session>): void {
    this.#expiring = state
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
    const { sessions } = this.stack
    let session = sessions.get(client.id)
    if (session && (packet.clean || this.#isOver(session))) {
      this.#end(session, packet.clean ? 'clean-start' : 'expired')
      session = undefined
    }
    const present = session !== undefined
    session ??= new Session(client.id)
    const stored = session.persistent
    sessions.set(client.id, session)
    this.#expiring.delete(session)
    session.client = client
    session.expiresAt = 0
    session.expiryInterval = this.#grantedExpiry(client, packet)
    client.session = session
    client.connack!.sessionPresent = present
    if (session.persistent || stored) this.#store(session)
    if (present) return after(this.stack.execute('sessionResumed', { client, session }), () => {})
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
    if (session.expiryInterval === 0 && asked > 0) {
      throw new MqttError('ProtocolError', 'DISCONNECT sets a session expiry and CONNECT had none')
    }
    session.expiryInterval = Math.min(asked, this.config.maximumSessionExpiry)
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
    const session = new Session(stored.clientId)
    const now = this.stack.clock.now()
    session.expiryInterval = stored.expiryInterval
    if (stored.expiryInterval === 0) {
      this.stack.chain('removeSession').tell({ clientId: stored.clientId })
      return
    }
    // A crash leaves sessions that look connected: they went offline now.
    if (stored.expiryInterval !== NEVER)
      session.expiresAt = stored.expiresAt ?? now + stored.expiryInterval * 1000
    if (session.expiresAt > 0) this.#expiring.add(session)
    this.stack.sessions.set(session.id, session)
    const kept = await this.stack.execute(
      'lookupSubscriptions',
      { clientId: session.id },
      { subscriptions: [] }
    )
    for (const subscription of kept.subscriptions) {
      session.subscriptions.set(subscription.topic, subscription)
      const routed = { grant: subscription.qos, existed: false }
      await this.stack.execute(
        'subscribeTopic',
        { client: null, session, subscription, restored: true },
        routed
      )
    }
  }
}
