/** So many empty places at the front are closed up at a time, at least. */
const slack = 1024

/**
 * Values by numbers that grow by one, in order. A Map would do, but one that loses its oldest entries walks over the
 * holes they left, at each look for the oldest that is left.
 */
export class NumberedQueue<T> {
  readonly #values: Array<T | undefined> = []
  /** The number of the first place. */
  #first: number
  /** Places at the front that are empty. */
  #head = 0
  #size = 0

  constructor(first: number) {
    this.#first = first
  }

  get size(): number {
    return this.#size
  }

  /** The number that the next value gets. */
  get next(): number {
    return this.#first + this.#values.length
  }

  add(value: T): void {
    this.#values.push(value)
    this.#size++
  }

  /** Numbers that are not there are passed over. */
  delete(number: number): void {
    const at = number - this.#first
    const values = this.#values
    if (values[at] === undefined) return
    values[at] = undefined
    this.#size--
    while (this.#head < values.length && values[this.#head] === undefined) this.#head++
    if (this.#head < slack || this.#head * 2 < values.length) return
    values.splice(0, this.#head)
    this.#first += this.#head
    this.#head = 0
  }

  /** Tells the values from a number on, at most so many. The number to go on with; null when there are no more. */
  read(from: number, limit: number, tell: (number: number, value: T) => void): number | null {
    const values = this.#values
    let at = Math.max(from - this.#first, this.#head)
    for (let told = 0; at < values.length; at++) {
      const value = values[at]
      if (value === undefined) continue
      if (told++ === limit) return this.#first + at
      tell(this.#first + at, value)
    }
    return null
  }
}
