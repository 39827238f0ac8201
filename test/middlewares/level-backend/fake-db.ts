import type {
  KeyRange,
  LevelBatch,
  LevelCursor,
  LevelDb
} from '../../../middlewares/level-backend/level-db.js'

/** Stands in for `level`: it keeps everything in memory, also when it is closed, and fails or waits when told to. */
export class FakeDb implements LevelDb {
  readonly entries = new Map<string, Uint8Array>()
  /** What every batch fails with until it is null again. */
  fault: Error | null = null
  /** Batches that were written, as the keys in them; those removed with a minus. */
  readonly batches: string[][] = []
  readonly synced: boolean[] = []
  /** The ranges that were read. */
  readonly ranges: KeyRange[] = []
  compacted = 0
  opened = 0
  tries = 0
  /** Lookups of ranges, and of several keys, wait for these. */
  reading: Promise<void> | null = null
  fetching: Promise<void> | null = null
  /** Hears of a range when it is fixed what will be read of it. */
  onRead: ((range: KeyRange) => void) | null = null
  #gate: Promise<void> | null = null
  #open: (() => void) | null = null

  /** Batches wait from now on until release(). */
  hold(): void {
    this.#gate = new Promise(resolve => {
      this.#open = resolve
    })
  }

  release(): void {
    this.#open?.()
    this.#gate = null
  }

  /** Keys of a kind. */
  keys(kind: string): string[] {
    return [...this.entries.keys()].filter(key => key.startsWith(kind)).sort()
  }

  async open(): Promise<void> {
    this.opened++
  }

  async close(): Promise<void> {
    this.opened--
  }

  batch(): LevelBatch {
    const operations: Array<[string, Uint8Array | null]> = []
    return {
      put: (key, value) => operations.push([key, Buffer.from(value)]),
      del: key => operations.push([key, null]),
      write: async ({ sync }) => {
        this.tries++
        await this.#gate
        if (this.fault) throw this.fault
        this.batches.push(operations.map(([key, value]) => (value ? key : `-${key}`)))
        this.synced.push(sync)
        for (const [key, value] of operations) {
          if (value) this.entries.set(key, value)
          else this.entries.delete(key)
        }
      }
    }
  }

  getSync(key: string): Uint8Array | undefined {
    return this.entries.get(key)
  }

  async getMany(keys: string[]): Promise<Array<Uint8Array | undefined>> {
    await this.fetching
    return keys.map(key => this.entries.get(key))
  }

  iterator(range: KeyRange): LevelCursor {
    this.ranges.push(range)
    const { gte, lt, limit = Number.POSITIVE_INFINITY } = range
    const found = [...this.entries].filter(([key]) => key >= gte && key < lt)
    const entries = found.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit)
    this.onRead?.(range)
    const nextv = async (size: number) => {
      await this.reading
      return entries.splice(0, size)
    }
    return { nextv, close: async () => {} }
  }

  async compactRange(): Promise<void> {
    this.compacted++
  }
}
