import { EventEmitter } from 'eventemitter3'
import type {
  CallbackName,
  Client,
  ConnectPacket,
  Ctx,
  DropReason,
  Handles,
  PublishPacket,
  QoS,
  Session,
  Subscription
} from '../lib/index.js'
import { Middleware } from '../lib/index.js'

/** What a broker tells the program it runs in. */
export interface BrokerEvents {
  connect: [event: { client: Client; packet: ConnectPacket; sessionPresent: boolean }]
  disconnect: [event: { client: Client; clean: boolean; err: Error | null }]
  /** A message was accepted; `client` is null for wills and for what the server publishes. */
  publish: [event: { client: Client | null; packet: PublishPacket; matched: number }]
  subscribe: [event: { client: Client; session: Session; subscription: Subscription; existed: boolean }]
  unsubscribe: [event: { client: Client | null; session: Session; topic: string }]
  delivered: [event: { client: Client; packet: PublishPacket; qos: QoS }]
  dropped: [
    event: { client: Client | null; clientId: string | null; packet: PublishPacket; reason: DropReason }
  ]
  error: [err: Error, client: Client | null]
}

type Fact =
  | 'clientConnected'
  | 'clientDisconnected'
  | 'messagePublished'
  | 'topicSubscribed'
  | 'topicUnsubscribed'
  | 'messageDelivered'
  | 'messageDropped'

const factOf = {
  connect: 'clientConnected',
  disconnect: 'clientDisconnected',
  publish: 'messagePublished',
  subscribe: 'topicSubscribed',
  unsubscribe: 'topicUnsubscribed',
  delivered: 'messageDelivered',
  dropped: 'messageDropped'
} as const satisfies Partial<Record<keyof BrokerEvents, CallbackName>>

/** An emitter that says when somebody begins or ends to listen. */
class WatchedEmitter extends EventEmitter<BrokerEvents> {
  changed: () => void = () => {}

  override on(...args: Parameters<EventEmitter<BrokerEvents>['on']>): this {
    super.on(...args)
    this.changed()
    return this
  }

  override addListener(...args: Parameters<EventEmitter<BrokerEvents>['on']>): this {
    return this.on(...args)
  }

  override once(...args: Parameters<EventEmitter<BrokerEvents>['once']>): this {
    super.once(...args)
    this.changed()
    return this
  }

  override removeListener(...args: Parameters<EventEmitter<BrokerEvents>['removeListener']>): this {
    super.removeListener(...args)
    this.changed()
    return this
  }

  override off(...args: Parameters<EventEmitter<BrokerEvents>['removeListener']>): this {
    return this.removeListener(...args)
  }

  override removeAllListeners(...args: Parameters<EventEmitter<BrokerEvents>['removeAllListeners']>): this {
    super.removeAllListeners(...args)
    this.changed()
    return this
  }
}

/**
 * Turns facts into events of an eventemitter3. A fact nobody listens to is muted: it is not even in the plan, so a
 * broker without listeners pays nothing for them.
 * Handles: clientConnected, clientDisconnected, messagePublished, topicSubscribed, topicUnsubscribed,
 * messageDelivered, messageDropped. Stands anywhere.
 */
export class PacketEmitter extends Middleware implements Handles<Fact> {
  #events = new WatchedEmitter()
  muted: ReadonlySet<string> = new Set(Object.values(factOf))

  constructor() {
    super()
    this.#events.changed = () => this.#mute()
  }

  get events(): EventEmitter<BrokerEvents> {
    return this.#events
  }

  override start(): void {
    this.stack.on('error', this.#error)
  }

  override stop(): void {
    this.stack.off('error', this.#error)
  }

  /** Who listens goes on listening. */
  override exportState(): unknown {
    return this.#events
  }

  override importState(events: unknown): void {
    if (!(events instanceof WatchedEmitter)) return
    this.#events = events
    events.changed = () => this.#mute()
    this.#mute()
  }

  readonly #error = (err: Error, client: Client | null) => {
    this.events.emit('error', err, client)
  }

  clientConnected(ctx: Ctx<'clientConnected'>): void {
    this.events.emit('connect', ctx)
  }

  clientDisconnected(ctx: Ctx<'clientDisconnected'>): void {
    this.events.emit('disconnect', ctx)
  }

  messagePublished(ctx: Ctx<'messagePublished'>): void {
    this.events.emit('publish', ctx)
  }

  topicSubscribed(ctx: Ctx<'topicSubscribed'>): void {
    this.events.emit('subscribe', ctx)
  }

  topicUnsubscribed(ctx: Ctx<'topicUnsubscribed'>): void {
    this.events.emit('unsubscribe', ctx)
  }

  messageDelivered(ctx: Ctx<'messageDelivered'>): void {
    this.events.emit('delivered', ctx)
  }

  messageDropped(ctx: Ctx<'messageDropped'>): void {
    this.events.emit('dropped', ctx)
  }

  #mute(): void {
    const silent = Object.entries(factOf).filter(
      ([event]) => this.events.listenerCount(event as keyof BrokerEvents) === 0
    )
    const muted = new Set<string>(silent.map(([, fact]) => fact))
    const same = muted.size === this.muted.size && [...muted].every(fact => this.muted.has(fact))
    this.muted = muted
    if (!same) this.stack?.refresh()
  }
}
