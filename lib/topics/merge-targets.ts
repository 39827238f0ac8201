import type { Leaf } from './leaf.js'
import type { MatchTarget } from './target.js'

/**
 * One target a subscriber out of the leaves of all matching filters. Fan-out has one big leaf, with at most a few
 * small ones beside it: only the small ones are gathered in a Map and then laid over the big one.
 */
export function mergeTargets<S extends object>(leaves: Leaf<S>[]): MatchTarget<S>[] {
  const [first] = leaves
  if (first === undefined) return []
  if (leaves.length === 1) return first.targets()
  const base = leaves.reduce((a, b) => (b.count > a.count ? b : a))
  const targets = base.targets()
  const others = gather(leaves, base)
  if (others === null) return targets
  if (anyIn(base, others)) layOver(targets, others)
  for (const target of others.values()) targets.push(target)
  return targets
}

function gather<S extends object>(leaves: Leaf<S>[], base: Leaf<S>): Map<S, MatchTarget<S>> | null {
  let others: Map<S, MatchTarget<S>> | null = null
  for (const leaf of leaves) {
    if (leaf === base || leaf.count === 0) continue
    others ??= new Map()
    for (const target of leaf.targets()) {
      const known = others.get(target.subscriber)
      if (known === undefined) others.set(target.subscriber, target)
      else if (known.sources === null) others.set(target.subscriber, known.plus(target))
      else known.plus(target)
    }
  }
  return others
}

function anyIn<S extends object>(base: Leaf<S>, others: Map<S, MatchTarget<S>>): boolean {
  for (const subscriber of others.keys()) if (base.has(subscriber)) return true
  return false
}

/** Merges what is in both into the targets and leaves the rest in `others`. */
function layOver<S extends object>(targets: MatchTarget<S>[], others: Map<S, MatchTarget<S>>): void {
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]!
    const other = others.get(target.subscriber)
    if (other === undefined) continue
    targets[i] = target.plus(other)
    others.delete(target.subscriber)
  }
}
