import type { LevelBatch, LevelDb } from '../level-db.js'

/** A batch is written when it has so many bytes or entries: more is no faster. */
const fullBytes = 1_048_576
const fullEntries = 4096

/** Writes a store from nothing, a batch at a time. */
export class ImportWriter {
  readonly #db: LevelDb
  #batch: LevelBatch
  #bytes = 0
  #entries = 0
  readonly #named = new Set<string>()

  constructor(db: LevelDb) {
    this.#db = db
    this.#batch = db.batch()
  }

  get isFull(): boolean {
    return this.#bytes >= fullBytes || this.#entries >= fullEntries
  }

  put(key: string, value: Uint8Array): void {
    this.#batch.put(key, value)
    this.#bytes += key.length + value.length
    this.#entries++
  }

  /** The same for what may be there only once; false when it is there already. */
  putNew(key: string, value: Uint8Array): boolean {
    if (this.#named.has(key) || this.#db.getSync(key) !== undefined) return false
    this.#named.add(key)
    this.put(key, value)
    return true
  }

  /** `sync`: not before the disk has it, and all that was written before. */
  async flush(sync = false): Promise<void> {
    const batch = this.#batch
    this.#batch = this.#db.batch()
    this.#bytes = this.#entries = 0
    this.#named.clear()
    await batch.write({ sync })
  }
}
