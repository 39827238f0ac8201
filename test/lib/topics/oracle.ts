import fc from 'fast-check'
import { parseFilter, type TopicFilter } from '../../../lib/topics/index.js'

/** Levels that meet often, with names that are special in JavaScript or in MQTT. */
const words = ['', 'a', 'b', '$SYS', '$share', '__proto__', 'constructor', 'a-longer-level-name']

const level = fc.constantFrom(...words)

export const topicName = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map(levels => levels.join('/'))
  .filter(name => name !== '')

/** Valid filters without `$share/name/`. */
export const plainFilter = fc
  .tuple(fc.array(fc.oneof(level, level, fc.constant('+')), { maxLength: 5 }), fc.boolean())
  .map(([levels, hash]) => [...levels, ...(hash ? ['#'] : [])].join('/'))
  .filter(text => text !== '' && (!text.startsWith('$share/') || parseFilter(text) === null))
  .filter(text => !text.startsWith('$share/'))

export const anyFilter = fc.oneof(
  plainFilter,
  fc
    .tuple(fc.constantFrom('g', 'h', '__proto__'), plainFilter)
    .map(([name, text]) => `$share/${name}/${text}`)
)

/** Matching as the specification words it, level by level and by recursion. */
export function naiveMatches(filter: string, topic: string): boolean {
  if (/^[+#]/.test(filter) && topic.startsWith('$')) return false
  return levelsMatch(filter.split('/'), topic.split('/'))
}

function levelsMatch([first, ...filter]: string[], [level, ...topic]: string[]): boolean {
  if (first === '#') return true
  if (first === undefined || level === undefined) return first === level
  return (first === '+' || first === level) && levelsMatch(filter, topic)
}

export function ready(text: string): TopicFilter {
  const filter = parseFilter(text)
  if (filter === null) throw new Error(`not a filter: ${text}`)
  return filter
}
