import type {
  Client,
  ConnectPacket,
  MaybePromise,
  Outcome,
  Session,
  SubscribePacket,
  Subscription,
  UnsubscribePacket
} from '../lib/index.js'
import { after, DONE, Middleware, MqttError, parseFilter, Reason } from '../lib/index.js'
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
 * removeSubscription, commit. Stands after Authorize and SessionManager.
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
  override readonly after = ['Authorize', 'SessionManager'] as const

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
    const results: Granted[] = []
    const grant = (i: number): MaybePromise<void> => {
      for (let at = i; at < packet.subscriptions.length; at++) {
        const granted = this.#grant(client, session, packet.subscriptions[at]!, identifier)
        if (granted instanceof Promise) {
          return granted.then(one => {
            results.push(one)
            return grant(at + 1)
          })
        }
        results.push(granted)
      }
    }
    const committed = () => this.#commit(session)
    return after(after(grant(0), committed), () => {
      client.write({ cmd: 'suback', messageId: packet.messageId, granted: results.map(({ code }) => code) })
      const told = this.stack.chain('topicSubscribed')
      for (const { subscription, existed } of results) {
        if (subscription && !session.ended) told.tell({ client, session, subscription, existed })
      }
      return DONE
    })
  }

  #grant(client: Client, session: Session, requested: Requested, identifier?: number): MaybePromise<Granted> {
    const code = this.#refusal(session, requested, identifier)
    if (code !== null) return { code, subscription: null, existed: false }
    const { topic, qos, nl, rap, rh } = requested
    const subscription: Subscription = {
      topic,
      qos,
      nl,
      rap,
      rh,
      ...(identifier !== undefined && { identifier })
    }
    const store: { grant: number; existed: boolean } = { grant: qos, existed: false }
    const refused = (err: unknown): Granted => {
      if (!(err instanceof MqttError) || err.fatal) throw err
      return { code: legalReason(err.reason, 'suback'), subscription: null, existed: false }
    }
    const routed = (): Granted => {
      if (store.grant > 2)
        return { code: legalReason(store.grant, 'suback'), subscription: null, existed: false }
      const existed = session.subscriptions.has(topic)
      session.subscriptions.set(topic, subscription)
      if (session.persistent) {
        this.stack.chain('storeSubscription').tell({ clientId: session.id, subscription })
      }
      return { code: store.grant, subscription, existed }
    }
    try {
      const ctx = { client, session, subscription, restored: false }
      const routing = this.stack.execute('subscribeTopic', ctx, store)
      return routing instanceof Promise ? routing.then(routed, refused) : routed()
    } catch (err) {
      return refused(err)
    }
  }

  /** The reason code against a filter, null when there is none. */
  #refusal(session: Session, { topic, refused }: Requested, identifier: number | undefined): number | null {
    const { config } = this
    const filter = parseFilter(topic)
    if (!filter || countLevels(topic) > config.maximumLevels) return Reason.TopicFilterInvalid
    if (refused !== undefined) return legalReason(refused, 'suback')
    if (filter.share !== null && !config.shared) return Reason.SharedSubscriptionsNotSupported
    if (filter.wildcard && !config.wildcards) return Reason.WildcardSubscriptionsNotSupported
    if (identifier !== undefined && !config.identifiers) return Reason.SubscriptionIdentifiersNotSupported
    const { subscriptions } = session
    if (subscriptions.size >= config.maximumSubscriptions && !subscriptions.has(topic))
      return Reason.QuotaExceeded
    return null
  }

  #unsubscribe(client: Client, packet: UnsubscribePacket): MaybePromise<typeof DONE> {
    const session = client.session!
    const granted: number[] = []
    const gone: string[] = []
    const remove = (i: number): MaybePromise<void> => {
      for (let at = i; at < packet.unsubscriptions.length; at++) {
        const topic = packet.unsubscriptions[at]!
        granted.push(this.#codeFor(session, topic))
        if (!session.subscriptions.delete(topic)) continue
        gone.push(topic)
        if (session.persistent) {
          this.stack.chain('removeSubscription').tell({ clientId: session.id, topic }, { existed: false })
        }
        const removed = this.stack.execute('unsubscribeTopic', { client, session, topic }, { existed: false })
        if (removed instanceof Promise) return removed.then(() => remove(at + 1))
      }
    }
    const committed = () => this.#commit(session)
    return after(after(remove(0), committed), () => {
      client.write({ cmd: 'unsuback', messageId: packet.messageId, granted })
      for (const topic of gone) this.stack.chain('topicUnsubscribed').tell({ client, session, topic })
      return DONE
    })
  }

  #codeFor(session: Session, topic: string): number {
    if (session.subscriptions.has(topic)) return Reason.Success
    return parseFilter(topic) ? Reason.NoSubscriptionExisted : Reason.TopicFilterInvalid
  }

  /** What SUBACK and UNSUBACK promise is durable before they go out (DESIGN 6). */
  #commit(session: Session): MaybePromise<void> {
    if (session.persistent && this.stack.handles('commit'))
      return after(this.stack.execute('commit', {}), () => {})
  }
}
