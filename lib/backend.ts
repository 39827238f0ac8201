import type { Callback, Handles, Subscription } from './callbacks.js'
import type { PublishPacket, QoS } from './packets.js'

/** The contract of storage: six groups of callbacks, each usable alone. See the README, "An own backend". */
interface OfClient {
  clientId: string
}

/** A session as it is stored. */
export interface StoredSession {
  clientId: string
  /** Seconds; 0xFFFFFFFF never expires. */
  expiryInterval: number
  /** Milliseconds since the epoch, null while a client is connected or when it never expires. */
  expiresAt: number | null
}

/** A message on its way to one session. */
export interface OutgoingMessage {
  packet: PublishPacket
  qos: QoS
  retain: boolean
  identifiers: readonly number[] | null
  /** 0 while it is queued. */
  messageId: number
  /** QoS 2: PUBREC has come, PUBREL is what to send again. */
  released: boolean
}

export interface StoredMessage {
  /** Sorts as the messages were stored. */
  key: string | number
  message: OutgoingMessage
}

export interface StoredWill {
  clientId: string
  packet: PublishPacket
  /** Seconds. */
  delay: number
  /** Milliseconds since the epoch when it is to be published; null while its client is connected. */
  dueAt: number | null
}

/** What a retained message takes up. */
export interface RetainedUsageEntry {
  topic: string
  /** Of the payload. */
  bytes: number
  /** Milliseconds since the epoch, 0 for never. */
  expiresAt: number
}

/** Where a paged lookup goes on; only its backend knows what is in it. */
export type Cursor = unknown

export interface Page<T> {
  items: T[]
  /** Set by the backend when there may be more: hand it in again. */
  cursor?: Cursor
}

interface PageRequest {
  limit: number
  cursor?: Cursor
}

export interface SessionCallbacks {
  storeSession: Callback<{ session: StoredSession }>
  lookupSession: Callback<OfClient, { session?: StoredSession }>
  /** All of them, at start. */
  lookupSessions: Callback<PageRequest, Page<StoredSession>>
  /** The session and everything of it in the other groups. */
  removeSession: Callback<OfClient>
}

export interface SubscriptionCallbacks {
  storeSubscription: Callback<OfClient & { subscription: Subscription }>
  removeSubscription: Callback<OfClient & { topic: string }, { existed: boolean }>
  clearSubscriptions: Callback<OfClient>
  lookupSubscriptions: Callback<OfClient, { subscriptions: Subscription[] }>
}

export interface RetainedCallbacks {
  /** An empty payload removes what the topic has. `replaced`: bytes of topic and payload that went, if any did. */
  storeRetainedMessage: Callback<{ packet: PublishPacket }, { replaced: number | null }>
  /** Messages whose topic matches the filter, page by page. */
  lookupRetainedMessages: Callback<PageRequest & { filter: string }, Page<PublishPacket>>
  /** All of them, those of `$` topics too, without their payloads. */
  lookupRetainedUsage: Callback<PageRequest, Page<RetainedUsageEntry>>
}

export interface InflightCallbacks {
  /** Sent and not acknowledged; again with `released` once PUBREC has come. */
  storeInflight: Callback<OfClient & { message: OutgoingMessage }>
  removeInflight: Callback<OfClient & { messageId: number }, { existed: boolean }>
  /** In the order of their first sending. */
  lookupInflight: Callback<OfClient, { messages: OutgoingMessage[] }>
  /** A QoS 2 packet identifier of the client that awaits its PUBREL. */
  storeIncoming: Callback<OfClient & { messageId: number }>
  removeIncoming: Callback<OfClient & { messageId: number }, { existed: boolean }>
  lookupIncoming: Callback<OfClient, { messageIds: number[] }>
}

export interface OfflineCallbacks {
  /**
   * The packet may be the same object for many clients: a backend can store its payload once. `refused`: it cannot take
   * the message, for want of room or because its disk fails. A backend that gives the `key` at once may be spared the
   * lookup of what it has just been given.
   */
  storeOfflineMessage: Callback<
    OfClient & { message: OutgoingMessage },
    { refused: boolean; key?: string | number }
  >
  /** In the order they were stored, page by page. */
  lookupOfflineMessages: Callback<OfClient & PageRequest, Page<StoredMessage>>
  removeOfflineMessages: Callback<OfClient & { keys: ReadonlyArray<string | number> }>
  clearOfflineMessages: Callback<OfClient>
  /** How many messages wait, and the bytes of their payloads. */
  lookupOfflineUsage: Callback<OfClient, { count: number; bytes: number }>
}

export interface WillCallbacks {
  storeWill: Callback<{ will: StoredWill }>
  removeWill: Callback<OfClient>
  lookupWills: Callback<PageRequest, Page<StoredWill>>
}

export interface CommitCallbacks {
  /** Settles when everything stored before is durable at the level the backend declares. */
  commit: Callback<object>
}

export interface BackendCallbacks
  extends SessionCallbacks,
    SubscriptionCallbacks,
    RetainedCallbacks,
    InflightCallbacks,
    OfflineCallbacks,
    WillCallbacks,
    CommitCallbacks {}

export type SessionBackend = Handles<keyof SessionCallbacks>
export type SubscriptionBackend = Handles<keyof SubscriptionCallbacks>
export type RetainedBackend = Handles<keyof RetainedCallbacks>
export type InflightBackend = Handles<keyof InflightCallbacks>
export type OfflineBackend = Handles<keyof OfflineCallbacks>
export type WillBackend = Handles<keyof WillCallbacks>
