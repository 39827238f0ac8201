import { Middleware } from '../../lib/index.js'
import { LevelCommit } from './commit.js'
import { LevelInflight } from './inflight.js'
import { LevelOffline, type LevelOfflineConfig } from './offline.js'
import { checkPart, type LevelPartConfig, partDefaults, storeOf } from './part.js'
import { LevelRetained } from './retained.js'
import { LevelSessions } from './sessions.js'
import { type Durability, LevelStore, type LevelStoreConfig } from './store.js'
import { LevelSubscriptions } from './subscriptions.js'
import { LevelWills } from './wills.js'

export interface LevelBackendConfig extends LevelOfflineConfig {}

/**
 * All storage groups on disk, with `level`: what is acknowledged outlives the process (`durability: 'os'`) or the loss of
 * power (`'disk'`). A composite: use its parts alone to mix them with those of another backend. Stands last.
 */
export class LevelBackend extends Middleware<LevelBackendConfig> {
  readonly store: LevelStore
  override readonly parts: readonly [
    LevelSessions,
    LevelSubscriptions,
    LevelRetained,
    LevelInflight,
    LevelOffline,
    LevelWills,
    LevelCommit
  ]

  constructor(config: Partial<LevelBackendConfig> = {}) {
    super(config, { ...partDefaults, maximumStoredBytes: Number.POSITIVE_INFINITY })
    this.store = this.config.store ?? storeOf(this.config)
    const shared = { store: this.store }
    this.parts = [
      new LevelSessions(shared),
      new LevelSubscriptions(shared),
      new LevelRetained(shared),
      new LevelInflight(shared),
      new LevelOffline({ ...shared, maximumStoredBytes: this.config.maximumStoredBytes }),
      new LevelWills(shared),
      new LevelCommit(shared)
    ]
  }

  /** What `commit` promises. */
  get durability(): Durability {
    return this.store.durability
  }

  override check(): string[] {
    return checkPart(this.config)
  }
}

export type { Durability, LevelOfflineConfig, LevelPartConfig, LevelStoreConfig }
export {
  LevelCommit,
  LevelInflight,
  LevelOffline,
  LevelRetained,
  LevelSessions,
  LevelStore,
  LevelSubscriptions,
  LevelWills
}
