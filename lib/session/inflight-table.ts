/** A table begins with so many places, and goes back to it when it is empty. */
const fewest = 16

/** Packet identifiers that there are [5.0 MQTT-2.2.1-3]. */
export const identifiers = 65_535

/** With as many places as that every identifier has its own. */
const most = 65_536

/**
 * Values by packet identifier, in the order they were added. The low bits of an identifier are its place: free() gives
 * out identifiers whose place is free, so that the table is never larger than twice what is in it ever was.
 *
 * A Map does the same, and costs more than all the rest of a QoS 1 delivery: it makes itself anew every time its
 * deleted entries have filled it, and the tables it leaves behind, once they are old, hold messages that were settled
 * long ago until the next full collection.
 */
export class InflightTable<V extends object> {
  #values: Array<V | undefined> = []
  #keys = new Uint16Array(0)
  /** When each was added: counts up. */
  #orders = new Float64Array(0)
  #mask = -1
  #size = 0
  #added = 0

  get size(): number {
    return this.#size
  }

  get(id: number): V | undefined {
    const at = id & this.#mask
    return this.#keys[at] === id ? this.#values[at] : undefined
  }

  has(id: number): boolean {
    return this.get(id) !== undefined
  }

  /** The next identifier after `last` that is free, and its place. Only when there is one. */
  free(last: number): number {
    if (this.#size * 2 >= this.#values.length && this.#values.length < most) {
      this.#resize(Math.max(fewest, this.#values.length * 2))
    }
    let id = last
    do id = id >= identifiers ? 1 : id + 1
    while (this.#values[id & this.#mask] !== undefined)
    return id
  }

  /** `id` is a packet identifier, 1 to 65 535: from free(), or what a backend has kept. */
  set(id: number, value: V): this {
    let at = id & this.#mask
    while (this.#mask < 0 || (this.#values[at] !== undefined && this.#keys[at] !== id)) {
      this.#resize(Math.max(fewest, this.#values.length * 2))
      at = id & this.#mask
    }
    if (this.#values[at] === undefined) {
      this.#size++
      this.#keys[at] = id
      this.#orders[at] = this.#added++
    }
    this.#values[at] = value
    return this
  }

  delete(id: number): boolean {
    const at = id & this.#mask
    if (this.#keys[at] !== id || this.#values[at] === undefined) return false
    this.#values[at] = undefined
    this.#size--
    return true
  }

  clear(): void {
    this.#values.fill(undefined)
    this.#size = 0
    this.trim()
  }

  /** Gives back the memory of a burst that is over. */
  trim(): void {
    if (this.#size === 0 && this.#values.length > fewest) this.#resize(fewest)
  }

  /** In the order they were added; what is added or deleted meanwhile changes nothing. */
  keys(): number[] {
    const places: number[] = []
    for (let at = 0; at < this.#values.length; at++) if (this.#values[at] !== undefined) places.push(at)
    places.sort((a, b) => this.#orders[a]! - this.#orders[b]!)
    return places.map(at => this.#keys[at]!)
  }

  values(): V[] {
    return this.keys().map(id => this.get(id)!)
  }

  #resize(places: number): void {
    const [values, keys, orders] = [this.#values, this.#keys, this.#orders]
    let length = Math.min(most, places)
    // What a backend has kept may be anything: twice as large, two of them may still meet.
    while (length < most && this.#meet(length)) length *= 2
    this.#values = new Array<V | undefined>(length).fill(undefined)
    this.#keys = new Uint16Array(length)
    this.#orders = new Float64Array(length)
    this.#mask = length - 1
    for (let from = 0; from < values.length; from++) {
      const value = values[from]
      if (value === undefined) continue
      const at = keys[from]! & this.#mask
      this.#values[at] = value
      this.#keys[at] = keys[from]!
      this.#orders[at] = orders[from]!
    }
    // The array that is left behind must hold nothing: see above.
    values.fill(undefined)
  }

  #meet(length: number): boolean {
    const taken = new Uint8Array(length)
    for (let from = 0; from < this.#values.length; from++) {
      if (this.#values[from] === undefined) continue
      const at = this.#keys[from]! & (length - 1)
      if (taken[at] === 1) return true
      taken[at] = 1
    }
    return false
  }
}
