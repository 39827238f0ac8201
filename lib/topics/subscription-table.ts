import type { TopicFilter } from './filter.js'
import { FilterTrie } from './filter-trie.js'
import { Leaf } from './leaf.js'
import { mergeTargets } from './merge-targets.js'
import type { SharedGroup } from './shared-group.js'
import type { SubscriptionOptions, Target } from './target.js'

/** Who gets a message: each of the targets, and one member of each group. */
export interface Match<S extends object> {
  /** One a subscriber, in no particular order. */
  readonly targets: ReadonlyArray<Target<S>>
  readonly groups: ReadonlyArray<SharedGroup<S>>
}

/**
 * All subscriptions of a broker, by topic filter. A subscriber is an object and is compared by identity. Filters
 * without wildcards, the most, are in one Map; the others are in a trie.
 */
export class SubscriptionTable<S extends object> {
  readonly #exact = new Map<string, Leaf<S>>()
  readonly #trie = new FilterTrie<S>()
  readonly #none: Match<S> = Object.freeze({ targets: Object.freeze([]), groups: Object.freeze([]) })
  #generation = 0
  #size = 0

  /** Grows with every change: a match result is good as long as it stays the same. */
  get generation(): number {
    return this.#generation
  }

  /** The number of subscriptions, shared ones included. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds a subscription or replaces the one this subscriber has with the same filter [5.0 MQTT-3.8.4-3]; true when it
   * replaced one. The options are kept as they are and read now: to change them, add again.
   */
  add(filter: TopicFilter, subscriber: S, options: SubscriptionOptions): boolean {
    const leaf = this.#obtain(filter)
    const replaced =
      filter.share === null
        ? leaf.add(subscriber, options)
        : leaf.join(filter.share, filter.filter, subscriber, options)
    if (!replaced) this.#size++
    this.#generation++
    return replaced
  }

  /** False when the subscriber has no subscription with exactly this filter [5.0 MQTT-3.10.4-1]. */
  remove(filter: TopicFilter, subscriber: S): boolean {
    const leaf = filter.wildcard ? this.#trie.find(filter.filter) : this.#exact.get(filter.filter)
    if (leaf === undefined) return false
    const removed = filter.share === null ? leaf.remove(subscriber) : leaf.leave(filter.share, subscriber)
    if (!removed) return false
    this.#size--
    this.#generation++
    if (!leaf.isEmpty) return true
    if (filter.wildcard) this.#trie.prune(filter.filter)
    else this.#exact.delete(filter.filter)
    return true
  }

  match(topic: string): Match<S> {
    const found: Leaf<S>[] = []
    const exact = this.#exact.get(topic)
    if (exact !== undefined) found.push(exact)
    if (!this.#trie.isEmpty) this.#trie.collect(topic, found)
    if (found.length === 0) return this.#none
    return { targets: mergeTargets(found), groups: this.#groups(found) }
  }

  #obtain(filter: TopicFilter): Leaf<S> {
    if (filter.wildcard) return this.#trie.obtain(filter.filter)
    const known = this.#exact.get(filter.filter)
    if (known !== undefined) return known
    const leaf = new Leaf<S>()
    this.#exact.set(filter.filter, leaf)
    return leaf
  }

  #groups(found: Leaf<S>[]): ReadonlyArray<SharedGroup<S>> {
    let groups: SharedGroup<S>[] | null = null
    for (const leaf of found) {
      const own = leaf.groups()
      if (own === null) continue
      groups ??= []
      for (const group of own) groups.push(group)
    }
    return groups ?? this.#none.groups
  }
}
