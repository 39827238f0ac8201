/** Identifiers of one page: bits of 32 words. */
const perPage = 1024
const words = perPage / 32

/**
 * A set of packet identifiers, as bits: nothing is made for an identifier that comes and goes, which a Set does, and a
 * page of 1024 that is empty is given back.
 */
export class IdSet {
  readonly #pages: Array<Uint32Array | undefined> = []
  readonly #counts: number[] = []
  /** The last page that became empty: who has one message open at a time needs it again at once. */
  #spare: Uint32Array | undefined
  #size = 0

  constructor(ids: Iterable<number> = []) {
    for (const id of ids) this.add(id)
  }

  get size(): number {
    return this.#size
  }

  has(id: number): boolean {
    const page = this.#pages[id >> 10]
    return page !== undefined && (page[(id >> 5) & 31]! & (1 << (id & 31))) !== 0
  }

  /** `id` is a packet identifier, 1 to 65 535. */
  add(id: number): void {
    const at = id >> 10
    const page = this.#pages[at] ?? this.#open(at)
    const word = (id >> 5) & 31
    const bit = 1 << (id & 31)
    if ((page[word]! & bit) !== 0) return
    page[word]! |= bit
    this.#counts[at]!++
    this.#size++
  }

  /** False when it was not there. */
  delete(id: number): boolean {
    if (!this.has(id)) return false
    const at = id >> 10
    const page = this.#pages[at]!
    page[(id >> 5) & 31]! &= ~(1 << (id & 31))
    this.#size--
    if (--this.#counts[at]! === 0) {
      this.#pages[at] = undefined
      this.#spare = page
    }
    return true
  }

  /** Ascending. */
  *[Symbol.iterator](): Iterator<number> {
    for (let id = 0; id < this.#pages.length * perPage; id++) {
      if (this.#pages[id >> 10] === undefined) id |= perPage - 1
      else if (this.has(id)) yield id
    }
  }

  #open(at: number): Uint32Array {
    const page = this.#spare ?? new Uint32Array(words)
    this.#spare = undefined
    while (this.#pages.length <= at) {
      this.#pages.push(undefined)
      this.#counts.push(0)
    }
    this.#pages[at] = page
    return page
  }
}
