import type { BrokerFacts } from './facts.js'

interface NeedRow {
  /** Completes "needs …". */
  readonly text: string
  met(facts: BrokerFacts): boolean
}

/** What a case may need of a broker: without it, it is skipped. */
const needTable = {
  retain: { text: 'retained messages', met: facts => facts.retain },
  qos1: { text: 'QoS 1', met: facts => facts.maximumQos >= 1 },
  qos2: { text: 'QoS 2', met: facts => facts.maximumQos === 2 },
  wildcards: { text: 'wildcard subscriptions', met: facts => facts.wildcards },
  sharedSubscriptions: { text: 'shared subscriptions', met: facts => facts.sharedSubscriptions },
  subscriptionIdentifiers: { text: 'subscription identifiers', met: facts => facts.subscriptionIdentifiers },
  topicAliases: { text: 'topic aliases from clients', met: facts => facts.topicAliasMaximum > 0 },
  sessions: { text: 'sessions that outlive their connection', met: facts => facts.sessions },
  emptyClientIds: { text: 'empty client ids to be accepted', met: facts => facts.emptyClientIds },
  noEmptyClientIds: { text: 'empty client ids to be refused', met: facts => !facts.emptyClientIds },
  clientKeepAlive: {
    text: 'the keep alive of the client to hold',
    met: facts => facts.serverKeepAlive === null
  },
  authentication: { text: 'user name and password to be checked', met: facts => facts.authentication },
  refusedClientId: { text: 'a client id that is refused', met: facts => facts.refusedClientId !== null },
  refusedTopic: { text: 'a topic that may not be published to', met: facts => facts.refusedTopic !== null },
  refusedFilter: {
    text: 'a filter that may not be subscribed to',
    met: facts => facts.refusedFilter !== null
  },
  enhancedAuthentication: {
    text: 'an authentication method',
    met: facts => facts.enhancedAuthentication !== null
  },
  challenge: {
    text: 'an authentication method with a challenge',
    met: ({ enhancedAuthentication: method }) => (method?.answers.length ?? 0) > 0
  },
  reauthentication: {
    text: 'an authentication method that can be repeated',
    met: ({ enhancedAuthentication: method }) => method !== null && method.reauthentication !== false
  },
  webSocket: { text: 'a WebSocket listener', met: facts => facts.webSocketUrl !== null },
  noRetain: { text: 'retained messages switched off', met: facts => !facts.retain },
  lowerMaximumQos: { text: 'a maximum QoS below 2', met: facts => facts.maximumQos < 2 },
  noWildcards: { text: 'wildcard subscriptions switched off', met: facts => !facts.wildcards },
  noSharedSubscriptions: {
    text: 'shared subscriptions switched off',
    met: facts => !facts.sharedSubscriptions
  },
  noSubscriptionIdentifiers: {
    text: 'subscription identifiers switched off',
    met: facts => !facts.subscriptionIdentifiers
  },
  noTopicAliases: { text: 'topic aliases switched off', met: facts => facts.topicAliasMaximum === 0 },
  smallReceiveMaximum: {
    text: 'a receive maximum of at most 1000',
    met: facts => facts.receiveMaximum <= 1000
  },
  smallMaximumPacketSize: {
    text: 'a maximum packet size of at most 1 MiB',
    met: ({ maximumPacketSize: size }) => size !== null && size <= 1024 * 1024
  }
} satisfies Record<string, NeedRow>

export type Need = keyof typeof needTable

/** What is missing, in words; '' when nothing is. */
export function missing(needs: readonly Need[], facts: BrokerFacts): string {
  const unmet = needs.filter(need => !needTable[need].met(facts)).map(need => needTable[need].text)
  return unmet.length === 0 ? '' : `needs ${unmet.join(', and ')}`
}
