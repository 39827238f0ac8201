import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toError } from '../../lib/errors.js'
import type { KeyRange, LevelBatch, LevelCursor, LevelDb } from './level-db.js'

/** What LevelDB writes when it is opened, at most: its write buffer, and something for its lists. */
const roomToOpen = 6 * 1_048_576

/** How often it is looked whether there is room, in ms. */
const lookInterval = 500

/**
 * A database whose write failed is opened anew before the next one: LevelDB keeps an error of its background work for
 * ever, and appends to a log whose end may be half a record, behind which nothing is found after a crash. Not before
 * there is room: what is open can at least be read.
 */
export class RecoveringDb implements LevelDb {
  readonly #db: LevelDb
  readonly #directory: string
  /** Why the last write failed, null when it did not. */
  #fault: Error | null = null
  #recovery: Promise<void> | null = null
  #nextLook = 0
  #closed = false
  readonly #now: () => number

  /** `now`: milliseconds. */
  constructor(db: LevelDb, directory: string, now: () => number) {
    this.#db = db
    this.#directory = directory
    this.#now = now
  }

  open(): Promise<void> {
    this.#closed = false
    this.#fault = null
    return this.#db.open()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#recovery?.catch(() => {})
    await this.#db.close()
  }

  batch(): LevelBatch {
    if (this.#fault !== null) return new LateBatch(() => this.#recovered())
    const batch = this.#db.batch()
    const write = batch.write.bind(batch)
    batch.write = options => write(options).catch(err => this.#failed(err))
    return batch
  }

  getSync(key: string): Uint8Array | undefined {
    return this.#db.getSync(key)
  }

  getMany(keys: string[]): Promise<Array<Uint8Array | undefined>> {
    return this.#db.getMany(keys)
  }

  iterator(range: KeyRange): LevelCursor {
    return this.#db.iterator(range)
  }

  compactRange(start: string, end: string): Promise<void> {
    return this.#db.compactRange(start, end)
  }

  #failed(thrown: unknown): never {
    this.#fault = toError(thrown)
    throw thrown
  }

  /** A batch that can be written again. @throws what the last write failed with, while there is no room */
  async #recovered(): Promise<LevelBatch> {
    if (this.#fault !== null) {
      this.#recovery ??= this.#recover().finally(() => {
        this.#recovery = null
      })
      await this.#recovery
    }
    return this.batch()
  }

  async #recover(): Promise<void> {
    const now = this.#now()
    if (this.#closed || now < this.#nextLook) throw this.#fault
    this.#nextLook = now + lookInterval
    await this.#findRoom()
    if (this.#closed) throw this.#fault
    await this.#db.close()
    await this.#db.open()
    this.#fault = null
  }

  async #findRoom(): Promise<void> {
    const path = join(this.#directory, 'room')
    try {
      await writeFile(path, Buffer.alloc(roomToOpen))
    } finally {
      await rm(path, { force: true })
    }
  }
}

/** Gathers until the database is well. */
class LateBatch implements LevelBatch {
  readonly #ready: () => Promise<LevelBatch>
  readonly #operations: Array<[key: string, value: Uint8Array | null]> = []

  constructor(ready: () => Promise<LevelBatch>) {
    this.#ready = ready
  }

  put(key: string, value: Uint8Array): void {
    this.#operations.push([key, value])
  }

  del(key: string): void {
    this.#operations.push([key, null])
  }

  async write(options: { sync: boolean }): Promise<void> {
    const batch = await this.#ready()
    for (const [key, value] of this.#operations) {
      if (value === null) batch.del(key)
      else batch.put(key, value)
    }
    await batch.write(options)
  }
}
