import { isUtf8 } from 'node:buffer'
import { InboundAliases } from '../lib/codec/inbound-aliases.js'
import type {
  Chain,
  Client,
  ConnectPacket,
  Ctx,
  Handles,
  MaybePromise,
  Outcome,
  PacketOf,
  QoS,
  Session,
  Store
} from '../lib/index.js'
import { after, DONE, Middleware, MqttError, type Publish, Reason, Slot } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { AckQueue, acknowledge, notStored, PUBACK, PUBCOMP, PUBREC } from '../lib/session/ack-queue.js'
import { type AwaitsCommit, CommitGate } from '../lib/session/commit-gate.js'
import { Drops } from '../lib/session/drops.js'
import { IdSet } from '../lib/session/id-set.js'
import { countLevels, isServerTopic } from '../lib/topics/index.js'

export interface InboundManagerConfig {
  /** Unacknowledged QoS 1 and 2 messages MQTT 5 clients may have open. Default: 65 535, the protocol's. */
  receiveMaximum: number
  /** Topic aliases MQTT 5 clients may set up; 0 for none. Default: 64. */
  topicAliasMaximum: number
  /** The highest QoS taken. Default: 2. */
  maximumQoS: number
  /** The most levels of a topic name (0x90): each costs memory where topics are kept in a tree. Default: 1024. */
  maximumLevels: number
  /** Refuses payloads that are announced as UTF-8 and are not (0x99). Default: false. */
  validatePayloadFormat: boolean
}

const ranges: Range<InboundManagerConfig> = {
  receiveMaximum: [1, 65_535],
  topicAliasMaximum: [0, 65_535],
  maximumQoS: [0, 2],
  maximumLevels: [1, 65_536]
}

/** Finds out whether commits go through again. */
const retry: AwaitsCommit = { committed() {} }

/** What a connection has open towards us. */
interface Open {
  /** QoS 2 identifiers that count against the receive maximum of this connection. */
  readonly counted: IdSet
  /** What waits for its commit; null until something does. */
  acks: AckQueue | null
}

/**
 * The receiving side of QoS 0, 1 and 2: takes each message once, has it relayed, and acknowledges it when the
 * backend has committed it (MQTT 5.0, 4.3, 4.9; MQTT 3.1.1, 4.3).
 * Handles: sessionResumed. Executes: relayMessage, messagePublished, storeIncoming, removeIncoming, lookupIncoming,
 * commit, messageDropped. Stands after Authorize and SessionManager.
 */
export class InboundManager
  extends Middleware<InboundManagerConfig, 'connect' | 'publish' | 'pubrel'>
  implements Handles<'sessionResumed'>
{
  override readonly packets = ['connect', 'publish', 'pubrel'] as const
  override readonly requires = ['relayMessage'] as const
  override readonly executes = [
    'messagePublished',
    'storeIncoming',
    'removeIncoming',
    'lookupIncoming',
    'commit',
    'messageDropped'
  ] as const
  override readonly after = ['Authorize', 'SessionManager'] as const
  #open!: Slot<Open>
  /** QoS 2 identifiers that await their PUBREL, by session: they outlive connections. */
  #incoming!: Slot<IdSet>
  #relay!: Chain<Ctx<'relayMessage'>, Store<'relayMessage'>>
  #published!: Chain<Ctx<'messagePublished'>, void>
  #storeIncoming!: Chain<Ctx<'storeIncoming'>, void>
  #removeIncoming!: Chain<Ctx<'removeIncoming'>, Store<'removeIncoming'>>
  #gate!: CommitGate
  #drops!: Drops

  constructor(config: Partial<InboundManagerConfig> = {}) {
    super(config, {
      receiveMaximum: 65_535,
      topicAliasMaximum: 64,
      maximumQoS: 2,
      maximumLevels: 1024,
      validatePayloadFormat: false
    })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override start(): void {
    this.#open ??= new Slot(this.stack)
    this.#incoming ??= new Slot(this.stack)
    this.#relay = this.stack.chain('relayMessage')
    this.#published = this.stack.chain('messagePublished')
    this.#storeIncoming = this.stack.chain('storeIncoming')
    this.#removeIncoming = this.stack.chain('removeIncoming')
    this.#gate = new CommitGate(this.stack)
    this.#drops = new Drops(this.stack)
  }

  override exportState(): unknown {
    return { open: this.#open, incoming: this.#incoming }
  }

  override importState(state: { open: Slot<Open>; incoming: Slot<IdSet> }): void {
    this.#open = state.open
    this.#incoming = state.incoming
  }

  override handle(client: Client, packet: ConnectPacket | Publish | PacketOf<'pubrel'>): Outcome {
    if (packet.cmd === 'connect') return this.#announce(client, packet)
    if (packet.cmd === 'pubrel') return this.#release(client, packet)
    this.#judge(client, packet)
    switch (packet.wireQos) {
      case 0:
        return this.#pass(client, packet)
      case 1:
        return this.#takeOnce(client, packet)
      default:
        return this.#takeExactlyOnce(client, packet)
    }
  }

  /** After a restart the identifiers come from the backend; before one they are still with the session. */
  sessionResumed({ session }: Ctx<'sessionResumed'>): MaybePromise<void> {
    if (this.#incoming.get(session) || !this.stack.handles('lookupIncoming')) return
    const found: { messageIds: number[] } = { messageIds: [] }
    return after(this.stack.execute('lookupIncoming', { clientId: session.id }, found), ({ messageIds }) => {
      this.#incoming.set(session, new IdSet(messageIds))
    })
  }

  #announce(client: Client, { will }: ConnectPacket): void {
    const { receiveMaximum, topicAliasMaximum, maximumQoS } = this.config
    if (will && will.qos > maximumQoS) {
      throw new MqttError(
        'QoSNotSupported',
        `the will has QoS ${will.qos}, the maximum is ${maximumQoS} [5.0 MQTT-3.2.2-12]`
      )
    }
    if (will && this.#isTooDeep(will.topic)) {
      throw new MqttError('TopicNameInvalid', 'the will topic has too many levels')
    }
    if (client.version !== 5) return
    const properties = client.connack!.properties!
    if (receiveMaximum < 65_535) properties.receiveMaximum = receiveMaximum
    if (maximumQoS < 2) properties.maximumQoS = maximumQoS
    if (topicAliasMaximum === 0) return
    properties.topicAliasMaximum = topicAliasMaximum
    client.aliases = new InboundAliases(topicAliasMaximum)
  }

  #judge(client: Client, packet: Publish): void {
    const { maximumQoS, validatePayloadFormat } = this.config
    if (packet.wireQos > maximumQoS) {
      if (client.version === 5) {
        throw new MqttError('QoSNotSupported', `the maximum QoS is ${maximumQoS} [5.0 MQTT-3.2.2-11]`)
      }
      // MQTT 3 clients cannot know: acknowledged as they expect it, delivered as it is offered.
      packet.qos = Math.min(packet.qos, maximumQoS) as QoS
    }
    // "$" starts the topics of the server (MQTT 5.0, 4.7.2); clients do not speak for it.
    if (packet.source.name.charCodeAt(0) === 36 && isServerTopic(packet.source.name)) {
      throw new MqttError('NotAuthorized', 'topics that begin with $SYS/ and $share/ are the server’s')
    }
    if (this.#isTooDeep(packet.source.name)) {
      throw new MqttError('TopicNameInvalid', 'the topic has too many levels')
    }
    if (validatePayloadFormat && packet.properties?.payloadFormatIndicator && !isUtf8(packet.payload)) {
      throw new MqttError('PayloadFormatInvalid')
    }
  }

  /** A topic has no more levels than characters and one: short ones are not counted. */
  #isTooDeep(topic: string): boolean {
    const { maximumLevels } = this.config
    return topic.length >= maximumLevels && countLevels(topic) > maximumLevels
  }

  #pass(client: Client, packet: Publish): Outcome {
    const store = { matched: 0 }
    const relayed = this.#relay.run({ client, packet }, store)
    if (relayed !== undefined) return relayed.then(() => this.#tell(client, packet, store.matched))
    return this.#tell(client, packet, store.matched)
  }

  #takeOnce(client: Client, packet: Publish): Outcome {
    if (this.#gate.failure !== null) return this.#refuse(client, packet, this.#gate.failure)
    const open = this.#open.get(client)
    if (open !== undefined) this.#limit(client, open.counted.size + (open.acks?.pubacks ?? 0) + 1)
    const store = { matched: 0 }
    const relayed = this.#relay.run({ client, packet }, store)
    if (relayed !== undefined) {
      return relayed.then(() => {
        this.#acknowledge(client, PUBACK, packet.messageId, store.matched)
        return this.#tell(client, packet, store.matched)
      })
    }
    this.#acknowledge(client, PUBACK, packet.messageId, store.matched)
    return this.#tell(client, packet, store.matched)
  }

  #takeExactlyOnce(client: Client, packet: Publish): Outcome {
    const session = client.session!
    const incoming = this.#incomingOf(session)
    const { messageId } = packet
    this.#count(client, messageId)
    // Whatever DUP says: until PUBREL the identifier is this message [5.0 MQTT-4.3.3-10].
    if (incoming.has(messageId)) {
      this.#acknowledge(client, PUBREC, messageId, 1)
      return DONE
    }
    if (this.#gate.failure !== null) {
      this.#open.get(client)!.counted.delete(messageId)
      return this.#refuse(client, packet, this.#gate.failure)
    }
    incoming.add(messageId)
    const store = { matched: 0 }
    try {
      const relayed = this.#relay.run({ client, packet }, store)
      if (relayed === undefined) return this.#taken(client, session, packet, store.matched)
      return relayed.then(
        () => this.#taken(client, session, packet, store.matched),
        err => this.#refused(client, session, messageId, err)
      )
    } catch (err) {
      return this.#refused(client, session, messageId, err)
    }
  }

  #taken(client: Client, session: Session, packet: Publish, matched: number): typeof DONE {
    const { messageId } = packet
    // A session that ended meanwhile leaves nothing to the next one of its client id.
    if (session.persistent && !session.ended) this.#storeIncoming.tell({ clientId: session.id, messageId })
    this.#acknowledge(client, PUBREC, messageId, matched)
    return this.#tell(client, packet, matched)
  }

  #refused(client: Client, session: Session, messageId: number, err: unknown): never {
    this.#forget(session, this.#open.get(client), messageId)
    throw err
  }

  #release(client: Client, { messageId }: PacketOf<'pubrel'>): Outcome {
    const session = client.session!
    const known = this.#incoming.get(session)?.delete(messageId) ?? false
    this.#open.get(client)?.counted.delete(messageId)
    if (known) {
      if (session.persistent) {
        this.#removeIncoming.tell({ clientId: session.id, messageId }, { existed: false })
      }
      this.#acknowledge(client, PUBCOMP, messageId, 1)
    } else if (client.version === 5) {
      client.write({ cmd: 'pubcomp', messageId, reasonCode: Reason.PacketIdentifierNotFound })
    } else {
      client.acknowledge(PUBCOMP, messageId)
    }
    return DONE
  }

  /** What a resumed session had open before counts when it is sent again. */
  #count(client: Client, messageId: number): void {
    const { counted, acks } = this.#openOf(client)
    counted.add(messageId)
    this.#limit(client, counted.size + (acks?.pubacks ?? 0))
  }

  /** [5.0 MQTT-3.3.4-7] */
  #limit(client: Client, open: number): void {
    const { receiveMaximum } = this.config
    if (client.version !== 5 || open <= receiveMaximum) return
    throw new MqttError('ReceiveMaximumExceeded', `more than ${receiveMaximum} messages are open`)
  }

  /** In order, and not before what the message promises is durable (DESIGN 6). */
  #acknowledge(client: Client, first: number, messageId: number, matched: number): void {
    // MQTT 5 tells the publisher when nobody listens; MQTT 3 has no code for it.
    const reasonCode = matched === 0 && client.version === 5 ? Reason.NoMatchingSubscribers : Reason.Success
    if (this.#gate.isOpen) acknowledge(client, first, messageId, reasonCode)
    else this.#gate.add(this.#acksOf(client).add(first, messageId, reasonCode))
  }

  /**
   * While nothing can be stored nothing is taken: it would have to be kept in memory. The next commit finds out whether
   * that is over.
   */
  #refuse(client: Client, packet: Publish, failure: Error): typeof DONE {
    const err = notStored(failure)
    this.#drops.tell(null, null, packet, 'refused')
    if (client.version !== 5) {
      this.#gate.add(retry)
      throw new MqttError(err.reasonName, err.message, { fatal: true, cause: err.cause })
    }
    const first = packet.wireQos === 1 ? PUBACK : PUBREC
    this.#gate.add(this.#acksOf(client).add(first, packet.messageId, err.reason))
    return DONE
  }

  #acksOf(client: Client): AckQueue {
    const open = this.#openOf(client)
    const { session } = client
    open.acks ??= new AckQueue(client, messageId => this.#forget(session!, open, messageId))
    return open.acks
  }

  /** After a PUBREC of 0x80 or more the identifier is free [5.0 MQTT-4.3.3-9]. */
  #forget(session: Session, open: Open | undefined, messageId: number): void {
    open?.counted.delete(messageId)
    if (!this.#incoming.get(session)?.delete(messageId) || !session.persistent) return
    this.#removeIncoming.tell({ clientId: session.id, messageId }, { existed: false })
  }

  #tell(client: Client, packet: Publish, matched: number): typeof DONE {
    this.stack.counters.messagesReceived++
    if (this.#published.size > 0) this.#published.tell({ client, packet, matched })
    return DONE
  }

  #openOf(client: Client): Open {
    return this.#open.get(client) ?? this.#open.set(client, { counted: new IdSet(), acks: null })
  }

  #incomingOf(session: Session): IdSet {
    return this.#incoming.get(session) ?? this.#incoming.set(session, new IdSet())
  }
}
