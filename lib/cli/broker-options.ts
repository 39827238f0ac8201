import type { CommandOption } from './option.js'

const unlimited = Number.POSITIVE_INFINITY

/** The options of `stackmq start` that are options of createBroker(), which judges them the same way. */
export const brokerOptions = [
  {
    ...{ name: 'connect-timeout', kind: 'duration', unit: 'ms', group: 'clients', value: 'TIME' },
    ...{ range: [1, 2 ** 31 - 1], broker: 'connectTimeout' },
    about: 'How long a connection may take to send CONNECT and be accepted',
    fallback: '10s'
  },
  {
    ...{ name: 'server-keep-alive', kind: 'duration', group: 'clients', value: 'TIME' },
    ...{ range: [0, 65_535], broker: 'serverKeepAlive' },
    about: 'Replaces the keep-alive that MQTT 5 clients ask for; 0 is no timeout',
    fallback: 'what the client asks for'
  },
  {
    ...{ name: 'max-keep-alive', kind: 'duration', group: 'clients', value: 'TIME' },
    ...{ range: [1, 65_535], broker: 'maximumKeepAlive' },
    about: 'The longest keep-alive MQTT 5 clients get',
    fallback: 'no limit'
  },
  {
    ...{ name: 'max-session-expiry', kind: 'duration', group: 'clients', value: 'TIME' },
    ...{ range: [0, 0xffff_ffff], broker: 'maximumSessionExpiry' },
    about: 'The longest a session outlives its connection',
    fallback: 'for ever'
  },
  {
    ...{ name: 'max-client-id-length', kind: 'count', group: 'clients', value: 'N' },
    ...{ range: [23, 65_535], broker: 'maximumClientIdLength' },
    about: 'The longest client id, in bytes',
    fallback: '65535'
  },
  {
    ...{ name: 'max-subscriptions', kind: 'count', group: 'clients', value: 'N' },
    ...{ range: [1, unlimited], broker: 'maximumSubscriptions' },
    about: 'The most subscriptions of one session',
    fallback: 'unlimited'
  },
  {
    ...{ name: 'response-information', kind: 'text', group: 'clients', value: 'TEXT' },
    ...{ broker: 'responseInformation' },
    about: 'What MQTT 5 clients get that ask for Response Information'
  },
  {
    ...{ name: 'drain-timeout', kind: 'duration', unit: 'ms', group: 'clients', value: 'TIME' },
    ...{ range: [0, 2 ** 31 - 1], broker: 'drainTimeout' },
    about: 'How long a stop waits for what is under way',
    fallback: '5s'
  },
  {
    ...{ name: 'linger-timeout', kind: 'duration', unit: 'ms', group: 'clients', value: 'TIME' },
    ...{ range: [0, 2 ** 31 - 1], broker: 'lingerTimeout' },
    about: 'How long a client that is closed may take to read its last bytes',
    fallback: '2s'
  },

  {
    ...{ name: 'max-packet-size', kind: 'bytes', group: 'messages', value: 'BYTES' },
    ...{ range: [64, 268_435_460], broker: 'maximumPacketSize' },
    about: 'The largest packet a client may send',
    fallback: '16M'
  },
  {
    ...{
      name: 'max-qos',
      kind: 'count',
      group: 'messages',
      value: 'QOS',
      range: [0, 2],
      broker: 'maximumQoS'
    },
    about: 'The highest QoS that is taken',
    fallback: '2'
  },
  {
    ...{ name: 'receive-maximum', kind: 'count', group: 'messages', value: 'N' },
    ...{ range: [1, 65_535], broker: 'receiveMaximum' },
    about: 'Unacknowledged QoS 1 and 2 messages an MQTT 5 client may have open',
    fallback: '65535'
  },
  {
    ...{ name: 'topic-alias-maximum', kind: 'count', group: 'messages', value: 'N' },
    ...{ range: [0, 65_535], broker: 'topicAliasMaximum' },
    about: 'Topic aliases an MQTT 5 client may set up; 0 for none',
    fallback: '64'
  },
  {
    ...{ name: 'max-inflight', kind: 'count', group: 'messages', value: 'N' },
    ...{ range: [1, 65_535], broker: 'maximumInflight' },
    about: 'Unacknowledged QoS 1 and 2 messages towards one client',
    fallback: '1024'
  },
  {
    ...{ name: 'max-queued-messages', kind: 'count', group: 'messages', value: 'N' },
    ...{ range: [0, unlimited], broker: 'maximumQueuedMessages' },
    about: 'Messages that wait for one session',
    fallback: '100000'
  },
  {
    ...{ name: 'max-queued-bytes', kind: 'bytes', group: 'messages', value: 'BYTES' },
    ...{ range: [0, unlimited], broker: 'maximumQueuedBytes' },
    about: 'Bytes of payload that wait for one session',
    fallback: '64M'
  },
  {
    ...{ name: 'slow-timeout', kind: 'duration', unit: 'ms', group: 'messages', value: 'TIME' },
    ...{ range: [0, 3_600_000], broker: 'slowTimeout' },
    about: 'How long a receiver that does not keep up may slow its publishers down',
    fallback: '1s'
  },
  {
    ...{ name: 'max-retained-messages', kind: 'count', group: 'messages', value: 'N' },
    ...{ range: [0, unlimited], broker: 'maximumRetainedMessages' },
    about: 'The most retained messages',
    fallback: 'unlimited'
  },
  {
    ...{ name: 'max-retained-bytes', kind: 'bytes', group: 'messages', value: 'BYTES' },
    ...{ range: [0, unlimited], broker: 'maximumRetainedBytes' },
    about: 'The most bytes of retained topics and payloads',
    fallback: 'unlimited'
  },
  {
    ...{ name: 'refuse', kind: 'choice', choices: ['ack', 'close'], group: 'messages', value: 'HOW' },
    ...{ broker: 'refuse' },
    about: 'What an MQTT 3 client gets that publishes what it may not',
    fallback: 'ack'
  },
  {
    ...{ name: 'validate-payload-format', kind: 'flag', group: 'messages', broker: 'validatePayloadFormat' },
    about: 'Refuses payloads that are announced as UTF-8 and are not'
  },

  {
    ...{ name: 'data', kind: 'text', group: 'storage', value: 'DIR', broker: 'data' },
    about: 'The directory where sessions, messages and wills outlive a restart; one broker at a time',
    fallback: 'all is in memory'
  },
  {
    ...{ name: 'durability', kind: 'choice', choices: ['os', 'disk'], group: 'storage', value: 'LEVEL' },
    ...{ broker: 'durability' },
    about: 'What is acknowledged survives the death of the process (os), or the loss of power (disk)',
    fallback: 'os'
  },
  {
    ...{ name: 'max-stored-bytes', kind: 'bytes', group: 'storage', value: 'BYTES' },
    ...{ range: [0, unlimited], broker: 'maximumStoredBytes' },
    about: 'Bytes of payload that wait for all sessions together',
    fallback: 'unlimited'
  },

  {
    ...{ name: 'no-retain', kind: 'flag', group: 'features', broker: 'retainAvailable', sets: false },
    about: 'Refuses retained messages'
  },
  {
    ...{
      name: 'no-wildcards',
      kind: 'flag',
      group: 'features',
      broker: 'wildcardSubscriptions',
      sets: false
    },
    about: 'Refuses filters with + and #'
  },
  {
    ...{ name: 'no-shared', kind: 'flag', group: 'features', broker: 'sharedSubscriptions', sets: false },
    about: 'Refuses shared subscriptions ($share)'
  },
  {
    ...{ name: 'no-subscription-identifiers', kind: 'flag', group: 'features', sets: false },
    ...{ broker: 'subscriptionIdentifiers' },
    about: 'Refuses Subscription Identifiers'
  },
  {
    ...{ name: 'no-topic-aliases', kind: 'flag', group: 'features', broker: 'topicAliases', sets: false },
    about: 'Uses no topic aliases towards clients'
  },
  {
    ...{ name: 'max-topic-levels', kind: 'count', group: 'features', value: 'N' },
    ...{ range: [1, 65_536], broker: 'maximumLevels' },
    about: 'The most levels of a topic filter',
    fallback: '1024'
  }
] as const satisfies readonly CommandOption[]
