import { each } from '../lib/each.js'
import { toError } from '../lib/errors.js'
import type {
  Client,
  ConnectPacket,
  MaybePromise,
  Outcome,
  Packet,
  QoS,
  Session,
  SubscribePacket,
  Subscription,
  UnsubscribePacket
} from '../lib/index.js'
import { after, DONE, isThenable, Middleware, MqttError, parseFilter, Reason } from '../lib/index.js'
import { type Range, range } from '../lib/options.js'
import { legalReason } from '../lib/reasons.js'
import { countLevels } from '../lib/topics/index.js'

export interface SubscriptionManagerConfig {
  /** Filters with + and #. Default: true. */
  wildcards: boolean
  /** `$share/name/filter`. Default: true. */
  shared: boolean
  /** Subscription Identifiers of MQTT 5. Default: true. */
  identifiers: boolean
  /** The most subscriptions of one session. Default: Infinity. */
  maximumSubscriptions: number
  /** The most levels of a filter. Default: 1024. */
  maximumLevels: number
}

const ranges: Range<SubscriptionManagerConfig> = {
  maximumSubscriptions: [1, Number.POSITIVE_INFINITY],
  maximumLevels: [1, 65_536]
}

type Requested = SubscribePacket['subscriptions'][number]

/** What is answered for one filter, and what to tell about it afterwards. */
interface Granted {
  code: number
  subscription: Subscription | null
  existed: boolean
}

/**
 * SUBSCRIBE and UNSUBSCRIBE: judges each filter, puts it into routing, stores it for sessions that outlive their
 * connection, answers, and then tells everybody (MQTT 5.0, 3.8 to 3.11; MQTT 3.1.1, 3.8 to 3.11).
 * Executes: subscribeTopic, unsubscribeTopic, topicSubscribed, topicUnsubscribed, storeSubscription,
 * removeSubscription, commit. Stands after Connection, Authorize and SessionManager.
 */
export class SubscriptionManager extends Middleware<
  SubscriptionManagerConfig,
  'connect' | 'subscribe' | 'unsubscribe'
> {
  override readonly packets = ['connect', 'subscribe', 'unsubscribe'] as const
  override readonly requires = ['subscribeTopic', 'unsubscribeTopic'] as const
  override readonly executes = [
    'topicSubscribed',
    'topicUnsubscribed',
    'storeSubscription',
    'removeSubscription',
    'commit'
  ] as const
  override readonly after = ['Connection', 'Authorize', 'SessionManager'] as const

  constructor(config: Partial<SubscriptionManagerConfig> = {}) {
    super(config, {
      ...{ wildcards: true, shared: true, identifiers: true },
      ...{ maximumSubscriptions: Number.POSITIVE_INFINITY, maximumLevels: 1024 }
    })
  }

  override check(): string[] {
    return range(this.config, ranges)
  }

  override handle(client: Client, packet: ConnectPacket | SubscribePacket | UnsubscribePacket): Outcome {
    if (packet.cmd === 'connect') return this.#announce(client)
    if (packet.cmd === 'subscribe') return this.#subscribe(client, packet)
    return this.#unsubscribe(client, packet)
  }

  #announce({ version, connack }: Client): void {
    if (version !== 5) return
    const { wildcards, shared, identifiers } = this.config
    const properties = connack!.properties!
    if (!wildcards) properties.wildcardSubscriptionAvailable = false
    if (!shared) properties.sharedSubscriptionAvailable = false
    if (!identifiers) properties.subscriptionIdentifiersAvailable = false
  }

  #subscribe(client: Client, packet: SubscribePacket): MaybePromise<typeof DONE> {
    const session = client.session!
    for (const { nl, topic } of packet.subscriptions) {
      if (nl && topic.startsWith('$share/')) {
        throw new MqttError('ProtocolError', 'No Local on a shared subscription [5.0 MQTT-3.8.3-4]')
      }
    }
    const identifier = packet.properties?.subscriptionIdentifier
    if (client.version === 5) this.#judgeAnnounced(packet)
    const results: Granted[] = []
    const grant = (requested: Requested) =>
      after(this.#grant(client, session, requested, identifier), granted => {
        results.push(granted)
      })
    const granting = each(packet.subscriptions, grant, () => client.isOpen)
    return after(
      after(granting, () => this.#commit(client, session)),
      () => {
        const granted = results.map(({ code }) => code)
        answer(client, { cmd: 'suback', messageId: packet.messageId, granted })
        for (const { subscription, existed } of results) {
          if (!subscription || !client.isOpen) continue
          this.stack.chain('topicSubscribed').tell({ client, session, subscription, existed })
        }
        return DONE
      }
    )
  }

  /** What CONNACK ruled out is a Protocol Error with a code of its own (MQTT 5.0, 3.2.2.3.11 to 3.2.2.3.13). */
  #judgeAnnounced({ subscriptions, properties }: SubscribePacket): void {
    const { wildcards, shared, identifiers } = this.config
    if (!identifiers && properties?.subscriptionIdentifier !== undefined) {
      throw new MqttError('SubscriptionIdentifiersNotSupported', undefined, { fatal: true })
    }
    if (wildcards && shared) return
    for (const { topic } of subscriptions) {
      const filter = parseFilter(topic)
      if (!shared && filter && filter.share !== null) {
        throw new MqttError('SharedSubscriptionsNotSupported', undefined, { fatal: true })
      }
      if (!wildcards && filter?.wildcard) {
        throw new MqttError('WildcardSubscriptionsNotSupported', undefined, { fatal: true })
      }
    }
  }

  #grant(client: Client, session: Session, requested: Requested, identifier?: number): MaybePromise<Granted> {
    const code = this.#refusal(session, requested)
    if (code !== null) return { code, subscription: null, existed: false }
    const { topic, qos, nl, rap, rh } = requested
    const subscription: Subscription = {
      ...{ topic, qos, nl, rap, rh },
      ...(identifier !== undefined && { identifier })
    }
    const store: { grant: number; existed: boolean } = { grant: qos, existed: false }
    const ctx = { client, session, subscription, restored: false }
    return after(
      settled(() => this.stack.execute('subscribeTopic', ctx, store)),
      err => {
        if (err === null && store.grant <= 2 && client.isOpen) {
          return this.#keep(session, subscription, Math.min(store.grant, qos) as QoS)
        }
        return after(this.#reroute(session, topic), () => {
          if (err === null)
            return { code: legalReason(store.grant, 'suback'), subscription: null, existed: false }
          return { code: legalReason(refusalIn(err), 'suback'), subscription: null, existed: false }
        })
      }
    )
  }

  /** Somebody may have granted less than what is in routing by now [5.0 MQTT-3.8.4-8]. */
  #keep(session: Session, requested: Subscription, qos: QoS): MaybePromise<Granted> {
    const { topic } = requested
    const subscription = qos < requested.qos ? { ...requested, qos } : requested
    const existed = session.subscriptions.has(topic)
    session.subscriptions.set(topic, subscription)
    if (session.persistent) {
      this.stack.chain('storeSubscription').tell({ clientId: session.id, subscription })
    }
    const lowered = subscription === requested ? undefined : this.#reroute(session, topic)
    return after(lowered, () => ({ code: qos, subscription, existed }))
  }

  /** Routes as the session has it: what was refused, or settled after the connection was gone, changes nothing. */
  #reroute(session: Session, topic: string): MaybePromise<void> {
    const { client } = session
    const subscription = session.ended ? undefined : session.subscriptions.get(topic)
    const rerouted = settled(() => {
      if (!subscription) {
        return this.stack.execute('unsubscribeTopic', { client, session, topic }, { existed: false })
      }
      const ctx = { client, session, subscription, restored: true }
      return this.stack.execute('subscribeTopic', ctx, { grant: subscription.qos, existed: true })
    })
    return after(rerouted, err => {
      if (err) this.stack.emit('error', err, client, null)
    })
  }

  /** The reason code against a filter, null when there is none. */
  #refusal(session: Session, { topic, refused }: Requested): number | null {
    const { config } = this
    const filter = parseFilter(topic)
    if (!filter || countLevels(topic) > config.maximumLevels) return Reason.TopicFilterInvalid
    if (refused !== undefined) return legalReason(refused, 'suback')
    if (filter.share !== null && !config.shared) return Reason.SharedSubscriptionsNotSupported
    if (filter.wildcard && !config.wildcards) return Reason.WildcardSubscriptionsNotSupported
    const { subscriptions } = session
    if (subscriptions.size >= config.maximumSubscriptions && !subscriptions.has(topic))
      return Reason.QuotaExceeded
    return null
  }

  #unsubscribe(client: Client, packet: UnsubscribePacket): MaybePromise<typeof DONE> {
    const session = client.session!
    if (client.version !== 5) mustBeFilters(packet.unsubscriptions)
    const granted: number[] = []
    const gone: string[] = []
    const remove = (topic: string) =>
      after(this.#remove(client, session, topic), code => {
        granted.push(code)
        if (code === Reason.Success) gone.push(topic)
      })
    const removing = each(packet.unsubscriptions, remove, () => client.isOpen)
    return after(
      after(removing, () => this.#commit(client, session)),
      () => {
        answer(client, { cmd: 'unsuback', messageId: packet.messageId, granted })
        for (const topic of gone) this.stack.chain('topicUnsubscribed').tell({ client, session, topic })
        return DONE
      }
    )
  }

  #remove(client: Client, session: Session, topic: string): MaybePromise<number> {
    if (!session.subscriptions.has(topic)) {
      return parseFilter(topic) ? Reason.NoSubscriptionExisted : Reason.TopicFilterInvalid
    }
    const ctx = { client, session, topic }
    return after(
      settled(() => this.stack.execute('unsubscribeTopic', ctx, { existed: false })),
      err => {
        if (err === null && client.isOpen) {
          session.subscriptions.delete(topic)
          if (session.persistent) {
            this.stack.chain('removeSubscription').tell({ clientId: session.id, topic }, { existed: false })
          }
          return Reason.Success
        }
        return after(this.#reroute(session, topic), () =>
          err === null ? Reason.UnspecifiedError : legalReason(refusalIn(err), 'unsuback')
        )
      }
    )
  }

  /** What SUBACK and UNSUBACK promise is durable before they go out (DESIGN 6). */
  #commit(client: Client, session: Session): MaybePromise<void> {
    if (client.isOpen && session.persistent && this.stack.handles('commit')) {
      return after(this.stack.execute('commit', {}), () => {})
    }
  }
}

/** UNSUBACK of 3.1.1 has no codes: what is no filter can only end the connection [3.1.1 MQTT-4.8.0-1]. */
function mustBeFilters(filters: readonly string[]): void {
  const wrong = filters.find(filter => parseFilter(filter) === null)
  if (wrong !== undefined) throw new MqttError('MalformedPacket', `'${wrong}' is no topic filter`)
}

/** What it failed with, null when it did not. */
function settled(act: () => MaybePromise<unknown>): MaybePromise<Error | null> {
  try {
    const result = act()
    return isThenable(result) ? (result as Promise<unknown>).then(() => null, toError) : null
  } catch (thrown) {
    return toError(thrown)
  }
}

/** A client that cannot take the answer would wait for it for ever [5.0 MQTT-3.1.2-24]. */
function answer(client: Client, packet: Packet): void {
  client.write(packet, err => {
    if (err) client.close(new MqttError('PacketTooLarge', 'the answer is larger than the client takes'))
  })
}

/** The reason code of a refusal that concerns one filter; anything else concerns the packet. */
function refusalIn(err: Error): number {
  if (!(err instanceof MqttError) || err.fatal) throw err
  return err.reason
}
