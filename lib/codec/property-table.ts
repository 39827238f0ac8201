import type {
  AuthPacket,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  ProblemProperties,
  PublishProperties,
  SubscribePacket,
  UnsubscribePacket,
  WillProperties
} from '../packets.js'

/** What properties may stand in, with their type there. `will` is the Will Properties of a CONNECT. */
export interface PropertiesOf {
  connect: ConnectProperties
  will: WillProperties
  connack: ConnackProperties
  publish: PublishProperties
  puback: ProblemProperties
  pubrec: ProblemProperties
  pubrel: ProblemProperties
  pubcomp: ProblemProperties
  subscribe: NonNullable<SubscribePacket['properties']>
  suback: ProblemProperties
  unsubscribe: NonNullable<UnsubscribePacket['properties']>
  unsuback: ProblemProperties
  disconnect: DisconnectProperties
  auth: NonNullable<AuthPacket['properties']>
}
export type Where = keyof PropertiesOf
type NamesIn<W> = W extends Where ? keyof PropertiesOf[W] : never
export type PropertyName = NamesIn<Where>

/** `flag` is a byte 0 or 1 that becomes a boolean; `bit` is one that stays a number. */
export type DataType = 'flag' | 'bit' | 'uint16' | 'uint32' | 'varint' | 'string' | 'binary' | 'pair'

export interface Property {
  readonly id: number
  readonly name: PropertyName
  readonly type: DataType
  readonly where: readonly Where[]
  /** One bit of its own, to notice what comes twice. */
  readonly bit: number
  /** What is wrong if the value is 0; absent where 0 is a value like others. */
  readonly zero?: 'ProtocolError' | 'TopicAliasInvalid'
}

const message: readonly Where[] = ['publish', 'will']
const session: readonly Where[] = ['connect', 'connack']
const authentication: readonly Where[] = ['connect', 'connack', 'auth']
const connack: readonly Where[] = ['connack']
const acks: readonly Where[] = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback']
const everywhere: readonly Where[] = [
  ...(['connect', 'will', 'connack', 'publish', 'subscribe', 'unsubscribe', 'disconnect', 'auth'] as const),
  ...acks
]

const rows: ReadonlyArray<Omit<Property, 'bit'>> = [
  { id: 0x01, name: 'payloadFormatIndicator', type: 'flag', where: message },
  { id: 0x02, name: 'messageExpiryInterval', type: 'uint32', where: message },
  { id: 0x03, name: 'contentType', type: 'string', where: message },
  { id: 0x08, name: 'responseTopic', type: 'string', where: message },
  { id: 0x09, name: 'correlationData', type: 'binary', where: message },
  {
    id: 0x0b,
    name: 'subscriptionIdentifier',
    type: 'varint',
    where: ['publish', 'subscribe'],
    zero: 'ProtocolError'
  },
  { id: 0x11, name: 'sessionExpiryInterval', type: 'uint32', where: [...session, 'disconnect'] },
  { id: 0x12, name: 'assignedClientIdentifier', type: 'string', where: connack },
  { id: 0x13, name: 'serverKeepAlive', type: 'uint16', where: connack },
  { id: 0x15, name: 'authenticationMethod', type: 'string', where: authentication },
  { id: 0x16, name: 'authenticationData', type: 'binary', where: authentication },
  { id: 0x17, name: 'requestProblemInformation', type: 'flag', where: ['connect'] },
  { id: 0x18, name: 'willDelayInterval', type: 'uint32', where: ['will'] },
  { id: 0x19, name: 'requestResponseInformation', type: 'flag', where: ['connect'] },
  { id: 0x1a, name: 'responseInformation', type: 'string', where: connack },
  { id: 0x1c, name: 'serverReference', type: 'string', where: ['connack', 'disconnect'] },
  { id: 0x1f, name: 'reasonString', type: 'string', where: ['connack', 'disconnect', 'auth', ...acks] },
  { id: 0x21, name: 'receiveMaximum', type: 'uint16', where: session, zero: 'ProtocolError' },
  { id: 0x22, name: 'topicAliasMaximum', type: 'uint16', where: session },
  { id: 0x23, name: 'topicAlias', type: 'uint16', where: ['publish'], zero: 'TopicAliasInvalid' },
  { id: 0x24, name: 'maximumQoS', type: 'bit', where: connack },
  { id: 0x25, name: 'retainAvailable', type: 'flag', where: connack },
  { id: 0x26, name: 'userProperties', type: 'pair', where: everywhere },
  { id: 0x27, name: 'maximumPacketSize', type: 'uint32', where: session, zero: 'ProtocolError' },
  { id: 0x28, name: 'wildcardSubscriptionAvailable', type: 'flag', where: connack },
  { id: 0x29, name: 'subscriptionIdentifiersAvailable', type: 'flag', where: connack },
  { id: 0x2a, name: 'sharedSubscriptionAvailable', type: 'flag', where: connack }
]

/** All properties of MQTT 5.0, table 2-4. The readers and writers know nothing that is not here. */
export const properties: readonly Property[] = rows.map((row, i) => ({ ...row, bit: 1 << i }))

/** The properties that may stand in each place, in the order of their ids. */
export const propertiesIn = Object.fromEntries(
  everywhere.map(where => [where, properties.filter(property => property.where.includes(where))])
) as unknown as Readonly<Record<Where, readonly Property[]>>
