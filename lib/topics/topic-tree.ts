import { type Children, childOf, isReserved, ownLevels, withChild, withoutChild } from './children.js'

/** Stands where no topic ends; V may be anything, undefined included. */
const nothing = Symbol('nothing')

class TopicNode<V> {
  readonly level: string
  readonly parent: TopicNode<V> | null
  /** Tells an iteration what came after it began. */
  readonly born: number
  children: Children<TopicNode<V>> = null
  topic = ''
  value: V | typeof nothing = nothing

  constructor(level: string, parent: TopicNode<V> | null, born: number) {
    this.level = level
    this.parent = parent
    this.born = born
  }
}

/** Children yet to be visited, with the place in the filter that they have to match. */
interface Step<V> {
  readonly nodes: Iterator<TopicNode<V>>
  readonly depth: number
}

/** A map from topic name to value that is looked up by topic filter: retained messages. */
export class TopicTree<V> {
  readonly #topics = new Map<string, TopicNode<V>>()
  readonly #root = new TopicNode<V>('', null, 0)
  #births = 0

  get size(): number {
    return this.#topics.size
  }

  get(topic: string): V | undefined {
    return valueAt(this.#topics.get(topic))
  }

  /** Gives the value it replaced. */
  set(topic: string, value: V): V | undefined {
    const node = this.#topics.get(topic) ?? this.#plant(topic)
    const previous = valueAt(node)
    node.value = value
    return previous
  }

  /** Gives the value it removed. */
  delete(topic: string): V | undefined {
    const node = this.#topics.get(topic)
    if (node === undefined) return undefined
    const previous = valueAt(node)
    this.#topics.delete(topic)
    node.value = nothing
    node.topic = ''
    let bare = node
    while (bare.parent !== null && bare.children === null && bare.value === nothing) {
      bare.parent.children = withoutChild(bare.parent.children, bare)
      bare = bare.parent
    }
    return previous
  }

  /**
   * All topics that match a valid filter (without `$share/name/`), one at a time. The tree may change between the
   * steps: what is there from beginning to end comes exactly once, what comes or goes meanwhile may come or not.
   */
  *match(filter: string): Generator<[topic: string, value: V]> {
    const levels = filter.split('/')
    if (levels.at(-1) !== '#' && !levels.includes('+')) {
      const node = this.#topics.get(filter)
      if (node !== undefined) yield [filter, node.value as V]
      return
    }
    // A node is new when its level was not there: one that is deleted and set again at each step would never end.
    const births = this.#births
    const steps: Step<V>[] = [{ nodes: [this.#root].values(), depth: 0 }]
    for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
      const { value: next, done } = step.nodes.next()
      if (done) {
        steps.pop()
        continue
      }
      // [5.0 MQTT-4.7.2-1]: no wildcard in the first level matches $SYS and its like.
      if (next.born > births || (next.parent === this.#root && isReserved(next.level) && isWild(levels[0]!)))
        continue
      const { node, depth } = descend(next, levels, step.depth)
      if (node === undefined) continue
      const level = levels[depth]
      if (level !== undefined)
        steps.push({ nodes: childrenOf(node), depth: level === '#' ? depth : depth + 1 })
      // At a # the node itself counts too, `a/#` matches `a` [5.0 MQTT-4.7.1-1].
      if (level !== '+' && node.value !== nothing) yield [node.topic, node.value]
    }
  }

  #plant(topic: string): TopicNode<V> {
    let node = this.#root
    for (const level of ownLevels(topic)) {
      let next = childOf(node.children, level)
      if (next === undefined) {
        next = new TopicNode<V>(level, node, ++this.#births)
        node.children = withChild(node.children, next)
      }
      node = next
    }
    node.topic = topic
    this.#topics.set(topic, node)
    return node
  }
}

/** Follows the levels without wildcards from `depth` on, as far as they go. */
function descend<V>(from: TopicNode<V>, levels: string[], depth: number) {
  let node: TopicNode<V> | undefined = from
  let level = levels[depth]
  while (node !== undefined && level !== undefined && !isWild(level)) {
    node = childOf(node.children, level)
    level = levels[++depth]
  }
  return { node, depth }
}

/** Live: goes on correctly when children come or go meanwhile. */
function childrenOf<V>(node: TopicNode<V>): Iterator<TopicNode<V>> {
  const { children } = node
  if (children instanceof Map) return children.values()
  return (children === null ? [] : [children]).values()
}

function isWild(level: string): boolean {
  return level === '+' || level === '#'
}

function valueAt<V>(node: TopicNode<V> | undefined): V | undefined {
  return node === undefined || node.value === nothing ? undefined : node.value
}
