import { SharedGroup } from './shared-group.js'
import { MatchTarget, type SubscriptionOptions } from './target.js'

/** Everybody who subscribed to one topic filter. A single subscriber stands for itself; a Map comes with the second. */
export class Leaf<S extends object> {
  #one: MatchTarget<S> | null = null
  #many: Map<S, MatchTarget<S>> | null = null
  #groups: Map<string, SharedGroup<S>> | null = null

  /** The number of ordinary subscribers. */
  get count(): number {
    if (this.#many !== null) return this.#many.size
    return this.#one === null ? 0 : 1
  }

  get isEmpty(): boolean {
    return this.#one === null && this.#many === null && this.#groups === null
  }

  /** A fresh array, in the order of subscribing. */
  targets(): MatchTarget<S>[] {
    if (this.#many !== null) return [...this.#many.values()]
    return this.#one === null ? [] : [this.#one]
  }

  groups(): Iterable<SharedGroup<S>> | null {
    return this.#groups === null ? null : this.#groups.values()
  }

  has(subscriber: S): boolean {
    return this.#many === null ? this.#one?.subscriber === subscriber : this.#many.has(subscriber)
  }

  /** True when it replaced the subscriber's earlier one. */
  add(subscriber: S, options: SubscriptionOptions): boolean {
    const target = new MatchTarget(subscriber, options)
    if (this.#many !== null) {
      const before = this.#many.size
      return this.#many.set(subscriber, target).size === before
    }
    if (this.#one === null || this.#one.subscriber === subscriber) {
      const replaced = this.#one !== null
      this.#one = target
      return replaced
    }
    this.#many = new Map([
      [this.#one.subscriber, this.#one],
      [subscriber, target]
    ])
    this.#one = null
    return false
  }

  remove(subscriber: S): boolean {
    if (this.#many === null) {
      if (this.#one?.subscriber !== subscriber) return false
      this.#one = null
      return true
    }
    if (!this.#many.delete(subscriber)) return false
    if (this.#many.size > 1) return true
    for (const last of this.#many.values()) this.#one = last
    this.#many = null
    return true
  }

  /** True when the subscriber was a member already. */
  join(share: string, filter: string, subscriber: S, options: SubscriptionOptions): boolean {
    this.#groups ??= new Map()
    let group = this.#groups.get(share)
    if (group === undefined) {
      group = new SharedGroup<S>(share, filter)
      this.#groups.set(share, group)
    }
    return group.add(subscriber, options)
  }

  leave(share: string, subscriber: S): boolean {
    const group = this.#groups?.get(share)
    if (!group?.remove(subscriber)) return false
    if (group.size === 0) this.#groups?.delete(share)
    if (this.#groups?.size === 0) this.#groups = null
    return true
  }
}
