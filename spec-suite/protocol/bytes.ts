/** MQTT written by hand, byte by byte: what an encoder would never send. */
export type Bytes = Buffer | readonly number[] | string

/**
 * Seconds that no case is silent for. 0 would turn the keep alive off, and there are brokers that accept no client
 * without one: they may set such limits [5.0: 3.1.4].
 */
export const longKeepAlive = 120

/** Text is UTF-8; numbers are bytes. */
export function raw(...parts: Bytes[]): Buffer {
  return Buffer.concat(parts.map(part => Buffer.from(part as string)))
}

/** A string or binary data: two bytes of length, then the bytes. */
export function field(value: Bytes): Buffer {
  const bytes = raw(value)
  return raw(u16(bytes.length), bytes)
}

export function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255])
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; ) {
    const low = rest & 127
    rest >>>= 7
    bytes.push(rest > 0 ? low | 128 : low)
    if (rest === 0) return Buffer.from(bytes)
  }
}

/** A whole packet: its first byte, the remaining length, the rest. */
export function packet(first: number, ...parts: Bytes[]): Buffer {
  const body = raw(...parts)
  return raw([first], varint(body.length), body)
}

/** Properties with their length before them. */
export function properties(...parts: Bytes[]): Buffer {
  const body = raw(...parts)
  return raw(varint(body.length), body)
}

export function userProperty(name: Bytes, value: Bytes): Buffer {
  return raw([0x26], field(name), field(value))
}

export interface RawConnect {
  name?: Bytes
  level?: number
  flags?: number
  keepalive?: number
  /** Of MQTT 5, with their length. */
  properties?: Bytes
  /** Everything from the client id on. */
  payload?: Bytes
}

export function rawConnect(level: number, change: RawConnect = {}): Buffer {
  const { name = level === 3 ? 'MQIsdp' : 'MQTT', flags = 2, payload = field('raw') } = change
  const { keepalive = longKeepAlive } = change
  const own = level === 5 ? (change.properties ?? [0]) : []
  return packet(0x10, field(name), [change.level ?? level, flags], u16(keepalive), own, payload)
}

/** A PUBLISH of QoS 0 or more, in the form of a version. */
export function rawPublish(level: number, topic: Bytes, change: RawPublish = {}): Buffer {
  const { qos = 0, retain = false, dup = false, id = qos > 0 ? 1 : null, payload = 'x' } = change
  const first = change.first ?? 0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)
  const own = level === 5 ? (change.properties ?? [0]) : []
  return packet(first, field(topic), id === null ? [] : u16(id), own, payload)
}

export interface RawPublish {
  first?: number
  qos?: number
  retain?: boolean
  dup?: boolean
  id?: number | null
  properties?: Bytes
  payload?: Bytes
}

export function rawSubscribe(level: number, filters: ReadonlyArray<[topic: Bytes, options: number]>, id = 7) {
  const own = level === 5 ? [0] : []
  return packet(0x82, u16(id), own, ...filters.map(([topic, options]) => raw(field(topic), [options])))
}

export function rawUnsubscribe(level: number, filters: readonly Bytes[], id = 8): Buffer {
  return packet(0xa2, u16(id), level === 5 ? [0] : [], ...filters.map(field))
}
