import type { BackendCallbacks } from './backend.js'
import type { Client } from './client.js'
import type { MqttError } from './errors.js'
import type { Next, Outcome } from './flow.js'
import type { AnyMiddleware, Middleware } from './middleware.js'
import type { ConnectPacket, Packet, PublishPacket, QoS, SubscriptionRequest } from './packets.js'
import type { Session } from './session/session.js'
import type { SharedGroup } from './topics/index.js'

/** One named callback chain: what its handlers get and the store they fill. */
export interface Callback<Ctx extends object, Store = void> {
  readonly ctx: Ctx
  readonly store: Store
}

/** A topic filter that a session holds, with its options. */
export interface Subscription extends SubscriptionRequest {
  /** Subscription Identifier of MQTT 5. */
  identifier?: number
}

/** How a message goes to one receiver: the merge of all of its subscriptions that matched. */
export interface DeliveryOptions {
  /** The highest granted QoS; the message goes out at the lower of this and its own. */
  readonly qos: QoS
  readonly identifiers: readonly number[] | null
}

/** Why a message was lost on purpose. */
export type DropReason =
  | 'expired'
  /** A will that nobody is subscribed to. */
  | 'no-subscriber'
  | 'offline'
  | 'packet-too-large'
  | 'queue-full'
  | 'refused'
  | 'session-ended'
  | 'slow-consumer'

export type ConnectPhase = 'connect' | 'reauthenticate'

export interface ConnectionCallbacks {
  /** Sets `store.valid`, or throws. Nobody handling it means anonymous access only. */
  authenticateConnection: Callback<
    { client: Client; packet: ConnectPacket; username: string | undefined; password: Buffer | undefined },
    { valid: boolean }
  >
  /** One round of MQTT 5 enhanced authentication (4.12): `continue` sends AUTH 0x18 with `store.data`. */
  authenticateExchange: Callback<
    { client: Client; method: string; data: Buffer | undefined; phase: ConnectPhase; round: number },
    { outcome: 'continue' | 'success' | null; data?: Buffer }
  >
  /** Every packet after CONNECT was authenticated. Sets `store.valid` to false, or throws. */
  authorizePacket: Callback<{ client: Client; packet: Packet }, { valid: boolean }>
  /** A message or a will that a client wants published. `store.qos` may be lowered. */
  authorizePublish: Callback<
    { client: Client; packet: PublishPacket; will: boolean },
    { valid: boolean; qos: QoS }
  >
  /** One filter of a SUBSCRIBE, or of a session that comes back. `store.qos` may be lowered. */
  authorizeSubscription: Callback<
    { client: Client; subscription: Subscription; restored: boolean },
    { valid: boolean; qos: QoS }
  >
  /** Makes the client the only owner of its id: an older connection is closed with 0x8E first. */
  claimClientId: Callback<{ client: Client; clientId: string }>
  /** Ends a connection; MQTT 5 peers get a DISCONNECT with the reason. */
  closeClient: Callback<{ client: Client; err?: MqttError }>
  /** The client said DISCONNECT with 0x00. */
  cleanDisconnect: Callback<{ client: Client }>
  /** The connection ended in any other way, DISCONNECT 0x04 included. */
  uncleanDisconnect: Callback<{ client: Client; err: Error | null }>
  /** Fact: CONNACK 0x00 went out. */
  clientConnected: Callback<{ client: Client; packet: ConnectPacket; sessionPresent: boolean }>
  /** Fact: a client that had been connected is gone. */
  clientDisconnected: Callback<{ client: Client; clean: boolean; err: Error | null }>
}

export interface SessionLifeCallbacks {
  /** Fact: more bytes wait for this client than HIGH_WATER_MARK. */
  clientCongested: Callback<{ client: Client }>
  /** Fact: the client has read everything again. */
  clientDrained: Callback<{ client: Client }>
  /** Fact: messages for the session go out at once again, after they had to wait. */
  sessionReady: Callback<{ session: Session }>
  /** Fact: a client took up a session that existed; runs before CONNACK. */
  sessionResumed: Callback<{ client: Client; session: Session }>
  /** Fact: the session is over; everybody drops what they keep of it. */
  sessionEnded: Callback<{ session: Session; reason: 'expired' | 'clean-start' | 'closed' }>
}

export interface RelayCallbacks {
  /** Puts a subscription into live routing. `restored`: a session came back, nobody subscribed. */
  subscribeTopic: Callback<
    { client: Client | null; session: Session; subscription: Subscription; restored: boolean },
    { grant: number; existed: boolean }
  >
  unsubscribeTopic: Callback<{ client: Client | null; session: Session; topic: string }, { existed: boolean }>
  /** Fact: routed and acknowledged; retained messages go out here. */
  topicSubscribed: Callback<{
    client: Client
    session: Session
    subscription: Subscription
    existed: boolean
  }>
  /** Fact: no longer routed. */
  topicUnsubscribed: Callback<{ client: Client | null; session: Session; topic: string }>
  /** Every message takes this way: from a client, a will, the server itself. */
  relayMessage: Callback<{ client: Client | null; packet: PublishPacket }, { matched: number }>
  /** One message to one session, online or not. */
  forwardMessage: Callback<ForwardContext>
  /** Gives a message of a shared group to a member other than the one that is gone. */
  forwardToGroup: Callback<{ group: SharedGroup<Session>; packet: PublishPacket }, { matched: number }>
}

export interface ForwardContext {
  session: Session
  packet: PublishPacket
  subscription: DeliveryOptions
  /** The RETAIN flag to send: kept for Retain As Published, set for retained messages, else false. */
  retain: boolean
  /** The publisher, to be slowed down by a slow receiver; null for wills, retained messages and the server. */
  publisher: Client | null
  /** Set when a shared group chose this session. */
  group: SharedGroup<Session> | null
}

export interface MessageCallbacks {
  /** Fact: a message was accepted and routed. */
  messagePublished: Callback<{ client: Client | null; packet: PublishPacket; matched: number }>
  /** Fact: handed to the connection (QoS 0) or acknowledged by the receiver (QoS 1 and 2). */
  messageDelivered: Callback<{ client: Client; packet: PublishPacket; qos: QoS }>
  /** Fact: lost on purpose. Every such loss passes through here. `client` is the receiver, if known. */
  messageDropped: Callback<{
    client: Client | null
    clientId: string | null
    packet: PublishPacket
    reason: DropReason
  }>
}

/** Merge into this interface to add a callback of your own. */
export interface Callbacks
  extends ConnectionCallbacks,
    SessionLifeCallbacks,
    RelayCallbacks,
    MessageCallbacks,
    BackendCallbacks {}

export type CallbackName = Exclude<keyof Callbacks, keyof Middleware>
export type Ctx<K extends CallbackName> = Callbacks[K]['ctx']
export type Store<K extends CallbackName> = Callbacks[K]['store']
export type Handler<K extends CallbackName> = (
  ctx: Ctx<K>,
  store: Store<K>,
  next: Next,
  done: Next
) => Outcome

/** `class X extends Middleware implements Handles<'relayMessage'>`: the checked form of "handles". */
export type Handles<K extends CallbackName> = { [P in K]: Handler<P> }

/** The callbacks of a middleware written as a plain object. */
export type CallbackHandlers = { [K in CallbackName]?: Handler<K> }

// biome-ignore lint/suspicious/noConfusingVoidType: asks whether a callback has a store at all
export type StoreArg<K extends CallbackName> = [Store<K>] extends [void] ? [] : [store: Store<K>]

/** Names that are known without anybody handling them; a chain nobody handles is empty, not an error. */
export const builtInCallbacks = [
  'authenticateConnection',
  'authenticateExchange',
  'authorizePacket',
  'authorizePublish',
  'authorizeSubscription',
  'claimClientId',
  'closeClient',
  'cleanDisconnect',
  'uncleanDisconnect',
  'clientConnected',
  'clientDisconnected',
  'clientCongested',
  'clientDrained',
  'sessionReady',
  'sessionResumed',
  'sessionEnded',
  'subscribeTopic',
  'unsubscribeTopic',
  'topicSubscribed',
  'topicUnsubscribed',
  'relayMessage',
  'forwardMessage',
  'forwardToGroup',
  'messagePublished',
  'messageDelivered',
  'messageDropped',
  'storeSession',
  'lookupSession',
  'lookupSessions',
  'removeSession',
  'storeSubscription',
  'removeSubscription',
  'clearSubscriptions',
  'lookupSubscriptions',
  'storeRetainedMessage',
  'lookupRetainedMessages',
  'lookupRetainedUsage',
  'storeInflight',
  'removeInflight',
  'lookupInflight',
  'storeIncoming',
  'removeIncoming',
  'lookupIncoming',
  'storeOfflineMessage',
  'lookupOfflineMessages',
  'removeOfflineMessages',
  'clearOfflineMessages',
  'lookupOfflineUsage',
  'storeWill',
  'removeWill',
  'lookupWills',
  'commit'
] as const satisfies readonly CallbackName[]

// Fails to compile when a built-in callback is missing in the list above.
type BuiltIn = keyof (ConnectionCallbacks &
  SessionLifeCallbacks &
  RelayCallbacks &
  MessageCallbacks &
  BackendCallbacks)
type Missing = Exclude<BuiltIn, (typeof builtInCallbacks)[number]>
export const builtInCallbacksComplete: [Missing] extends [never] ? true : Missing = true as never

export type { AnyMiddleware }
