/** Tables of MQTT 5.0 for what a server may send, typed in from the specification and not from the broker. */
const publishing = new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])
const releasing = new Set([0x00, 0x92])

export const legalCodes: Readonly<Record<string, ReadonlySet<number>>> = {
  // biome-ignore format: a table
  connack: new Set([
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a,
    0x9b, 0x9c, 0x9d, 0x9f
  ]),
  puback: publishing,
  pubrec: publishing,
  pubrel: releasing,
  pubcomp: releasing,
  suback: new Set([0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]),
  unsuback: new Set([0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]),
  // 0x8C is in the table of all codes [5.0: 2.4] only, which gives it to DISCONNECT as well.
  // biome-ignore format: a table
  disconnect: new Set([
    0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
    0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2
  ]),
  auth: new Set([0x00, 0x18])
}

/** How a value is written: a number of bytes, or a form. */
export type PropertyKind = 1 | 2 | 4 | 'varint' | 'text' | 'data' | 'pair'

/** Every property that a server may send [5.0: 2.2.2.2], by its identifier. */
export const propertyTable = {
  1: ['payloadFormatIndicator', 1],
  2: ['messageExpiryInterval', 4],
  3: ['contentType', 'text'],
  8: ['responseTopic', 'text'],
  9: ['correlationData', 'data'],
  11: ['subscriptionIdentifier', 'varint'],
  17: ['sessionExpiryInterval', 4],
  18: ['assignedClientIdentifier', 'text'],
  19: ['serverKeepAlive', 2],
  21: ['authenticationMethod', 'text'],
  22: ['authenticationData', 'data'],
  26: ['responseInformation', 'text'],
  28: ['serverReference', 'text'],
  31: ['reasonString', 'text'],
  33: ['receiveMaximum', 2],
  34: ['topicAliasMaximum', 2],
  35: ['topicAlias', 2],
  36: ['maximumQoS', 1],
  37: ['retainAvailable', 1],
  38: ['userProperty', 'pair'],
  39: ['maximumPacketSize', 4],
  40: ['wildcardSubscriptionAvailable', 1],
  41: ['subscriptionIdentifiersAvailable', 1],
  42: ['sharedSubscriptionAvailable', 1]
} as const satisfies Record<number, readonly [string, PropertyKind]>

const why = [31, 38]

/** The properties that a packet from a server may have. */
export const legalProperties: Readonly<Record<string, readonly number[]>> = {
  connack: [...why, 17, 18, 19, 21, 22, 26, 28, 33, 34, 36, 37, 39, 40, 41, 42],
  publish: [1, 2, 3, 8, 9, 11, 35, 38],
  ...{ puback: why, pubrec: why, pubrel: why, pubcomp: why, suback: why, unsuback: why },
  // No Session Expiry Interval from a server [5.0 MQTT-3.14.2-2].
  disconnect: [...why, 28],
  auth: [...why, 21, 22]
}

/** Properties whose value is 0 or 1. */
export const zeroOrOne: ReadonlySet<number> = new Set([1, 36, 37, 40, 41, 42])
/** Properties whose value is not 0. */
export const notZero: ReadonlySet<number> = new Set([11, 33, 35, 39])

/** What is said of the Reason String and of User Properties that make a packet longer than the client takes. */
export const wordyRules: Readonly<Record<string, readonly string[]>> = {
  ...{ connack: ['3.2.2-19', '3.2.2-20'], puback: ['3.4.2-2', '3.4.2-3'], pubrec: ['3.5.2-2', '3.5.2-3'] },
  ...{ pubrel: ['3.6.2-2', '3.6.2-3'], pubcomp: ['3.7.2-2', '3.7.2-3'], suback: ['3.9.2-1', '3.9.2-2'] },
  ...{ unsuback: ['3.11.2-1', '3.11.2-2'], disconnect: ['3.14.2-3', '3.14.2-4'] },
  auth: ['3.15.2-2', '3.15.2-3']
}
