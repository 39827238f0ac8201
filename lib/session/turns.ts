/** Things with names that have their turn one after the other; in constant time, however many there are. */
export class Turns<T> {
  readonly #items = new Map<string, T>()
  /** Goes on where it was, instead of over all that have had their turn. */
  #next = this.#items.values()
  #head: T | undefined = undefined

  get size(): number {
    return this.#items.size
  }

  get(name: string): T | undefined {
    return this.#items.get(name)
  }

  /** Whose turn it is, until it is deleted. */
  get head(): T | undefined {
    if (this.#head !== undefined || this.#items.size === 0) return this.#head
    let next = this.#next.next()
    if (next.done) {
      this.#next = this.#items.values()
      next = this.#next.next()
    }
    this.#head = next.value
    return this.#head
  }

  /** At the end. Only when there is none of that name. */
  add(name: string, item: T): void {
    this.#items.set(name, item)
  }

  delete(name: string): void {
    if (this.#head !== undefined && this.#items.get(name) === this.#head) this.#head = undefined
    this.#items.delete(name)
  }
}
