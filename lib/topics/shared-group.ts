import type { SubscriptionOptions } from './target.js'

export interface SharedMember<S> {
  readonly subscriber: S
  readonly options: SubscriptionOptions
}

class Slot<S> implements SharedMember<S> {
  readonly subscriber: S
  options: SubscriptionOptions
  place: number

  constructor(subscriber: S, options: SubscriptionOptions, place: number) {
    this.subscriber = subscriber
    this.options = options
    this.place = place
  }
}

/** Up to here members are searched for one by one, beyond it through a Map. */
const searchable = 8

/**
 * The subscribers of one `$share/name/filter`: each message goes to one of them. The same object as long as it has
 * members, so a match result that holds it sees who comes and goes.
 */
export class SharedGroup<S extends object> {
  readonly name: string
  readonly filter: string
  /** In the order of joining; a hole where a member left, closed when holes outnumber members. */
  #slots: Array<Slot<S> | null> = []
  #index: Map<S, Slot<S>> | null = null
  #size = 0
  #cursor = 0

  constructor(name: string, filter: string) {
    this.name = name
    this.filter = filter
  }

  get size(): number {
    return this.#size
  }

  /** In the order of joining. Valid until the next member comes or goes. */
  get members(): ReadonlyArray<SharedMember<S>> {
    this.#compact()
    return this.#slots as Slot<S>[]
  }

  /**
   * The next member in turn that accepts, null when none does. Whoever is passed over has had its turn.
   */
  pick(accepts: (member: SharedMember<S>) => boolean): SharedMember<S> | null {
    for (let tries = this.#slots.length; tries > 0; tries--) {
      if (this.#cursor >= this.#slots.length) this.#cursor = 0
      const slot = this.#slots[this.#cursor++]
      if (slot && accepts(slot)) return slot
    }
    return null
  }

  /** For SubscriptionTable. True when the subscriber was a member already: it keeps its turn, with new options. */
  add(subscriber: S, options: SubscriptionOptions): boolean {
    const known = this.#find(subscriber)
    if (known) {
      known.options = options
      return true
    }
    const slot = new Slot(subscriber, options, this.#slots.length)
    this.#slots.push(slot)
    this.#size++
    if (this.#index) this.#index.set(subscriber, slot)
    else if (this.#size > searchable) this.#index = new Map(this.#live().map(one => [one.subscriber, one]))
    return false
  }

  /** For SubscriptionTable. */
  remove(subscriber: S): boolean {
    const slot = this.#find(subscriber)
    if (!slot) return false
    this.#slots[slot.place] = null
    this.#size--
    this.#index?.delete(subscriber)
    if (this.#slots.length > 2 * this.#size + searchable) this.#compact()
    return true
  }

  #find(subscriber: S): Slot<S> | undefined {
    if (this.#index) return this.#index.get(subscriber)
    return this.#slots.find(slot => slot?.subscriber === subscriber) ?? undefined
  }

  #live(): Slot<S>[] {
    return this.#slots.filter(slot => slot !== null)
  }

  #compact(): void {
    if (this.#slots.length === this.#size) return
    const live = this.#live()
    const next = live.findIndex(slot => slot.place >= this.#cursor)
    this.#cursor = next === -1 ? 0 : next
    for (const [place, slot] of live.entries()) slot.place = place
    this.#slots = live
  }
}
