import type { Counts } from '../../broker/stored-data.js'

const nouns: ReadonlyArray<readonly [keyof Counts, one: string, many: string]> = [
  ['sessions', 'session', 'sessions'],
  ['subscriptions', 'subscription', 'subscriptions'],
  ['retained', 'retained message', 'retained messages'],
  ['queued', 'queued message', 'queued messages'],
  ['inflight', 'message in flight to clients', 'messages in flight to clients'],
  ['incoming', 'message in flight from clients', 'messages in flight from clients'],
  ['wills', 'will', 'wills']
]

/** "1 session, 2 queued messages", or "nothing". */
export function summaryOf(counts: Counts): string {
  const parts = nouns
    .filter(([name]) => counts[name] > 0)
    .map(([name, one, many]) => `${grouped(counts[name])} ${counts[name] === 1 ? one : many}`)
  return parts.join(', ') || 'nothing'
}

/** 12345 as 12,345. */
export function grouped(value: number): string {
  return value.toLocaleString('en')
}

/** The first problems, and how many more there are. */
export function problemLines(texts: readonly string[], count: number, most = 20): string[] {
  const lines = texts.slice(0, most)
  if (count > lines.length) lines.push(`and ${grouped(count - lines.length)} more`)
  return lines
}
