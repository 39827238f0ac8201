import type {
  AuthenticationConfig,
  ConnectionConfig,
  InboundManagerConfig,
  KeepAliveConfig,
  LastWillConfig,
  OutboundManagerConfig,
  RetainManagerConfig,
  SessionManagerConfig,
  SubscriptionManagerConfig
} from '../../middlewares/index.js'
import { distance } from '../check.js'
import { StackError } from '../errors.js'
import type { Listenable } from '../listeners/index.js'
import type { StackOptions } from '../stack-options.js'

/** Options of the ready broker: those of the stack and of the middlewares it is made of, in one object. */
export interface BrokerOptions
  extends StackOptions,
    Partial<AuthenticationConfig>,
    Partial<Omit<ConnectionConfig, never>>,
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
  /** The most levels of a topic filter. Default: 1024. */
  maximumLevels?: SubscriptionManagerConfig['maximumLevels']
  /** Whether retained messages are taken at all. Default: true. */
  retainAvailable?: RetainManagerConfig['available']
  /** The most retained messages. Default: Infinity. */
  maximumRetainedMessages?: RetainManagerConfig['maximumMessages']
  /** The most bytes of retained payloads and topics. Default: Infinity. */
  maximumRetainedBytes?: RetainManagerConfig['maximumBytes']
  /** How often delayed wills are looked at, in ms. Default: 250. */
  willSweepInterval?: LastWillConfig['sweepInterval']
  /** What `listen()` without arguments opens. Default: nothing. */
  listeners?: readonly Listenable[]
}

const names: ReadonlyArray<keyof BrokerOptions> = [
  ...([
    'onError',
    'strict',
    'stallTimeout',
    'drainTimeout',
    'lingerTimeout',
    'maximumPacketSize',
    'refuse'
  ] as const),
  ...([
    'clock',
    'random',
    'allowAnonymous',
    'connectTimeout',
    'maximumClientIdLength',
    'responseInformation'
  ] as const),
  ...([
    'serverKeepAlive',
    'maximumKeepAlive',
    'maximumSessionExpiry',
    'receiveMaximum',
    'topicAliasMaximum'
  ] as const),
  ...(['maximumQoS', 'validatePayloadFormat', 'maximumInflight', 'maximumQueuedMessages'] as const),
  ...([
    'maximumQueuedBytes',
    'slowTimeout',
    'topicAliases',
    'wildcardSubscriptions',
    'sharedSubscriptions'
  ] as const),
  ...(['subscriptionIdentifiers', 'maximumSubscriptions', 'maximumLevels', 'retainAvailable'] as const),
  ...(['maximumRetainedMessages', 'maximumRetainedBytes', 'willSweepInterval', 'listeners'] as const)
]

/** @throws StackError for options that do not exist: a limit that is misspelt is no limit. */
export function checkNames(options: object): void {
  const known: ReadonlySet<string> = new Set(names)
  const problems = Object.keys(options)
    .filter(name => !known.has(name))
    .map(name => {
      const meant = names.find(other => distance(other.toLowerCase(), name.toLowerCase()) <= 3)
      return `'${name}' is no option of createBroker()${meant ? `: did you mean '${meant}'?` : ''}`
    })
  if (problems.length > 0) {
    throw new StackError('STACK_INVALID_OPTIONS', `wrong options\n  ${problems.join('\n  ')}`, problems)
  }
}
