/** The few packets that a load generator sends, as bytes: encoded before anything is measured. */
export type Level = 4 | 5

/** Payloads begin with it where a send time follows, in milliseconds as a double. */
export const timed = 1

function withHeader(first: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const length: number[] = []
  let rest = body.length
  do {
    const digit = rest & 127
    rest >>= 7
    length.push(rest > 0 ? digit | 128 : digit)
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function number(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255])
}

const none = Buffer.alloc(0)

/** `kept`: the session outlives the connection, by an hour with MQTT 5. */
export function connect(clientId: string, level: Level, kept = false): Buffer {
  const expiry = kept ? Buffer.from([5, 0x11, 0, 0, 0x0e, 0x10]) : Buffer.from([0])
  const fixed = Buffer.from([level, kept ? 0 : 2, 0, 0])
  return withHeader(0x10, text('MQTT'), fixed, level === 5 ? expiry : none, text(clientId))
}

export function subscribe(filters: readonly string[], qos: number, level: Level): Buffer {
  const own = level === 5 ? Buffer.from([0]) : none
  const rows = filters.map(filter => Buffer.concat([text(filter), Buffer.from([qos])]))
  return withHeader(0x82, number(1), own, ...rows)
}

export interface PublishShape {
  readonly topic: string
  readonly qos: number
  /** Of the payload, in bytes. */
  readonly size: number
  readonly level: Level
  readonly retain?: boolean
}

export function publish({ topic, qos, size, level, retain }: PublishShape, messageId = 0): Buffer {
  const id = qos > 0 ? number(messageId) : none
  const own = level === 5 ? Buffer.from([0]) : none
  const payload = Buffer.alloc(size, 120)
  return withHeader(0x30 | (qos << 1) | (retain ? 1 : 0), text(topic), id, own, payload)
}

export const disconnect = Buffer.from([0xe0, 0])
