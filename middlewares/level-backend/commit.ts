import type { Ctx, Handles, Next } from '../../lib/index.js'
import { LevelPart, type LevelPartConfig, partDefaults } from './part.js'

/** Says when what was stored before is on disk; no acknowledgement goes out earlier. Handles: commit. */
export class LevelCommit extends LevelPart implements Handles<'commit'> {
  constructor(config: Partial<LevelPartConfig> = {}) {
    super(config, partDefaults)
  }

  commit(_ctx: Ctx<'commit'>, _store: unknown, next: Next): void {
    this.store.queue.commit(next)
  }
}
