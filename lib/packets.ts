/**
 * The vocabulary: packets have the shape of mqtt-packet (`cmd`, `messageId`, `properties` …) with one difference:
 * user properties are an array of pairs, because MQTT 5 keeps their order [5.0 MQTT-3.3.2-18] and an object cannot.
 */
export type QoS = 0 | 1 | 2
/** The protocol level on the wire: 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5.0. */
export type Version = 3 | 4 | 5

/** Name and value pairs in the order of the wire; names may repeat. */
export type UserProperties = ReadonlyArray<readonly [name: string, value: string]>

/** On every acknowledgement of MQTT 5. */
export interface ProblemProperties {
  reasonString?: string
  userProperties?: UserProperties
}

export interface MessageProperties {
  payloadFormatIndicator?: boolean
  /** Seconds. */
  messageExpiryInterval?: number
  contentType?: string
  responseTopic?: string
  correlationData?: Buffer
  userProperties?: UserProperties
}

export interface WillProperties extends MessageProperties {
  /** Seconds. */
  willDelayInterval?: number
}

export interface PublishProperties extends MessageProperties {
  topicAlias?: number
  /** Only from server to client; a client that sends one breaks [5.0 MQTT-3.3.4-6]. */
  subscriptionIdentifier?: number | readonly number[]
}

export interface AuthenticationProperties {
  authenticationMethod?: string
  authenticationData?: Buffer
}

export interface ConnectProperties extends AuthenticationProperties {
  /** Seconds; 0xFFFFFFFF never expires. */
  sessionExpiryInterval?: number
  receiveMaximum?: number
  /** Bytes. */
  maximumPacketSize?: number
  topicAliasMaximum?: number
  requestResponseInformation?: boolean
  requestProblemInformation?: boolean
  userProperties?: UserProperties
}

export interface ConnackProperties extends ProblemProperties, AuthenticationProperties {
  sessionExpiryInterval?: number
  receiveMaximum?: number
  maximumQoS?: number
  retainAvailable?: boolean
  maximumPacketSize?: number
  assignedClientIdentifier?: string
  topicAliasMaximum?: number
  wildcardSubscriptionAvailable?: boolean
  subscriptionIdentifiersAvailable?: boolean
  sharedSubscriptionAvailable?: boolean
  serverKeepAlive?: number
  responseInformation?: string
  serverReference?: string
}

export interface DisconnectProperties extends ProblemProperties {
  sessionExpiryInterval?: number
  serverReference?: string
}

export interface Will {
  topic: string
  payload: Buffer
  qos: QoS
  retain: boolean
  properties?: WillProperties
}

export interface ConnectPacket {
  cmd: 'connect'
  protocolId: 'MQTT' | 'MQIsdp'
  protocolVersion: Version
  clean: boolean
  /** Seconds; 0 switches the timeout off. */
  keepalive: number
  clientId: string
  will?: Will
  username?: string
  password?: Buffer
  properties?: ConnectProperties
}

export interface ConnackPacket {
  cmd: 'connack'
  sessionPresent: boolean
  /** The return code of MQTT 3.1 and 3.1.1 or the reason code of MQTT 5. */
  reasonCode: number
  properties?: ConnackProperties
}

/** What middlewares see of a PUBLISH; the codec's own class is one of these. */
export interface PublishPacket {
  readonly cmd: 'publish'
  topic: string
  payload: Buffer
  qos: QoS
  retain: boolean
  dup: boolean
  messageId: number
  properties: PublishProperties | undefined
  /** Milliseconds since the epoch when it expires, 0 or nothing for never. A backend keeps it. */
  expiresAt?: number
}

export interface AckPacket<C extends 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'> {
  cmd: C
  messageId: number
  reasonCode: number
  properties?: ProblemProperties
}

/** One topic filter of a SUBSCRIBE with its options. */
export interface SubscriptionRequest {
  topic: string
  qos: QoS
  /** No Local. */
  nl: boolean
  /** Retain As Published. */
  rap: boolean
  /** Retain Handling. */
  rh: 0 | 1 | 2
  /** Set by who refuses this one filter of many: the reason code for the SUBACK. */
  refused?: number
}

export interface SubscribePacket {
  cmd: 'subscribe'
  messageId: number
  subscriptions: SubscriptionRequest[]
  properties?: { subscriptionIdentifier?: number; userProperties?: UserProperties }
}

export interface SubackPacket {
  cmd: 'suback'
  messageId: number
  granted: number[]
  properties?: ProblemProperties
}

export interface UnsubscribePacket {
  cmd: 'unsubscribe'
  messageId: number
  unsubscriptions: string[]
  properties?: { userProperties?: UserProperties }
}

export interface UnsubackPacket {
  cmd: 'unsuback'
  messageId: number
  /** One code a filter in MQTT 5; MQTT 3 sends none. */
  granted: number[]
  properties?: ProblemProperties
}

export interface PingreqPacket {
  cmd: 'pingreq'
}
export interface PingrespPacket {
  cmd: 'pingresp'
}

export interface DisconnectPacket {
  cmd: 'disconnect'
  reasonCode: number
  properties?: DisconnectProperties
}

export interface AuthPacket {
  cmd: 'auth'
  reasonCode: number
  properties?: AuthenticationProperties & ProblemProperties
}

export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AckPacket<'puback'>
  | AckPacket<'pubrec'>
  | AckPacket<'pubrel'>
  | AckPacket<'pubcomp'>
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | UnsubackPacket
  | PingreqPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket

export type Cmd = Packet['cmd']
export type PacketOf<C extends Cmd> = Extract<Packet, { cmd: C }>

/** Packet names by their number on the wire (MQTT 5.0, table 2-1); 0 is reserved. */
export const cmds = [
  undefined,
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth'
] as const satisfies ReadonlyArray<Cmd | undefined>

/** The number of a packet type on the wire. */
export const packetType = Object.fromEntries(
  cmds.flatMap((cmd, type) => (cmd === undefined ? [] : [[cmd, type]]))
) as Record<Cmd, number>
