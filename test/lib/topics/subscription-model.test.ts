import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  type SubscriptionOptions,
  SubscriptionTable,
  type Target,
  topicMatches,
  withoutNoLocal
} from '../../../lib/topics/index.js'
import { anyFilter, ready, topicName } from './oracle.js'

/** A broker's subscriptions as an array: the oracle of the table. */
interface Entry {
  text: string
  client: object
  options: SubscriptionOptions
}

const clients = Array.from({ length: 4 }, (_, id) => ({ id }))
const options = fc.record(
  {
    qos: fc.constantFrom(0, 1, 2),
    nl: fc.boolean(),
    rap: fc.boolean(),
    identifier: fc.integer({ min: 1, max: 9 })
  },
  { requiredKeys: ['qos', 'nl', 'rap'] }
) as fc.Arbitrary<SubscriptionOptions>

const change = fc.record({
  text: anyFilter,
  client: fc.constantFrom(...clients),
  /** null removes. */
  options: fc.option(options, { freq: 3 })
})

function apply(entries: Entry[], text: string, client: object, options: SubscriptionOptions | null): boolean {
  const at = entries.findIndex(entry => entry.text === text && entry.client === client)
  if (options === null) return at !== -1 && entries.splice(at, 1).length === 1
  if (at === -1) entries.push({ text, client, options })
  else entries[at] = { text, client, options }
  return at !== -1
}

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)

function expected(client: object, sources: SubscriptionOptions[]) {
  return {
    client,
    qos: Math.max(...sources.map(source => source.qos)),
    rap: sources.some(source => source.rap),
    noLocal: sources.every(source => source.nl),
    identifiers: sorted(sources.flatMap(source => source.identifier ?? []))
  }
}

function actual(target: Target<object>) {
  const { subscriber: client, qos, rap, noLocal, identifiers } = target
  return { client, qos, rap, noLocal, identifiers: sorted(identifiers ?? []) }
}

function check(table: SubscriptionTable<object>, entries: Entry[], topic: string) {
  const matching = entries.filter(entry => topicMatches(ready(entry.text).filter, topic))
  const { targets, groups } = table.match(topic)
  for (const client of clients) {
    const sources = matching
      .filter(entry => entry.client === client && ready(entry.text).share === null)
      .map(entry => entry.options)
    const own = targets.filter(target => target.subscriber === client)
    assert.equal(own.length, Math.min(sources.length, 1))
    const [target] = own
    if (target === undefined) continue
    assert.deepEqual(actual(target), expected(client, sources))
    assert.equal(target.sources?.length ?? 1, sources.length)
    const open = sources.filter(source => !source.nl)
    const rest = withoutNoLocal(target)
    assert.deepEqual(rest && actual(rest), open.length === 0 ? null : expected(client, open))
  }
  const shared = matching.filter(entry => ready(entry.text).share !== null)
  assert.deepEqual(
    groups.map(group => `$share/${group.name}/${group.filter}`).sort(),
    [...new Set(shared.map(entry => entry.text))].sort()
  )
  for (const group of groups) {
    const own = shared.filter(entry => entry.text === `$share/${group.name}/${group.filter}`)
    assert.equal(group.size, own.length)
    assert.deepEqual(
      new Set(group.members.map(member => member.options)),
      new Set(own.map(entry => entry.options))
    )
  }
}

t.test('random changes: the table agrees with an array of subscriptions', async () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.array(topicName, { maxLength: 8 }),
      (changes, topics) => {
        const table = new SubscriptionTable<object>()
        const entries: Entry[] = []
        for (const { text, client, options } of changes) {
          const existed = apply(entries, text, client, options)
          const filter = ready(text)
          assert.equal(options ? table.add(filter, client, options) : table.remove(filter, client), existed)
          assert.equal(table.size, entries.length)
        }
        for (const topic of topics) check(table, entries, topic)
        for (const { text, client } of entries) assert.ok(table.remove(ready(text), client))
        for (const topic of topics) assert.deepEqual(table.match(topic), { targets: [], groups: [] })
      }
    ),
    { numRuns: 1000 }
  )
})

t.test('match results stay as they were when the table changes', async () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), topicName, (changes, topic) => {
      const table = new SubscriptionTable<object>()
      for (const { text, client, options } of changes) if (options) table.add(ready(text), client, options)
      const { targets } = table.match(topic)
      const before = targets.map(actual)
      const again = table.match(topic).targets.map(actual)
      for (const { text, client } of changes) table.remove(ready(text), client)
      assert.deepEqual(targets.map(actual), before)
      assert.deepEqual(again, before)
    })
  )
})
