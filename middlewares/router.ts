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
import { after, Middleware, MqttError, Publish, parseFilter } from '../lib/index.js'
import {
  type Match,
  type SharedGroup,
  type SharedMember,
  SubscriptionTable,
  type Target,
  Topic,
  withoutNoLocal
} from '../lib/topics/index.js'

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
  #forward!: Chain<ForwardContext, Store<'forwardMessage'>>

  override start(): void {
    this.#forward = this.stack.chain('forwardMessage')
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
  }

  unsubscribeTopic({ session, topic }: Ctx<'unsubscribeTopic'>, store: Store<'unsubscribeTopic'>): void {
    const filter = parseFilter(topic)
    if (filter && this.#table.remove(filter, session)) store.existed = true
  }

  sessionEnded({ session }: Ctx<'sessionEnded'>): void {
    for (const topic of session.subscriptions.keys()) {
      const filter = parseFilter(topic)
      if (filter) this.#table.remove(filter, session)
    }
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
    const topic =
      packet instanceof Publish ? packet.source : new Topic(packet.topic, Buffer.from(packet.topic))
    if (topic.generation !== this.#table.generation || topic.match === null) {
      topic.match = this.#table.match(topic.name)
      topic.generation = this.#table.generation
    }
    return topic.match as Match<Session>
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
    const forwarded = this.#forward.run(
      { session, packet, subscription, retain, publisher, group },
      undefined
    )
    // Whoever has to wait is reported when it fails; the others are not to wait for it.
    if (forwarded !== undefined)
      after(
        forwarded.catch(err => this.stack.emit('error', err, session.client, packet)),
        () => {}
      )
  }
}

const isReady = ({ subscriber }: SharedMember<Session>) => subscriber.ready
const isOnline = ({ subscriber }: SharedMember<Session>) => subscriber.client !== null
const keeps = ({ subscriber, options }: SharedMember<Session>) =>
  subscriber.persistent && !subscriber.ended && options.qos > 0
