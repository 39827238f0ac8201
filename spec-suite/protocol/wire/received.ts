type Numbers =
  | 'payloadFormatIndicator'
  | 'messageExpiryInterval'
  | 'sessionExpiryInterval'
  | 'serverKeepAlive'
  | 'receiveMaximum'
  | 'topicAliasMaximum'
  | 'topicAlias'
  | 'maximumQoS'
  | 'retainAvailable'
  | 'maximumPacketSize'
  | 'wildcardSubscriptionAvailable'
  | 'subscriptionIdentifiersAvailable'
  | 'sharedSubscriptionAvailable'
type Texts =
  | 'contentType'
  | 'responseTopic'
  | 'assignedClientIdentifier'
  | 'authenticationMethod'
  | 'responseInformation'
  | 'serverReference'
  | 'reasonString'
type Binaries = 'correlationData' | 'authenticationData'

/** Properties by their name in the specification; those that were not there are undefined. */
export type ReceivedProperties = { [N in Numbers]?: number } & { [N in Texts]?: string } & {
  [N in Binaries]?: Buffer
} & {
  /** In the order in which they came. */
  userProperties: Array<[name: string, value: string]>
  subscriptionIdentifiers: number[]
}

/** The packets that a server sends, by type; the holes are those of clients. */
// biome-ignore format: a table
export const serverPackets = [
  null, null, 'connack', 'publish', 'puback', 'pubrec', 'pubrel', 'pubcomp',
  null, 'suback', null, 'unsuback', null, 'pingresp', 'disconnect', 'auth'
] as const

export type ReceivedCommand = NonNullable<(typeof serverPackets)[number]>

/** A packet from the broker. One flat form for all types: a field that the type does not have is empty, or 0. */
export interface Received {
  readonly cmd: ReceivedCommand
  /** The whole packet. */
  readonly bytes: Buffer
  /** The low four bits of the first byte. */
  readonly flags: number
  messageId: number
  /** The return code of a CONNACK of 3.1.1. 0 in the short forms. */
  reasonCode: number
  /** Of SUBACK and UNSUBACK. */
  codes: number[]
  sessionPresent: boolean
  qos: 0 | 1 | 2
  dup: boolean
  retain: boolean
  /** As it stood in the packet: '' where an alias stands for it. */
  topicName: string
  /** The topic that is meant, aliases resolved. */
  topic: string
  payload: Buffer
  /** A message on a topic that is not the case's own: other cases, or other users of the broker. */
  foreign: boolean
  /** The payload as text. */
  text: string
  properties: ReceivedProperties
}
