/** How a client proves who it is by an exchange of AUTH packets [5.0: 4.12]. Data is text, sent as UTF-8. */
export interface EnhancedAuthentication {
  method: string
  /** Authentication data of CONNECT. */
  data?: string
  /** What the client answers to each challenge (AUTH 0x18), in turn. */
  answers: string[]
  /** An answer, or with no challenge authentication data of CONNECT, that is refused. */
  wrong: string
  /** Whether a client may authenticate again with AUTH 0x19. Default: true. */
  reauthentication?: boolean
}

/**
 * What a broker offers. Most of it is found out from its CONNACK; a capability file says the rest, and overrules what
 * was found out.
 */
export interface BrokerFacts {
  /** Versions of MQTT that it speaks. */
  versions: string[]
  retain: boolean
  maximumQos: 0 | 1 | 2
  wildcards: boolean
  sharedSubscriptions: boolean
  subscriptionIdentifiers: boolean
  /** Highest topic alias it takes; 0: none. */
  topicAliasMaximum: number
  /** Messages of QoS 1 and 2 that it takes at a time. */
  receiveMaximum: number
  /** In bytes; null: no limit was announced. */
  maximumPacketSize: number | null
  /** In seconds; null: that of the client holds. */
  serverKeepAlive: number | null
  /** It gives a name to clients that have none. */
  emptyClientIds: boolean
  /** It gives sessions that outlive their connection, at least for a minute. */
  sessions: boolean
  /** It asks for user name and password, and refuses wrong ones. */
  authentication: boolean
  /** A client id that it refuses. */
  refusedClientId: string | null
  /** A topic that the client may not publish to. */
  refusedTopic: string | null
  /** A filter that the client may not subscribe to. */
  refusedFilter: string | null
  enhancedAuthentication: EnhancedAuthentication | null
  /** Where it takes WebSocket clients; default: the URL of the suite, if it is one. */
  webSocketUrl: string | null
}

/** A broker that offers everything and asks for nothing: what is assumed of what cannot be found out. */
export const assumed: Readonly<BrokerFacts> = {
  versions: ['3.1.1', '5.0'],
  ...{
    retain: true,
    maximumQos: 2,
    wildcards: true,
    sharedSubscriptions: true,
    subscriptionIdentifiers: true
  },
  ...{ topicAliasMaximum: 0, receiveMaximum: 65_535, maximumPacketSize: null, serverKeepAlive: null },
  ...{ emptyClientIds: true, sessions: true, authentication: false },
  ...{ refusedClientId: null, refusedTopic: null, refusedFilter: null },
  ...{ enhancedAuthentication: null, webSocketUrl: null }
}
