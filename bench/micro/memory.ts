import { SubscriptionTable, TopicTable, TopicTree } from '../../lib/topics/index.js'
import type { Weighing } from './case.js'
import { filterOf, type Kind, options, ready, type Subscriber, subscribers, topics } from './filters.js'

/** Memory that stays: subscriptions, interned topics, retained topics. */
export function memoryWeighings(entries = 100_000): readonly Weighing[] {
  return [
    { name: `memory/a filter, ${entries} mixed`, entries, prepare: () => subscriptions(entries) },
    ...(['exact', 'plus', 'hash'] as const).map(kind => ({
      name: `memory/a filter, ${entries} ${kind}`,
      entries,
      prepare: () => subscriptions(entries, kind)
    })),
    { name: `memory/a subscriber of one filter, ${entries}`, entries, prepare: () => crowd(entries, 'job') },
    {
      name: `memory/a member of a group, ${entries}`,
      entries,
      prepare: () => crowd(entries, '$share/g/job')
    },
    { name: `memory/an interned topic, ${entries}`, entries, prepare: () => interned(entries) },
    { name: `memory/a retained topic, ${entries}`, entries, prepare: () => retained(entries) }
  ]
}

function subscriptions(entries: number, kind?: Kind): () => object {
  const filters = Array.from({ length: entries }, (_, i) => filterOf(i, kind))
  const all = subscribers(entries)
  return () => {
    const table = new SubscriptionTable<Subscriber>()
    for (let i = 0; i < entries; i++) table.add(filters[i]!, all[i]!, options)
    return table
  }
}

function crowd(entries: number, text: string): () => object {
  const filter = ready(text)
  const all = subscribers(entries)
  return () => {
    const table = new SubscriptionTable<Subscriber>()
    for (const subscriber of all) table.add(filter, subscriber, options)
    return table
  }
}

function interned(entries: number): () => object {
  const frames = topics(entries).map(topic => Buffer.from(topic))
  return () => {
    const table = new TopicTable(42, { limit: 2 * entries })
    for (const frame of frames) table.intern(frame, 0, frame.length)
    return table
  }
}

function retained(entries: number): () => object {
  const names = topics(entries)
  const message = {}
  return () => {
    const tree = new TopicTree<object>()
    for (const topic of names) tree.set(topic, message)
    return tree
  }
}
