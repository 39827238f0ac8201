/** What a reason code may appear in, by packet name. A code that is not legal in a packet becomes 0x80 there. */
type Legal = 'connack' | 'puback' | 'pubrel' | 'suback' | 'unsuback' | 'disconnect' | 'auth'

/**
 * The reason codes of MQTT 5.0 (section 2.4), by name.
 * `puback` stands for PUBACK and PUBREC, `pubrel` for PUBREL and PUBCOMP: their tables are the same.
 */
export const Reason = {
  Success: 0x00,
  GrantedQoS1: 0x01,
  GrantedQoS2: 0x02,
  DisconnectWithWill: 0x04,
  NoMatchingSubscribers: 0x10,
  NoSubscriptionExisted: 0x11,
  ContinueAuthentication: 0x18,
  ReAuthenticate: 0x19,
  UnspecifiedError: 0x80,
  MalformedPacket: 0x81,
  ProtocolError: 0x82,
  ImplementationSpecificError: 0x83,
  UnsupportedProtocolVersion: 0x84,
  ClientIdentifierNotValid: 0x85,
  BadUserNameOrPassword: 0x86,
  NotAuthorized: 0x87,
  ServerUnavailable: 0x88,
  ServerBusy: 0x89,
  Banned: 0x8a,
  ServerShuttingDown: 0x8b,
  BadAuthenticationMethod: 0x8c,
  KeepAliveTimeout: 0x8d,
  SessionTakenOver: 0x8e,
  TopicFilterInvalid: 0x8f,
  TopicNameInvalid: 0x90,
  PacketIdentifierInUse: 0x91,
  PacketIdentifierNotFound: 0x92,
  ReceiveMaximumExceeded: 0x93,
  TopicAliasInvalid: 0x94,
  PacketTooLarge: 0x95,
  MessageRateTooHigh: 0x96,
  QuotaExceeded: 0x97,
  AdministrativeAction: 0x98,
  PayloadFormatInvalid: 0x99,
  RetainNotSupported: 0x9a,
  QoSNotSupported: 0x9b,
  UseAnotherServer: 0x9c,
  ServerMoved: 0x9d,
  SharedSubscriptionsNotSupported: 0x9e,
  ConnectionRateExceeded: 0x9f,
  MaximumConnectTime: 0xa0,
  SubscriptionIdentifiersNotSupported: 0xa1,
  WildcardSubscriptionsNotSupported: 0xa2
} as const

export type ReasonName = keyof typeof Reason
export type ReasonCode = (typeof Reason)[ReasonName]

/** The packets each error code is legal in: MQTT 5.0, tables 3.2.2.2, 3.4.2.1, 3.6.2.1, 3.9.3, 3.11.3, 3.14.2.1. */
const legalIn: Record<Legal, readonly number[]> = {
  connack: [
    0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a,
    0x9b, 0x9c, 0x9d, 0x9f
  ],
  puback: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
  pubrel: [0x00, 0x92],
  suback: [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2],
  unsuback: [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91],
  disconnect: [
    0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2
  ],
  auth: [0x00, 0x18]
}

/** The code itself where the packet may carry it, else 0x80 Unspecified error (success where there is no 0x80). */
export function legalReason(code: number, packet: Legal): ReasonCode {
  if (legalIn[packet].includes(code)) return code as ReasonCode
  return packet === 'pubrel' ? Reason.PacketIdentifierNotFound : Reason.UnspecifiedError
}

/**
 * Reasons that end the connection unless the thrower says otherwise: what went wrong leaves no packet that could
 * be refused on its own.
 */
const fatalReasons: ReadonlySet<ReasonName> = new Set<ReasonName>([
  'MalformedPacket',
  'ProtocolError',
  'ServerShuttingDown',
  'KeepAliveTimeout',
  'SessionTakenOver',
  'ReceiveMaximumExceeded',
  'TopicAliasInvalid',
  'PacketTooLarge',
  'MessageRateTooHigh',
  'AdministrativeAction',
  'RetainNotSupported',
  'QoSNotSupported',
  'UseAnotherServer',
  'ServerMoved',
  'MaximumConnectTime',
  'BadAuthenticationMethod'
])

export function isFatal(name: ReasonName): boolean {
  return fatalReasons.has(name)
}

const names = new Map<number, ReasonName>(
  Object.entries(Reason).map(([name, code]) => [code, name as ReasonName])
)

/** The name of a reason code, or undefined for a number MQTT 5.0 does not define. */
export function reasonName(code: number): ReasonName | undefined {
  return names.get(code)
}

/** The CONNACK return code of MQTT 3.1 and 3.1.1 (table 3.1), or null where none fits: close [3.1.1 MQTT-3.2.2-6]. */
export function connackReturnCode(name: ReasonName): 1 | 2 | 3 | 4 | 5 | null {
  switch (name) {
    case 'UnsupportedProtocolVersion':
      return 1
    case 'ClientIdentifierNotValid':
      return 2
    case 'ServerUnavailable':
    case 'ServerBusy':
    case 'ServerShuttingDown':
    case 'QuotaExceeded':
    case 'ConnectionRateExceeded':
    case 'UseAnotherServer':
    case 'ServerMoved':
      return 3
    case 'BadUserNameOrPassword':
      return 4
    case 'NotAuthorized':
    case 'Banned':
    case 'BadAuthenticationMethod':
      return 5
    default:
      return null
  }
}
