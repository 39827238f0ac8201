import { seqCode, seqOf } from '../keys.js'
import { eachEntry, type LevelDb, prefixed } from '../level-db.js'

/** The numbers that an export gives to messages of several sessions: twelve bytes of memory for each of them. */
export class SharedContents {
  readonly #db: LevelDb
  /** In order, so that one is found quickly. */
  readonly #ids: number[] = []
  #numbers = new Uint32Array()
  #last = 0

  private constructor(db: LevelDb) {
    this.#db = db
  }

  static async of(db: LevelDb): Promise<SharedContents> {
    const contents = new SharedContents(db)
    await eachEntry(db, prefixed('k'), key => contents.#ids.push(seqOf(key)))
    contents.#numbers = new Uint32Array(contents.#ids.length)
    return contents
  }

  /** The number of a content; 0 when it has none yet. */
  numberOf(id: number): number {
    return this.#numbers[this.#find(id)] ?? 0
  }

  /** Gives it the next number. 0 when nobody counts it: it is given with each record. */
  number(id: number): number {
    const at = this.#find(id)
    if (at < 0) return 0
    this.#numbers[at] = ++this.#last
    return this.#last
  }

  read(id: number): Uint8Array | undefined {
    return this.#db.getSync(`m${seqCode(id)}`)
  }

  #find(id: number): number {
    const ids = this.#ids
    let low = 0
    let high = ids.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = ids[middle]!
      if (found === id) return middle
      if (found < id) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}
