import type { Ctx, Store, StoredWill, WillBackend } from '../../lib/index.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'
import { put } from './put.js'
import { takePage } from './sessions.js'
import { encodeWill } from './small-values.js'

/** Wills on `level`; they are in memory, too. Handles: storeWill, removeWill, lookupWills. */
export class LevelWills extends LevelPart implements WillBackend {
  override readonly exclusive = ['storeWill'] as const

  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  storeWill({ will }: Ctx<'storeWill'>): void {
    const { wills, queue } = this.store
    const isNew = !wills.has(will.clientId)
    wills.set(will.clientId, will)
    queue.put(`w${will.clientId}`, put(encodeWill(will)), isNew)
  }

  removeWill({ clientId }: Ctx<'removeWill'>): void {
    const { wills, queue } = this.store
    if (wills.delete(clientId)) queue.del(`w${clientId}`)
  }

  lookupWills({ limit, cursor }: Ctx<'lookupWills'>, store: Store<'lookupWills'>): void {
    takePage((cursor as Iterator<StoredWill> | undefined) ?? this.store.wills.values(), limit, store)
  }
}
