import type {
  Chain,
  Client,
  Ctx,
  ForwardContext,
  Handles,
  PublishPacket,
  Session,
  Store
} from '../lib/index.js'
import { Middleware, MqttError, Publish, parseFilter } from '../lib/index.js'
import {
  type Match,
  type SharedGroup,
  type SharedMember,
  SubscriptionTable,
  type Target,
  withoutNoLocal
} from '../lib/topics/index.js'

/** A match result, kept with its topic as long as it holds. */
class Kept {
  targets: Match<Session>['targets']
  groups: Match<Session>['groups']
  holds = true

  constructor({ targets, groups }: Match<Session>) {
    this.targets = targets
    this.groups = groups
  }

  /** Lets go of the sessions in it: topics live on. */
  end(): void {
    this.holds = false
    this.targets = this.groups = []
  }
}

/** Results that are kept, at most: as many as there are interned topics. */
const mostKept = 262_144

/**
 * Live routing: who is subscribed to what, and who gets a message. Matches first, merges per session, and hands each
 * session its copy once [5.0 MQTT-3.3.4-2] [3.1.1 MQTT-3.3.5-1]; of a shared group one member gets it.
 * Handles: subscribeTopic, unsubscribeTopic, relayMessage, forwardToGroup, sessionEnded.
 * Executes: forwardMessage. Stands behind what changes or stores messages.
 */
export class Router
  extends Middleware
  implements
    Handles<'subscribeTopic' | 'unsubscribeTopic' | 'relayMessage' | 'forwardToGroup' | 'sessionEnded'>
{
  override readonly requires = ['forwardMessage'] as const
  override readonly exclusive = ['forwardToGroup'] as const
  #table = new SubscriptionTable<Session>()
  /** What is kept with topics, to be taken back when a subscription changes. */
  #kept: Kept[] = []
  #stopped = false
  #forward!: Chain<ForwardContext, Store<'forwardMessage'>>

  override start(): void {
    this.#stopped = false
    this.#forward = this.stack.chain('forwardMessage')
  }

  /** In the place of a router that handed nothing over: the sessions know what they are subscribed to. */
  override ready(): void {
    const { status, sessions, connections } = this.stack
    if (status !== 'running' || this.#table.size > 0) return
    const live = new Set(sessions.values())
    for (const { session } of connections) if (session && !session.ended) live.add(session)
    for (const session of live) {
      for (const subscription of session.subscriptions.values()) {
        const filter = parseFilter(subscription.topic)
        if (filter) this.#table.add(filter, session, subscription)
      }
    }
    this.#forget()
  }

  override stop(): void {
    this.#stopped = true
    this.#forget()
  }

  override exportState(): unknown {
    return this.#table
  }

  override importState(state: SubscriptionTable<Session>): void {
    this.#table = state
  }

  /** The number of subscriptions that are routed. */
  get size(): number {
    return this.#table.size
  }

  subscribeTopic({ session, subscription }: Ctx<'subscribeTopic'>, store: Store<'subscribeTopic'>): void {
    const filter = parseFilter(subscription.topic)
    if (!filter) throw new MqttError('TopicFilterInvalid')
    store.existed = this.#table.add(filter, session, subscription)
    this.#forget()
  }

  unsubscribeTopic({ session, topic }: Ctx<'unsubscribeTopic'>, store: Store<'unsubscribeTopic'>): void {
    const filter = parseFilter(topic)
    if (!filter || !this.#table.remove(filter, session)) return
    store.existed = true
    this.#forget()
  }

  sessionEnded({ session }: Ctx<'sessionEnded'>): void {
    for (const topic of session.subscriptions.keys()) {
      const filter = parseFilter(topic)
      if (filter) this.#table.remove(filter, session)
    }
    this.#forget()
  }

  relayMessage({ client, packet }: Ctx<'relayMessage'>, store: Store<'relayMessage'>): void {
    const { targets, groups } = this.#match(packet)
    for (let i = 0; i < targets.length; i++) {
      let target: Target<Session> | null = targets[i]!
      // Several of its subscriptions may match, some with No Local [5.0 MQTT-3.8.3-3].
      if (client !== null && target.subscriber === client.session) target = withoutNoLocal(target)
      if (target === null) continue
      store.matched++
      this.#send(target.subscriber, packet, target, packet.retain && target.rap, client, null)
    }
    for (let i = 0; i < groups.length; i++) this.#sendToGroup(groups[i]!, packet, client, store)
  }

  forwardToGroup({ group, packet }: Ctx<'forwardToGroup'>, store: Store<'forwardToGroup'>): void {
    this.#sendToGroup(group, packet, null, store)
  }

  /** Kept with the interned topic until any subscription changes. */
  #match(packet: PublishPacket): Match<Session> {
    if (!(packet instanceof Publish)) return this.#table.match(packet.topic)
    const known = packet.source.match as Kept | null
    if (known?.holds) return known
    const kept = new Kept(this.#table.match(packet.source.name))
    // One that is replaced is not told of changes any more.
    if (this.#stopped) return kept
    packet.source.match = kept
    if (this.#kept.length === mostKept) this.#forget()
    this.#kept.push(kept)
    return kept
  }

  /** A result that is out of date must not keep sessions in memory that have ended. */
  #forget(): void {
    if (this.#kept.length === 0) return
    for (const kept of this.#kept) kept.end()
    this.#kept = []
  }

  /** A member that gets it at once; else one that is offline and keeps it, if there is one. */
  #sendToGroup(
    group: SharedGroup<Session>,
    packet: PublishPacket,
    publisher: Client | null,
    store: Store<'relayMessage'>
  ): void {
    const member = group.pick(isReady) ?? group.pick(isOnline) ?? (packet.qos > 0 ? group.pick(keeps) : null)
    if (!member) return
    store.matched++
    const { qos, rap, identifier } = member.options
    const options = { qos, identifiers: identifier === undefined ? null : [identifier] }
    this.#send(member.subscriber, packet, options, packet.retain && rap, publisher, group)
  }

  #send(
    session: Session,
    packet: PublishPacket,
    subscription: ForwardContext['subscription'],
    retain: boolean,
    publisher: Client | null,
    group: SharedGroup<Session> | null
  ): void {
    const ctx = { session, packet, subscription, retain, publisher, group }
    // A receiver that fails is reported; the others and the publisher have nothing to do with it.
    try {
      const forwarded = this.#forward.run(ctx, undefined)
      if (forwarded !== undefined) forwarded.catch(err => this.#report(err, session, packet))
    } catch (err) {
      this.#report(err as Error, session, packet)
    }
  }

  #report(err: Error, { client }: Session, packet: PublishPacket): void {
    this.stack.emit('error', err, client, packet)
  }
}

const isReady = ({ subscriber }: SharedMember<Session>) => subscriber.ready
const isOnline = ({ subscriber }: SharedMember<Session>) => subscriber.client !== null
const keeps = ({ subscriber, options }: SharedMember<Session>) =>
  subscriber.persistent && !subscriber.ended && options.qos > 0
