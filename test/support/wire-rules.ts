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
  // biome-ignore format: a table
  disconnect: new Set([
    0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
    0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2
  ]),
  auth: new Set([0x00, 0x18])
}

/** How a value is written: a number of bytes, or a form. */
type Kind = 1 | 2 | 4 | 'varint' | 'text' | 'data' | 'pair'

const why: Record<number, Kind> = { 31: 'text', 38: 'pair' }

export const legalProperties: Readonly<Record<string, Readonly<Record<number, Kind>>>> = {
  connack: {
    ...why,
    ...{ 17: 4, 18: 'text', 19: 2, 21: 'text', 22: 'data', 26: 'text', 28: 'text' },
    ...{ 33: 2, 34: 2, 36: 1, 37: 1, 39: 4, 40: 1, 41: 1, 42: 1 }
  },
  publish: {
    ...{ 1: 1, 2: 4, 3: 'text', 8: 'text', 9: 'data', 11: 'varint', 35: 2, 38: 'pair' }
  },
  ...{ puback: why, pubrec: why, pubrel: why, pubcomp: why, suback: why, unsuback: why },
  // No Session Expiry Interval from a server [5.0 MQTT-3.14.2-2].
  disconnect: { ...why, 28: 'text' },
  auth: { ...why, 21: 'text', 22: 'data' }
}
