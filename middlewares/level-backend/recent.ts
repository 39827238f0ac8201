/** Values of the keys that were set last: at least so many, at most twice as many. */
export class Recent<V> {
  readonly #least: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  constructor(least: number) {
    this.#least = least
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#least) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  get(key: string): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  delete(key: string): void {
    if (!this.#young.delete(key)) this.#old.delete(key)
  }
}
