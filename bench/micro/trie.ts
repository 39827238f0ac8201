import { Publish, Session, Stack } from '../../lib/index.js'
import { SubscriptionTable, type TopicFilter, TopicTable, topicMatches } from '../../lib/topics/index.js'
import { Router } from '../../middlewares/index.js'
import type { Case, Task } from './case.js'
import { TurnClock } from './fake-network.js'
import { filterOf, options, type Subscriber, subscribers, topics } from './filters.js'

/** The most filters that are added or removed in one run: enough to take a while. */
const mostChanged = 10_000

/** Matching among few and many filters of which 20 % have a plus and 10 % a hash; each topic has one subscriber. */
export function trieCases(large = 100_000): readonly Case[] {
  return [
    ...[Math.min(1000, large / 10), large].flatMap(size => [
      { name: `trie/match, ${size} filters`, prepare: () => matching(size) },
      { name: `trie/route a topic matched before, ${size} filters`, prepare: () => routing(size) },
      { name: `trie/add, to ${size} filters`, prepare: () => changing(size, 'add') },
      { name: `trie/remove, from ${size} filters`, prepare: () => changing(size, 'remove') }
    ]),
    { name: 'trie/topicMatches', prepare: comparing },
    { name: 'trie/intern a topic seen before', prepare: () => interning(1000) },
    // More than are kept: each is gone when it comes again.
    { name: 'trie/intern a new topic', prepare: () => interning(2000, 1000) }
  ]
}

function filled(size: number): SubscriptionTable<Subscriber> {
  const table = new SubscriptionTable<Subscriber>()
  const all = subscribers(size)
  for (let i = 0; i < size; i++) table.add(filterOf(i), all[i]!, options)
  return table
}

function matching(size: number): Task {
  const table = filled(size)
  const names = topics(size)
  let at = 0
  return {
    each: 1,
    run(operations) {
      let found = 0
      for (let i = 0; i < operations; i++) {
        found += table.match(names[at]!).targets.length
        if (++at === size) at = 0
      }
      return found
    }
  }
}

/** The router, which keeps the result with the topic. */
async function routing(size: number): Promise<Task> {
  let forwarded = 0
  const receiver = {
    forwardMessage() {
      forwarded++
    }
  }
  const stack = await new Stack({ clock: new TurnClock() }).use(new Router(), receiver).start()
  for (let i = 0; i < size; i++) {
    const subscription = { topic: filterOf(i).filter, qos: 0 as const, nl: false, rap: false, rh: 0 as const }
    const ctx = { client: null, session: new Session(`s${i}`), subscription, restored: false }
    await stack.execute('subscribeTopic', ctx, { grant: 0, existed: false })
  }
  // As many as there are of the small size: so that all of them are kept.
  const packets = topics(Math.min(size, 1000)).map(topic => Publish.from({ topic }, stack.topics.of(topic)))
  const contexts = packets.map(packet => ({ client: null, packet }))
  const relay = stack.chain('relayMessage')
  const store = { matched: 0 }
  return {
    each: 1,
    batch: contexts.length,
    run(operations) {
      forwarded = 0
      for (let left = operations; left > 0; left -= contexts.length) {
        for (let i = 0; i < contexts.length; i++) relay.run(contexts[i]!, store)
      }
      return forwarded
    }
  }
}

function changing(size: number, what: 'add' | 'remove'): Task {
  const table = filled(size)
  const changed = Math.min(mostChanged, 10 * size)
  const filters: TopicFilter[] = Array.from({ length: changed }, (_, i) => filterOf(size + i))
  const others = subscribers(changed)
  let first = 0
  const add = (count: number) => {
    let added = 0
    for (let i = 0; i < count; i++) if (!table.add(filters[i]!, others[i]!, options)) added++
    return added
  }
  const remove = (count: number) => {
    let removed = 0
    for (let i = 0; i < count; i++) if (table.remove(filters[i]!, others[i]!)) removed++
    return removed
  }
  if (what === 'remove') add(changed)
  return {
    each: 1,
    most: changed,
    run(operations) {
      first = operations
      return what === 'add' ? add(operations) : remove(operations)
    },
    reset() {
      if (what === 'add') remove(first)
      else add(first)
    }
  }
}

function comparing(): Task {
  const names = topics(1000)
  return {
    each: 1,
    run(operations) {
      let matched = 0
      for (let i = 0; i < operations; i++) {
        if (topicMatches('site/+/line/+/machine/+/temperature', names[i % 1000]!)) matched++
      }
      return matched
    }
  }
}

/** Topic names from the bytes of packets. */
function interning(count: number, limit?: number): Task {
  const frames = Array.from({ length: count }, (_, i) => Buffer.from(`0000site/12/machine/${100_000 + i}`))
  const table = new TopicTable(42, { limit })
  const length = frames[0]!.length - 4
  let at = 0
  return {
    each: length,
    run(operations) {
      let bytes = 0
      for (let i = 0; i < operations; i++) {
        const frame = frames[at]!
        bytes += table.intern(frame, 4, frame.length)!.name.length
        if (++at === count) at = 0
      }
      return bytes
    }
  }
}
