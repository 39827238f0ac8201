import { parseFilter, type SubscriptionOptions, type TopicFilter } from '../../lib/topics/index.js'

export const options: SubscriptionOptions = { qos: 1, nl: false, rap: false }

export type Kind = 'exact' | 'plus' | 'hash'

export const topicOf = (i: number): string => `site/${i % 100}/line/${i % 1000}/machine/${i}/temperature`

/** A filter that topicOf(i) matches and no other topic does. */
export function filterOf(i: number, kind: Kind = kindOf(i)): TopicFilter {
  if (kind === 'exact') return ready(topicOf(i))
  if (kind === 'plus') return ready(`site/+/line/${i % 1000}/machine/${i}/+`)
  return ready(`site/${i % 100}/line/${i % 1000}/machine/${i}/#`)
}

/** Of ten, two have a plus and one a hash. */
function kindOf(i: number): Kind {
  if (i % 10 < 7) return 'exact'
  return i % 10 < 9 ? 'plus' : 'hash'
}

export function ready(text: string): TopicFilter {
  const filter = parseFilter(text)
  if (filter === null) throw new Error(`${text} is no topic filter`)
  return filter
}

/** Topics in another order than that of their filters, as texts in one piece: what a packet gives. */
export function topics(count: number): string[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(topicOf((i * 7919) % count)).toString())
}

export interface Subscriber {
  readonly id: number
}

export function subscribers(count: number): Subscriber[] {
  return Array.from({ length: count }, (_, id) => ({ id }))
}
