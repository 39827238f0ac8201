import { toError } from '../../lib/errors.js'
import type { Stack } from '../../lib/index.js'
import type { LevelDb } from './level-db.js'

/** Removals after which what is gone is dropped from the files, or twice as many as there are messages if that is more: merging
 * rewrites those. */
const manyRemovals = 100_000

/** Where messages come and go. */
const busyRanges = [
  ['i', 'n~'],
  ['q', 'q~']
] as const

/**
 * LevelDB keeps what was removed until it merges files for reasons of its own, which may be never where everything that is
 * stored is removed again. So it is asked to, now and then.
 */
export class Compaction {
  readonly #stack: Stack
  readonly #db: LevelDb
  readonly #live: () => number
  #removals = 0
  #running: Promise<void> | null = null

  /** `live`: how many messages there are. */
  constructor(stack: Stack, db: LevelDb, live: () => number) {
    this.#stack = stack
    this.#db = db
    this.#live = live
  }

  count(removals: number): void {
    this.#removals += removals
    if (this.#removals < Math.max(manyRemovals, this.#live() * 2) || this.#running !== null) return
    this.#removals = 0
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      for (const [from, to] of busyRanges) await this.#db.compactRange(from, to)
    } catch (thrown) {
      this.#stack.emit('error', toError(thrown), null, null)
    }
    this.#running = null
  }
}
