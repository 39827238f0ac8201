// `export *` from the map's file, so that `declare module 'stackmq'` merges into the real one.

export * from './backend.js'
export * from './callbacks.js'
export { Chain } from './chain.js'
export { Client, type ClientEvents, type ClientState, type ConnectionInfo } from './client.js'
export { type Clock, systemClock, type Timer } from './clock.js'
export { Publish } from './codec/publish.js'
export { MqttError, type MqttErrorOptions, StackError, type StackErrorCode } from './errors.js'
export { after, DONE, type Done, isThenable, type MaybePromise, type Next, type Outcome } from './flow.js'
export type { Listenable, Listener, ListenerOptions } from './listeners/index.js'
export { type AnyMiddleware, type Hooks, Middleware, type PacketHooks } from './middleware.js'
export * from './packets.js'
export { Reason, type ReasonCode, type ReasonName, reasonName } from './reasons.js'
export { NEVER, Session } from './session/session.js'
export { Slot, type SlotHolder } from './slot.js'
export { Stack, type StackEvents, type StackStatus } from './stack.js'
export type { StackOptions } from './stack-options.js'
export { isTopicName, parseFilter, type TopicFilter, topicMatches } from './topics/index.js'
export type { TraceFilter, TraceSink, TraceStep } from './traces.js'

// Last: the middlewares that it composes import from here, and need what stands above.

export * from './broker/index.js'
