import type { QoS, Subscription, UserProperties } from '../../../lib/index.js'

/*
 * What an export looks like: one JSON object a line. The first one says what it is (`header`), the last one how many
 * lines stand between (`end`), so that a file that was cut is noticed. In between, in any order, `retained`, `will` and
 * `session`. What belongs to a session follows it, before the next one. Times are milliseconds since the epoch.
 *
 * A message that waits for several sessions is given once: its first line has the `message` and a number as `shared`,
 * counted from 1, and later ones only have the number. So memory stays small on both sides: a number for each.
 */
export const exportFormat = 'stackmq-data'
/** Grows when an older version could not read what this one writes. */
export const exportVersion = 1

/** `utf8` where that is no loss and can be read, else `base64`. */
export type BytesJson = { utf8: string } | { base64: string }

/** Properties have the names of mqtt-packet; user properties are pairs, because MQTT 5 keeps their order. */
export interface MessageJson {
  topic: string
  payload: BytesJson
  qos: QoS
  retain: boolean
  /** null: never. This counts, and not the messageExpiryInterval, which is as the publisher sent it. */
  expiresAt: number | null
  properties?: {
    payloadFormatIndicator?: boolean
    messageExpiryInterval?: number
    contentType?: string
    responseTopic?: string
    correlationData?: BytesJson
    userProperties?: UserProperties
  }
}

/** A message on its way to one session; `qos` and `retain` are those it is sent with, `identifiers` its subscriptions. */
interface Delivery {
  clientId: string
  qos: QoS
  retain: boolean
  identifiers: readonly number[] | null
  shared?: number
  message?: MessageJson
}

export interface SessionLine {
  type: 'session'
  clientId: string
  /** Seconds; 4294967295 never expires. null: nothing is stored of the session but what follows. */
  expiryInterval: number | null
  /** null: it was connected, or never expires. */
  expiresAt: number | null
  subscriptions: Subscription[]
}

/** Sent to the client, in the order of the first sending. */
export interface InflightLine extends Delivery {
  type: 'inflight'
  messageId: number
  /** The packet that is to come from the client. */
  awaits: 'puback' | 'pubrec' | 'pubcomp'
}

/** Received from the client with QoS 2, passed on, and not to be passed on again. */
export interface IncomingLine {
  type: 'incoming'
  clientId: string
  messageId: number
  awaits: 'pubrel'
}

/** It waits for the client, in this order. */
export interface QueuedLine extends Delivery {
  type: 'queued'
}

export interface RetainedLine {
  type: 'retained'
  message: MessageJson
}

export interface WillLine {
  type: 'will'
  clientId: string
  /** Seconds. */
  delay: number
  /** null while its client is connected. */
  dueAt: number | null
  message: MessageJson
}

export interface HeaderLine {
  format: typeof exportFormat
  version: number
}

export interface EndLine {
  type: 'end'
  /** Those between the first and this one. */
  lines: number
}

export type ExportLine =
  | HeaderLine
  | SessionLine
  | InflightLine
  | IncomingLine
  | QueuedLine
  | RetainedLine
  | WillLine
  | EndLine

/** What there is of each kind. */
export interface Counts {
  sessions: number
  subscriptions: number
  retained: number
  queued: number
  inflight: number
  incoming: number
  wills: number
}

export function noCounts(): Counts {
  return { sessions: 0, subscriptions: 0, retained: 0, queued: 0, inflight: 0, incoming: 0, wills: 0 }
}
