/** Values of the numbers that were set last: at least so many, at most twice as many. */
export class Recent<V> {
  readonly #least: number
  #young = new Map<number, V>()
  #old = new Map<number, V>()

  constructor(least: number) {
    this.#least = least
  }

  set(key: number, value: V): void {
    if (this.#young.size >= this.#least) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  get(key: number): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  delete(key: number): void {
    if (!this.#young.delete(key)) this.#old.delete(key)
  }
}
