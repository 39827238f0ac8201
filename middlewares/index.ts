export { Authentication, type AuthenticationConfig } from './authentication.js'
export { Authorize } from './authorize.js'
export { Connection, type ConnectionConfig } from './connection.js'
export { InboundManager, type InboundManagerConfig } from './inbound-manager.js'
export { KeepAlive, type KeepAliveConfig } from './keep-alive.js'
export { LastWill, type LastWillConfig } from './last-will.js'
export {
  type Durability,
  LevelBackend,
  type LevelBackendConfig,
  LevelCommit,
  LevelInflight,
  LevelOffline,
  type LevelOfflineConfig,
  type LevelPartConfig,
  LevelRetained,
  LevelSessions,
  LevelSubscriptions,
  LevelWills
} from './level-backend/index.js'
export { LocalSubscriptions, type MessageHandler } from './local-subscriptions.js'
export {
  MemoryBackend,
  MemoryInflight,
  MemoryOffline,
  MemoryRetained,
  MemorySessions,
  MemorySubscriptions,
  MemoryWills
} from './memory-backend/index.js'
export { OutboundManager, type OutboundManagerConfig } from './outbound-manager.js'
export { type BrokerEvents, PacketEmitter } from './packet-emitter.js'
export { RetainManager, type RetainManagerConfig } from './retain-manager.js'
export { Router } from './router.js'
export { SessionManager, type SessionManagerConfig } from './session-manager.js'
export { SubscriptionManager, type SubscriptionManagerConfig } from './subscription-manager.js'
