import { Middleware } from '../../lib/index.js'
import { MemoryInflight } from './inflight.js'
import { MemoryOffline } from './offline.js'
import { MemoryRetained } from './retained.js'
import { MemorySessions } from './sessions.js'
import { MemorySubscriptions } from './subscriptions.js'
import { MemoryWills } from './wills.js'

/**
 * All storage groups in memory: what it keeps lives as long as the process. A composite: use its parts alone to mix
 * them with those of another backend. Stands last.
 */
export class MemoryBackend extends Middleware {
  override readonly parts = [
    new MemorySessions(),
    new MemorySubscriptions(),
    new MemoryRetained(),
    new MemoryInflight(),
    new MemoryOffline(),
    new MemoryWills()
  ] as const
}

export { MemoryInflight, MemoryOffline, MemoryRetained, MemorySessions, MemorySubscriptions, MemoryWills }
