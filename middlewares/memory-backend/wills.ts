import type { Ctx, Store, StoredWill, WillBackend } from '../../lib/index.js'
import { Middleware } from '../../lib/index.js'
import { takePage } from './sessions.js'

/** Wills in memory. Handles: storeWill, removeWill, lookupWills. */
export class MemoryWills extends Middleware implements WillBackend {
  override readonly exclusive = ['storeWill'] as const
  #wills = new Map<string, StoredWill>()

  override exportState(): unknown {
    return this.#wills
  }

  override importState(state: Map<string, StoredWill>): void {
    this.#wills = state
  }

  storeWill({ will }: Ctx<'storeWill'>): void {
    this.#wills.set(will.clientId, will)
  }

  removeWill({ clientId }: Ctx<'removeWill'>): void {
    this.#wills.delete(clientId)
  }

  lookupWills({ limit, cursor }: Ctx<'lookupWills'>, store: Store<'lookupWills'>): void {
    takePage((cursor ?? this.#wills.values()) as Iterator<StoredWill>, limit, store)
  }
}
