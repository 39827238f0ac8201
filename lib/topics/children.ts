/**
 * The children of a trie node by level. Most nodes have one child at most and an empty Map costs 200 bytes, so a
 * single child stands for itself and a Map comes with the second.
 */
export type Children<N extends { readonly level: string }> = N | Map<string, N> | null

/** The `$` of topics like `$SYS/uptime`, which wildcards in the first level pass over [5.0 MQTT-4.7.2-1]. */
export function isReserved(text: string): boolean {
  return text.charCodeAt(0) === 0x24
}

export function childOf<N extends { readonly level: string }>(
  children: Children<N>,
  level: string
): N | undefined {
  if (children === null) return undefined
  if (children instanceof Map) return children.get(level)
  return children.level === level ? children : undefined
}

/** Adds a child whose level is not there yet. */
export function withChild<N extends { readonly level: string }>(
  children: Children<N>,
  child: N
): Children<N> {
  if (children === null) return child
  if (children instanceof Map) return children.set(child.level, child)
  return new Map([
    [children.level, children],
    [child.level, child]
  ])
}

/** Removes a child that is there. A Map stays one until it is empty: iterations may stand in it. */
export function withoutChild<N extends { readonly level: string }>(
  children: Children<N>,
  child: N
): Children<N> {
  if (!(children instanceof Map)) return null
  children.delete(child.level)
  return children.size === 0 ? null : children
}

/**
 * The levels of a text to be kept in a trie. Slices of a string keep all of it alive: from a long text each level is
 * copied, or one short level of a filter gone long ago could hold 64 KiB.
 */
export function ownLevels(text: string): string[] {
  const levels = text.split('/')
  if (text.length <= 256) return levels
  return levels.map(level => (level.length < 13 ? level : ` ${level}`.slice(1)))
}
