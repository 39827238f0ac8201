/** Costs of topic matching: JSON lines of ns an operation and bytes a filter. Run with --expose-gc. */
import {
  parseFilter,
  type SubscriptionOptions,
  SubscriptionTable,
  type TopicFilter,
  TopicTable,
  TopicTree,
  topicMatches
} from '../../lib/topics/index.js'

const amount = 100_000
const options: SubscriptionOptions = { qos: 1, nl: false, rap: false }
let sink = 0

function report(name: string, figures: Record<string, number>): void {
  console.log(JSON.stringify({ name, ...figures }))
}

/** Nanoseconds an operation, the best of five rounds. */
function time(name: string, operations: number, run: () => void): void {
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const begin = process.hrtime.bigint()
    run()
    best = Math.min(best, Number(process.hrtime.bigint() - begin))
  }
  report(name, { ns: Math.round((best / operations) * 10) / 10 })
}

function heap(): number {
  global.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Bytes an entry that building leaves behind; what it is built from exists before. */
function weigh<T>(name: string, entries: number, build: () => T): T {
  const before = heap()
  const begin = process.hrtime.bigint()
  const built = build()
  const ns = Number(process.hrtime.bigint() - begin) / entries
  report(name, { bytes: Math.round((heap() - before) / entries), ns: Math.round(ns) })
  return built
}

const topicOf = (i: number) => `site/${i % 100}/line/${i % 1000}/machine/${i}/temperature`
const ready = (text: string): TopicFilter => {
  const filter = parseFilter(text)
  if (filter === null) throw new Error(text)
  return filter
}

function mixed(i: number): TopicFilter {
  if (i % 10 < 7) return ready(topicOf(i))
  if (i % 10 < 9) return ready(`site/+/line/${i % 1000}/machine/${i}/+`)
  return ready(`site/${i % 100}/line/${i % 1000}/machine/${i}/#`)
}

const filters = Array.from({ length: amount }, (_, i) => mixed(i))
const subscribers = Array.from({ length: amount }, (_, id) => ({ id }))
// From bytes: a text built of pieces becomes one piece when first hashed, which would be weighed as freed.
const topics = Array.from({ length: amount }, (_, i) => Buffer.from(topicOf((i * 7919) % amount)).toString())

function fill(table = new SubscriptionTable<{ id: number }>()) {
  for (let i = 0; i < amount; i++) table.add(filters[i]!, subscribers[i]!, options)
  return table
}

fill()
const table = weigh('add 100 000 filters', amount, fill)
for (const kind of ['exact', 'plus', 'hash']) {
  const at = ['exact', 'plus', 'hash'].indexOf(kind)
  const some = Array.from({ length: amount }, (_, i) => mixed(i * 10 + [0, 7, 9][at]!))
  weigh(`add 100 000 filters, ${kind} only`, amount, () => {
    const own = new SubscriptionTable<{ id: number }>()
    for (let i = 0; i < amount; i++) own.add(some[i]!, subscribers[i]!, options)
    return own
  })
}
time('match against 100 000 filters', amount, () => {
  for (const topic of topics) sink += table.match(topic).targets.length
})
time('remove and add one of 100 000 filters', amount, () => {
  for (let i = 0; i < amount; i++) table.remove(filters[i]!, subscribers[i]!)
  fill(table)
})

const fan = new SubscriptionTable<{ id: number }>()
for (let i = 0; i < 1000; i++) fan.add(ready('fan/out'), subscribers[i]!, options)
time('match 1 000 subscribers of a topic, each', 1e6, () => {
  for (let i = 0; i < 1000; i++) sink += fan.match('fan/out').targets.length
})
fan.add(ready('fan/#'), subscribers[5]!, options)
time('match 1 000 subscribers and an overlapping one, each', 1e6, () => {
  for (let i = 0; i < 1000; i++) sink += fan.match('fan/out').targets.length
})
const crowd = new SubscriptionTable<{ id: number }>()
for (const subscriber of subscribers) crowd.add(ready('same'), subscriber, options)
time('remove and add one of 100 000 subscribers of a filter', amount, () => {
  const same = ready('same')
  for (const subscriber of subscribers) {
    crowd.remove(same, subscriber)
    crowd.add(same, subscriber, options)
  }
})
for (const subscriber of subscribers) crowd.add(ready('$share/g/job'), subscriber, options)
time('remove and add one of 100 000 members of a group', amount, () => {
  const same = ready('$share/g/job')
  for (const subscriber of subscribers) {
    crowd.remove(same, subscriber)
    crowd.add(same, subscriber, options)
  }
})
const group = crowd.match('job').groups[0]!
time('pick a member of a group', 1e6, () => {
  for (let i = 0; i < 1e6; i++) if (group.pick(() => true)) sink++
})
time('topicMatches', amount, () => {
  for (const topic of topics) if (topicMatches('site/+/line/+/machine/+/temperature', topic)) sink++
})

for (const count of [1, 10_000, 30_000, 100_000]) {
  const frames = Array.from({ length: count }, (_, i) => Buffer.from(`0000topic/of/20/b/${10_000_000 + i}`))
  const interned = weigh(`intern ${count} new topics of 22 bytes`, count, () => {
    const one = new TopicTable(42)
    for (const frame of frames) one.intern(frame, 4, frame.length)
    return one
  })
  time(`intern 22 bytes, ${count} topics in turn`, 1e6, () => {
    for (let i = 0, k = 0; i < 1e6; i++) {
      const frame = frames[k]!
      if (interned.intern(frame, 4, frame.length) !== null) sink++
      if (++k === count) k = 0
    }
  })
}

const payload = {}
const retained = weigh('set 100 000 retained topics', amount, () => {
  const tree = new TopicTree<object>()
  for (const topic of topics) tree.set(topic, payload)
  return tree
})
for (const filter of ['#', 'site/+/line/+/machine/+/temperature', 'site/5/#']) {
  const found = [...retained.match(filter)].length
  time(`retained match ${filter}, each found`, found, () => {
    for (const [topic] of retained.match(filter)) sink += topic.length
  })
}
time('retained match without wildcards', amount, () => {
  for (const topic of topics) sink += [...retained.match(topic)].length
})

const deep = ready(`${'+/'.repeat(32_000)}#`)
time('add, match and remove 32 000 levels', 1, () => {
  fan.add(deep, subscribers[0]!, options)
  sink += fan.match('/'.repeat(65_535)).targets.length
  fan.remove(deep, subscribers[0]!)
})
if (sink === 0) throw new Error('nothing was measured')
