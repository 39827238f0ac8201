/** What was read from a queue and not removed yet: at most so many. */
const most = 4096

interface Read {
  readonly seq: number
  readonly size: number
  readonly reference: number
  gone: boolean
}

/**
 * The beginning of a queue as it was read: what waits there, without gaps. So removing what was read need not read it
 * again, and the next search starts behind what was removed.
 */
export class ReadAhead {
  #entries: Read[] = []
  #head = 0
  /** Everything before this one was read. */
  #end = 0

  clear(): void {
    this.#entries = []
    this.#head = 0
    this.#end = 0
  }

  /** Whether what is read from here on follows without a gap, in a queue that begins at `first`. */
  reaches(from: number, first: number): boolean {
    return from <= Math.max(this.#end, first)
  }

  /** The next one that was read, in order; false when there are too many: the rest is left out. */
  add(seq: number, size: number, reference: number): boolean {
    if (seq < this.#end) return true
    if (this.#entries.length - this.#head >= most) return false
    this.#entries.push({ seq, size, reference, gone: false })
    this.#end = seq + 1
    return true
  }

  /** What was removed; null when it is gone already, undefined when it was not read. */
  take(seq: number): Readonly<Read> | null | undefined {
    if (seq >= this.#end) return undefined
    const entry = this.#find(seq)
    if (entry === undefined || entry.gone) return null
    entry.gone = true
    while (this.#entries[this.#head]?.gone) this.#head++
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0
      this.#head = 0
    } else if (this.#head > 1024) {
      this.#entries.splice(0, this.#head)
      this.#head = 0
    }
    return entry
  }

  /** Where the queue begins now; 0 when nothing was read. */
  get first(): number {
    return this.#entries[this.#head]?.seq ?? this.#end
  }

  #find(seq: number): Read | undefined {
    const entries = this.#entries
    let low = this.#head
    if (entries[low]?.seq === seq) return entries[low]
    let high = entries.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const at = entries[middle]!
      if (at.seq === seq) return at
      if (at.seq < seq) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }
}
