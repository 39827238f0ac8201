import { SubscriptionTable, TopicTree } from '../../lib/topics/index.js'
import type { Case, Task } from './case.js'
import { options, ready, type Subscriber, subscribers, topics } from './filters.js'

/** Receivers of one message. */
const fan = 1000

/** Many subscribers of one filter, members of one group, and retained topics of one filter. */
export function crowdCases(large = 100_000): readonly Case[] {
  return [
    { name: `trie/match ${fan} subscribers, each`, prepare: () => fanning(['fan/out']) },
    {
      name: `trie/match ${fan} subscribers, one with two filters, each`,
      prepare: () => fanning(['fan/out', 'fan/#'])
    },
    { name: `trie/remove and add one of ${large} subscribers`, prepare: () => moving('job', large) },
    { name: `trie/remove and add one of ${large} members`, prepare: () => moving('$share/g/job', large) },
    { name: `trie/pick one of ${large} members`, prepare: () => picking(large) },
    { name: `trie/find a retained topic with #, of ${large}`, prepare: () => finding(large) }
  ]
}

/** All have the first filter, one has the others, too. */
function fanning([first, ...others]: readonly string[]): Task {
  const table = new SubscriptionTable<Subscriber>()
  const all = subscribers(fan)
  for (const subscriber of all) table.add(ready(first!), subscriber, options)
  for (const other of others) table.add(ready(other), all[5]!, options)
  return {
    each: 1,
    batch: fan,
    run(operations) {
      let found = 0
      for (let left = operations; left > 0; left -= fan) found += table.match('fan/out').targets.length
      return found
    }
  }
}

function moving(text: string, size: number): Task {
  const table = new SubscriptionTable<Subscriber>()
  const all = subscribers(size)
  const filter = ready(text)
  for (const subscriber of all) table.add(filter, subscriber, options)
  let at = 0
  return {
    each: 2,
    run(operations) {
      let changes = 0
      for (let i = 0; i < operations; i++) {
        const subscriber = all[at]!
        if (table.remove(filter, subscriber)) changes++
        if (!table.add(filter, subscriber, options)) changes++
        if (++at === size) at = 0
      }
      return changes
    }
  }
}

function picking(size: number): Task {
  const table = new SubscriptionTable<Subscriber>()
  for (const subscriber of subscribers(size)) table.add(ready('$share/g/job'), subscriber, options)
  const [group] = table.match('job').groups
  const anybody = () => true
  return {
    each: 1,
    run(operations) {
      let picked = 0
      for (let i = 0; i < operations; i++) if (group!.pick(anybody)) picked++
      return picked
    }
  }
}

function finding(size: number): Task {
  const tree = new TopicTree<object>()
  const message = {}
  for (const topic of topics(size)) tree.set(topic, message)
  let walk = tree.match('#')
  return {
    each: 1,
    run(operations) {
      let found = 0
      for (let i = 0; i < operations; i++) {
        let step = walk.next()
        if (step.done) {
          walk = tree.match('#')
          step = walk.next()
        }
        if (step.value[1] === message) found++
      }
      return found
    }
  }
}
