import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { TopicTree, topicMatches } from '../../../lib/topics/index.js'
import { plainFilter, topicName } from './oracle.js'

const change = fc.record({ topic: topicName, value: fc.option(fc.integer(), { freq: 2 }) })
type Change = { topic: string; value: number | null }

function apply(tree: TopicTree<number>, model: Map<string, number>, { topic, value }: Change): void {
  const previous = model.get(topic)
  if (value === null) model.delete(topic)
  else model.set(topic, value)
  assert.equal(value === null ? tree.delete(topic) : tree.set(topic, value), previous)
  assert.equal(tree.size, model.size)
}

const byTopic = (entries: Iterable<[string, number]>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : Number(a > b)))

t.test('random changes: the tree agrees with a Map', async () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.array(plainFilter, { maxLength: 8 }),
      (changes, filters) => {
        const tree = new TopicTree<number>()
        const model = new Map<string, number>()
        for (const one of changes) apply(tree, model, one)
        for (const filter of filters) {
          const expected = [...model].filter(([topic]) => topicMatches(filter, topic))
          assert.deepEqual(byTopic(tree.match(filter)), byTopic(expected))
        }
        for (const [topic, value] of model) assert.equal(tree.get(topic), value)
        for (const topic of model.keys()) tree.delete(topic)
        assert.deepEqual([...tree.match('#')], [])
      }
    ),
    { numRuns: 1000 }
  )
})

t.test('changes between the steps: what stays comes exactly once, nothing comes for ever', async () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 40 }),
      fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 20 }),
      fc.oneof(plainFilter, fc.constant('#'), fc.constant('+/#')),
      (before, during, filter) => {
        const tree = new TopicTree<number>()
        const model = new Map<string, number>()
        for (const one of before) apply(tree, model, one)
        const stayed = new Set([...model.keys()].filter(topic => topicMatches(filter, topic)))
        const seen = new Map<string, number>()
        let step = 0
        for (const [topic, value] of tree.match(filter)) {
          assert.ok(topicMatches(filter, topic))
          assert.equal(value, model.get(topic), 'the value of now')
          seen.set(topic, (seen.get(topic) ?? 0) + 1)
          for (const one of during[step++] ?? []) {
            apply(tree, model, one)
            if (one.value === null) stayed.delete(one.topic)
          }
        }
        for (const topic of stayed) assert.equal(seen.get(topic), 1, topic)
      }
    ),
    { numRuns: 2000 }
  )
})

t.test('a topic deleted and set again at each step does not go on for ever', async t => {
  for (const filter of ['#', '+/#', 'a/+', '+/+']) {
    const tree = new TopicTree<number>()
    for (let i = 0; i < 10; i++) tree.set(`a/${i}`, i)
    let steps = 0
    for (const [topic, value] of tree.match(filter)) {
      steps++
      tree.delete(topic)
      tree.set(topic, value)
      tree.set(`${topic}/below`, value)
      tree.set(`a/more/${steps}`, value)
      tree.set(`a/more-${steps}`, value)
      if (steps > 100) break
    }
    t.equal(steps, 10, filter)
  }
})

t.test('everything deleted under an iteration ends it', async t => {
  const tree = new TopicTree<number>()
  for (const topic of ['a/b/c', 'a/b/d', 'a', 'x/y', 'x']) tree.set(topic, 1)
  let steps = 0
  for (const [first] of tree.match('#')) {
    t.ok(first)
    steps++
    for (const [topic] of tree.match('#')) tree.delete(topic)
  }
  t.equal(steps, 1)
  t.equal(tree.size, 0)
})

t.test('an iteration may be left early', async t => {
  const tree = new TopicTree<number>()
  for (let i = 0; i < 10; i++) tree.set(`a/${i}`, i)
  for (const _ of tree.match('a/+')) break
  t.equal([...tree.match('a/+')].length, 10)
})
