import type {
  AuthenticationConfig,
  ConnectionConfig,
  InboundManagerConfig,
  KeepAliveConfig,
  LastWillConfig,
  LevelBackendConfig,
  OutboundManagerConfig,
  RetainManagerConfig,
  SessionManagerConfig,
  SubscriptionManagerConfig
} from '../../middlewares/index.js'
import type { Listenable } from '../listeners/index.js'
import type { StackOptions } from '../stack-options.js'

/** Options of the ready broker: those of the stack and of the middlewares it is made of, in one object. */
export interface BrokerOptions
  extends StackOptions,
    Partial<AuthenticationConfig>,
    Partial<ConnectionConfig>,
    Partial<Pick<KeepAliveConfig, 'serverKeepAlive' | 'maximumKeepAlive'>>,
    Partial<Pick<SessionManagerConfig, 'maximumSessionExpiry'>>,
    Partial<InboundManagerConfig>,
    Partial<OutboundManagerConfig> {
  /** Filters with + and #. Default: true. */
  wildcardSubscriptions?: SubscriptionManagerConfig['wildcards']
  /** `$share/name/filter`. Default: true. */
  sharedSubscriptions?: SubscriptionManagerConfig['shared']
  /** Subscription Identifiers of MQTT 5. Default: true. */
  subscriptionIdentifiers?: SubscriptionManagerConfig['identifiers']
  /** The most subscriptions of one session. Default: Infinity. */
  maximumSubscriptions?: SubscriptionManagerConfig['maximumSubscriptions']
  /** The most levels of a topic name (0x90) and of a topic filter (0x8F). Default: 1024. */
  maximumLevels?: SubscriptionManagerConfig['maximumLevels']
  /** Whether retained messages are taken at all. Default: true. */
  retainAvailable?: RetainManagerConfig['available']
  /** The most retained messages. Default: Infinity. */
  maximumRetainedMessages?: RetainManagerConfig['maximumMessages']
  /** The most bytes of retained payloads and topics. Default: Infinity. */
  maximumRetainedBytes?: RetainManagerConfig['maximumBytes']
  /** How often delayed wills are looked at, in ms. Default: 250. */
  willSweepInterval?: LastWillConfig['sweepInterval']
  /**
   * The directory where everything is stored that outlives a restart; it is made when there is none, and one broker at a
   * time uses it. Default: nothing is stored, all is in memory.
   */
  data?: string
  /**
   * With `data`, what is acknowledged survives: `os` the death of the process, `disk` the loss of power (each commit is
   * synced). Default: `os`.
   */
  durability?: LevelBackendConfig['durability']
  /** With `data`: bytes of payload that wait for all sessions together; further ones are dropped. Default: Infinity. */
  maximumStoredBytes?: LevelBackendConfig['maximumStoredBytes']
  /** What `listen()` without arguments opens. Default: TCP on port 1883. */
  listeners?: readonly Listenable[]
}
