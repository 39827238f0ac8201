import { type LevelCursor, type LevelDb, prefixed } from '../level-db.js'
import { asBuffer } from '../record-codec.js'

/** Entries read at a time. */
const pageSize = 1000
const pageBytes = 1_048_576

/** Goes through all entries of a kind once, in order and page by page, beside those of other kinds. */
export class Walk {
  readonly #cursor: LevelCursor
  readonly #passed: (key: string) => void
  #page: Array<[key: string, value: Uint8Array]> = []
  #at = 0
  #ended = false

  /** `passed` hears of what nobody asked for. */
  constructor(db: LevelDb, kind: string, passed: (key: string) => void) {
    this.#cursor = db.iterator({ ...prefixed(kind), highWaterMarkBytes: pageBytes })
    this.#passed = passed
  }

  get key(): string {
    return this.#page[this.#at]![0]
  }

  get value(): Buffer {
    return asBuffer(this.#page[this.#at]![1])
  }

  /** Whether the next entry begins like this; those before are passed by. Take it, and then call skip(). */
  async reach(prefix: string): Promise<boolean> {
    for (;;) {
      if (this.#at === this.#page.length && !(await this.#read())) return false
      const { key } = this
      if (key.startsWith(prefix)) return true
      if (key > prefix) return false
      this.#passed(key)
      this.#at++
    }
  }

  skip(): void {
    this.#at++
  }

  /** Passes by all that is left. */
  async end(): Promise<void> {
    while (this.#at < this.#page.length || (await this.#read())) {
      this.#passed(this.key)
      this.#at++
    }
  }

  close(): Promise<void> {
    return this.#cursor.close()
  }

  async #read(): Promise<boolean> {
    if (!this.#ended) this.#page = await this.#cursor.nextv(pageSize)
    this.#at = 0
    this.#ended = this.#page.length === 0
    return !this.#ended
  }
}
