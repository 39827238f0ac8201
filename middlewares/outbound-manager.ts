import { toError } from '../lib/errors.js'
import type {
  Chain,
  Client,
  Ctx,
  ForwardContext,
  Handles,
  MaybePromise,
  Outcome,
  OutgoingMessage,
  PacketOf,
  QoS,
  Session,
  Timer
} from '../lib/index.js'
import { after, DONE, Middleware, Publish, Reason, Slot } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { Backlog } from '../lib/session/backlog.js'
import { Congestion } from '../lib/session/congestion.js'
import { Drops } from '../lib/session/drops.js'
import { Leftovers } from '../lib/session/leftovers.js'
import { OutboundLine } from '../lib/session/outbound-line.js'
import { Outgoing } from '../lib/session/outgoing.js'
import { Sender } from '../lib/session/sender.js'
import { Transmitter } from '../lib/session/transmitter.js'

export interface OutboundManagerConfig {
  /** Unacknowledged QoS 1 and 2 messages towards one client; the client's Receive Maximum may lower it. Default: 1024. */
  maximumInflight: number
  /** Messages that wait for one session, online or not. Default: 100 000. */
  maximumQueuedMessages: number
  /** Bytes of payload that wait for one session. Default: 64 MiB. */
  maximumQueuedBytes: number
  /** How long a receiver that does not keep up may slow its publishers down, in ms. Default: 1000. */
  slowTimeout: number
  /** Uses topic aliases towards clients that take them. Default: true. */
  topicAliases: boolean
}

const ranges: Range<OutboundManagerConfig> = {
  maximumInflight: [1, 65_535],
  maximumQueuedMessages: [0, Number.POSITIVE_INFINITY],
  maximumQueuedBytes: [0, Number.POSITIVE_INFINITY],
  slowTimeout: [0, 3_600_000]
}

/** How often what stays in flight lets go of the chunks it came in, in ms. */
const detachInterval = 1000

/** Messages that may wait for a connected client before its publishers are slowed down. */
const longBacklog = 2048
type Acks = 'puback' | 'pubrec' | 'pubcomp'

/**
 * The sending side of QoS 0, 1 and 2: one ordered line a session, a window, acknowledgements, and everything again
 * when a session is resumed (MQTT 5.0, 4.3, 4.4, 4.6, 4.9; MQTT 3.1.1, 4.3, 4.4, 4.6). Slows publishers down for
 * receivers that do not keep up.
 * Handles: forwardMessage, clientConnected, sessionResumed, sessionEnded, clientCongested, clientDrained.
 * Executes: messageDelivered, messageDropped, sessionReady, forwardToGroup, storeInflight, removeInflight,
 * lookupInflight, storeOfflineMessage, lookupOfflineMessages, removeOfflineMessages, lookupOfflineUsage, commit. Stands
 * after SessionManager.
 */
export class OutboundManager
  extends Middleware<OutboundManagerConfig, Acks>
  implements
    Handles<
      | 'forwardMessage'
      | 'clientConnected'
      | 'sessionResumed'
      | 'sessionEnded'
      | 'clientCongested'
      | 'clientDrained'
    >
{
  override readonly packets = ['puback', 'pubrec', 'pubcomp'] as const
  override readonly executes = [
    ...(['messageDelivered', 'messageDropped', 'sessionReady', 'forwardToGroup'] as const),
    ...(['storeInflight', 'removeInflight', 'lookupInflight'] as const),
    ...(['storeOfflineMessage', 'lookupOfflineMessages', 'removeOfflineMessages'] as const),
    ...(['lookupOfflineUsage', 'commit'] as const)
  ]
  override readonly after = ['SessionManager'] as const
  #lines!: Slot<OutboundLine>
  #congestion = new Congestion()
  #transmitter!: Transmitter
  #backlog!: Backlog
  #leftovers!: Leftovers
  #drops!: Drops
  #sender!: Sender
  #timers: Timer[] = []
  #delivered!: Chain<Ctx<'messageDelivered'>, void>

  constructor(config: Partial<OutboundManagerConfig> = {}) {
    super(config, {
      ...{ maximumInflight: 1024, maximumQueuedMessages: 100_000, maximumQueuedBytes: 67_108_864 },
      ...{ slowTimeout: 1000, topicAliases: true }
    })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    const { stack } = this
    this.#lines ??= new Slot(stack)
    this.#transmitter = new Transmitter(stack)
    this.#drops = new Drops(stack)
    this.#leftovers = new Leftovers(stack, this.#drops)
    this.#sender = new Sender(stack, this.#drops, this.#transmitter)
    this.#backlog = new Backlog(stack, this.config, this.#drops, this.#sender)
    this.#delivered = stack.chain('messageDelivered')
    const interval = Math.max(10, Math.min(250, this.config.slowTimeout / 2))
    this.#timers = [
      stack.clock.every(interval, () => this.#congestion.giveUp(stack.clock.now(), this.config.slowTimeout)),
      stack.clock.every(detachInterval, () => this.#detach())
    ]
  }

  override stop(): void {
    for (const timer of this.#timers) timer.cancel()
    this.#sender.stop()
  }

  override exportState(): unknown {
    return { lines: this.#lines, congestion: this.#congestion }
  }

  override importState(state: { lines: Slot<OutboundLine>; congestion: Congestion }): void {
    this.#lines = state.lines
    this.#congestion = state.congestion
  }

  override handle(client: Client, packet: PacketOf<Acks>): Outcome {
    const session = client.session!
    const line = this.#lines.get(session)
    if (packet.cmd === 'pubrec') this.#received(client, session, line, packet)
    else if (line) this.#acknowledged(client, session, line, packet)
    return DONE
  }

  forwardMessage(ctx: ForwardContext): void {
    const { session, subscription } = ctx
    if (session.ended) return
    const packet = ctx.packet instanceof Publish ? ctx.packet : Publish.from(ctx.packet)
    const qos = Math.min(packet.qos, subscription.qos) as QoS
    const { client } = session
    if (qos === 0) {
      if (client !== null && client.state === 'connected') this.#sendOnce(client, session, packet, ctx)
      else this.#drops.tell(null, session.id, packet, 'offline')
      return
    }
    const line = this.#lineOf(session)
    const message = new Outgoing(packet, qos, ctx.retain, subscription.identifiers, ctx.group)
    if (client !== null && line.isClear && !client.congested) {
      this.#sender.send(client, session, line, message)
      return
    }
    this.#backlog.add(session, line, message)
    if (client?.state !== 'connected' || line.backlog < longBacklog) return
    this.#jam(session)
    // Its own acknowledgements have to be read for its backlog to become shorter.
    if (ctx.publisher !== null && ctx.publisher !== client) this.#congestion.hold(session, ctx.publisher)
  }

  clientConnected({ client }: Ctx<'clientConnected'>): void {
    // Somebody may have closed it on hearing of it.
    if (!client.isOpen) return
    const session = client.session!
    session.ready = true
    const line = this.#lines.get(session)
    if (!line) return
    line.open(client, this.config.maximumInflight, this.config.topicAliases)
    this.#pump(client, session, line)
  }

  /** After a restart what is in flight comes from the backend; before one it is still in the line. */
  sessionResumed({ session }: Ctx<'sessionResumed'>): MaybePromise<void> {
    const known = this.#lines.get(session)
    if (known?.complete || !this.stack.handles('lookupInflight')) return
    const line = known ?? this.#newLine(session)
    line.unread = this.stack.handles('lookupOfflineMessages')
    const found = { messages: [] as OutgoingMessage[] }
    return after(this.stack.execute('lookupInflight', { clientId: session.id }, found), () =>
      line.restore(found.messages)
    )
  }

  override uninstall(client: Client): void {
    const { session } = client
    if (client.isOpen || session?.client !== client) return
    const line = this.#lines.get(session)
    line?.close()
    line?.detach()
    // Last: publishers that go on find the line closed.
    this.#congestion.end(session)
  }

  sessionEnded({ session }: Ctx<'sessionEnded'>): void {
    const line = this.#lines.get(session)
    this.#lines.delete(session)
    session.ready = false
    this.#leftovers.settle(session, line)
    this.#congestion.end(session)
  }

  clientCongested({ client }: Ctx<'clientCongested'>): void {
    if (client.session) this.#jam(client.session)
  }

  clientDrained({ client }: Ctx<'clientDrained'>): void {
    const { session } = client
    if (session?.client !== client || client.state !== 'connected') return
    const line = this.#lines.get(session)
    if (line) this.#pump(client, session, line)
    this.#clear(client, session, line)
  }

  #sendOnce(
    client: Client,
    session: Session,
    packet: Publish,
    { retain, subscription, publisher }: ForwardContext
  ): void {
    if (client.congested) {
      if (this.#congestion.isStuck(session)) {
        this.#drops.tell(client, session.id, packet, 'slow-consumer')
        return
      }
      if (publisher !== null) this.#congestion.hold(session, publisher)
    }
    const aliases = client.topicAliasMaximum > 0 ? this.#lineOf(session).aliases : null
    const lost = this.#transmitter.send(
      client,
      packet,
      0,
      retain,
      false,
      0,
      subscription.identifiers,
      aliases
    )
    if (lost !== null) this.#drops.tell(client, session.id, packet, lost)
    else if (this.#delivered.size > 0) this.#delivered.tell({ client, packet, qos: 0 })
  }

  /** Sends what may be sent: first again what was in flight, then what waits. */
  #pump(client: Client, session: Session, line: OutboundLine): void {
    if (client.state !== 'connected') return
    for (let next = line.nextAgain(); next && !client.congested; next = line.nextAgain()) {
      if (!next.released && line.used >= line.window) return
      line.again.shift()
      this.#sender.sendAgain(client, session, line, next)
    }
    this.#backlog.pump(client, session, line)
  }

  #received(
    client: Client,
    session: Session,
    line: OutboundLine | undefined,
    packet: PacketOf<'pubrec'>
  ): void {
    const { messageId, reasonCode } = packet
    const message = line?.inflight.get(messageId)
    if (!line || message?.qos !== 2) {
      if (reasonCode >= 0x80) return
      const unknown = client.version === 5 ? Reason.PacketIdentifierNotFound : Reason.Success
      client.write({ cmd: 'pubrel', messageId, reasonCode: unknown })
      return
    }
    if (reasonCode >= 0x80) {
      this.#sender.settle(session, line, message)
      this.#drops.tell(client, session.id, message.packet, 'refused')
      this.#advance(client, session, line)
      return
    }
    this.#sender.release(client, session, line, message)
  }

  #acknowledged(
    client: Client,
    session: Session,
    line: OutboundLine,
    { cmd, messageId, reasonCode }: PacketOf<Acks>
  ): void {
    const message = line.inflight.get(messageId)
    if (!message || (cmd === 'puback' ? message.qos !== 1 : !message.released)) return
    this.#sender.settle(session, line, message)
    // A PUBACK of 0x80 or more is an acknowledgement, too: nobody else gets the message [5.0 MQTT-4.8.2-6].
    if (cmd === 'puback' && reasonCode >= 0x80)
      this.#drops.tell(client, session.id, message.packet, 'refused')
    else if (this.#delivered.size > 0)
      this.#delivered.tell({ client, packet: message.packet, qos: message.qos })
    this.#advance(client, session, line)
  }

  #advance(client: Client, session: Session, line: OutboundLine): void {
    if (line.backlog > 0 || line.unread || line.again.size > 0) this.#pump(client, session, line)
    if (!session.ready) this.#clear(client, session, line)
  }

  #detach(): void {
    for (const { session } of this.stack.clients.values()) if (session) this.#lines.get(session)?.detach()
  }

  /** It does not keep up. */
  #jam(session: Session): void {
    session.ready = false
    this.#congestion.begin(session, this.stack.clock.now())
  }

  /** It keeps up again, if it does. */
  #clear(client: Client, session: Session, line: OutboundLine | undefined): void {
    if (client.congested || (line && line.backlog > longBacklog / 2)) return
    session.ready = true
    this.#congestion.end(session)
    this.stack.chain('sessionReady').tell({ session })
  }

  #lineOf(session: Session): OutboundLine {
    const known = this.#lines.get(session)
    if (known) return known
    const line = this.#newLine(session)
    const { client } = session
    if (client?.state === 'connected')
      line.open(client, this.config.maximumInflight, this.config.topicAliases)
    return line
  }

  /** What a backend has kept for the session since before a restart counts against the limits. */
  #newLine(session: Session): OutboundLine {
    const line = this.#lines.set(session, new OutboundLine())
    if (!session.persistent || !this.stack.handles('lookupOfflineUsage')) return line
    const usage = { count: 0, bytes: 0 }
    this.stack.execute('lookupOfflineUsage', { clientId: session.id }, usage, err => {
      if (err) this.stack.emit('error', toError(err), session.client, null)
      line.stored = Math.max(line.stored, usage.count)
      line.bytes = Math.max(line.bytes, usage.bytes)
    })
    return line
  }
}
