import { type Children, childOf, isReserved, ownLevels, withChild, withoutChild } from './children.js'
import { Leaf } from './leaf.js'

class FilterNode<S extends object> {
  readonly level: string
  children: Children<FilterNode<S>> = null
  plus: FilterNode<S> | null = null
  /** Of the filter that ends here. */
  leaf: Leaf<S> | null = null
  /** Of the filter that ends with a # below here. */
  hash: Leaf<S> | null = null

  constructor(level: string) {
    this.level = level
  }

  get isEmpty(): boolean {
    return this.children === null && this.plus === null && this.leaf === null && this.hash === null
  }

  down(level: string): FilterNode<S> | undefined {
    return level === '+' ? (this.plus ?? undefined) : childOf(this.children, level)
  }
}

/** The filters with wildcards, a node for each level. Nothing in it recurses: a filter may have 65 536 levels. */
export class FilterTrie<S extends object> {
  readonly #root = new FilterNode<S>('')

  get isEmpty(): boolean {
    return this.#root.isEmpty
  }

  /** The leaf of a filter, made when it is missing. */
  obtain(filter: string): Leaf<S> {
    let node = this.#root
    for (const level of ownLevels(filter)) {
      if (level === '#') {
        node.hash ??= new Leaf<S>()
        return node.hash
      }
      let next = node.down(level)
      if (next === undefined) {
        next = new FilterNode<S>(level)
        if (level === '+') node.plus = next
        else node.children = withChild(node.children, next)
      }
      node = next
    }
    node.leaf ??= new Leaf<S>()
    return node.leaf
  }

  find(filter: string): Leaf<S> | undefined {
    let node: FilterNode<S> | undefined = this.#root
    for (const level of filter.split('/')) {
      if (level === '#') return node.hash ?? undefined
      node = node.down(level)
      if (node === undefined) return undefined
    }
    return node.leaf ?? undefined
  }

  /** Takes the leaf of a filter away, and the nodes that only led to it. */
  prune(filter: string): void {
    const path: FilterNode<S>[] = []
    let node: FilterNode<S> | undefined = this.#root
    const levels = filter.split('/')
    const hash = levels.at(-1) === '#'
    if (hash) levels.pop()
    for (const level of levels) {
      path.push(node)
      node = node.down(level)
      if (node === undefined) return
    }
    if (hash) node.hash = null
    else node.leaf = null
    for (let parent = path.pop(); parent !== undefined && node.isEmpty; parent = path.pop()) {
      if (parent.plus === node) parent.plus = null
      else parent.children = withoutChild(parent.children, node)
      node = parent
    }
  }

  /**
   * Appends the leaves of all filters that match a topic. Walks level by level with the set of nodes reached so far;
   * in a tree no node is reached twice, so the work is bounded by the nodes that exist.
   */
  collect(topic: string, found: Leaf<S>[]): void {
    let reached = [this.#root]
    // [5.0 MQTT-4.7.2-1]: at the first level of a topic like $SYS/uptime no wildcard counts.
    let wild = !isReserved(topic)
    for (let start = 0, end = 0; end !== -1 && reached.length > 0; start = end + 1) {
      end = topic.indexOf('/', start)
      let level: string | null = null
      const next: FilterNode<S>[] = []
      for (const node of reached) {
        if (wild && node.hash !== null) found.push(node.hash)
        if (wild && node.plus !== null) next.push(node.plus)
        if (node.children === null) continue
        level ??= end === -1 ? topic.slice(start) : topic.slice(start, end)
        const child = childOf(node.children, level)
        if (child !== undefined) next.push(child)
      }
      reached = next
      wild = true
    }
    for (const node of reached) {
      if (node.leaf !== null) found.push(node.leaf)
      // `a/#` matches its parent `a` too [5.0 MQTT-4.7.1-1].
      if (node.hash !== null) found.push(node.hash)
    }
  }
}
