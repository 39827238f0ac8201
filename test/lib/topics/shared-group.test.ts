import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { type SubscriptionOptions, SubscriptionTable } from '../../../lib/topics/index.js'
import { ready } from './oracle.js'

const options: SubscriptionOptions = { qos: 1, nl: false, rap: false }
const filter = ready('$share/g/a/+')
const sessions = Array.from({ length: 30 }, (_, id) => ({ id }))
type Session = (typeof sessions)[number]

function groupOf(table: SubscriptionTable<Session>) {
  const { groups, targets } = table.match('a/b')
  assert.equal(groups.length, 1)
  assert.equal(targets.length, 0)
  return groups[0]!
}

function filled(amount: number) {
  const table = new SubscriptionTable<Session>()
  for (const session of sessions.slice(0, amount)) table.add(filter, session, options)
  return table
}

t.test('[5.0 MQTT-4.8.2-4] each message goes to one member, in turn', async t => {
  for (const amount of [1, 3, 20]) {
    const group = groupOf(filled(amount))
    t.match(group, { name: 'g', filter: 'a/+', size: amount })
    t.strictSame(
      group.members.map(member => member.subscriber),
      sessions.slice(0, amount)
    )
    const picked = Array.from({ length: 3 * amount }, () => group.pick(() => true)?.subscriber)
    for (const session of sessions.slice(0, amount)) t.equal(picked.filter(one => one === session).length, 3)
    t.strictSame(picked.slice(0, amount), sessions.slice(0, amount))
  }
})

t.test('members that do not accept are passed over', async t => {
  const group = groupOf(filled(4))
  const even = Array.from(
    { length: 4 },
    () => group.pick(member => member.subscriber.id % 2 === 0)?.subscriber.id
  )
  t.strictSame(even, [0, 2, 0, 2])
  let asked = 0
  const refuse = () => {
    asked++
    return false
  }
  t.equal(group.pick(refuse), null)
  t.equal(asked, 4, 'each was asked once')
})

t.test('the same object as long as it has members', async t => {
  const table = filled(1)
  const group = groupOf(table)
  table.add(filter, sessions[1]!, options)
  table.remove(filter, sessions[0]!)
  t.equal(groupOf(table), group)
  t.equal(group.size, 1)
  t.equal(group.pick(() => true)?.subscriber, sessions[1])
  table.remove(filter, sessions[1]!)
  t.equal(
    group.pick(() => true),
    null
  )
  t.strictSame(group.members, [])
  t.strictSame(table.match('a/b').groups, [])
  table.add(filter, sessions[1]!, options)
  t.not(groupOf(table), group)
})

t.test('a member that subscribes again keeps its turn', async t => {
  const table = filled(3)
  const group = groupOf(table)
  group.pick(() => true)
  t.ok(table.add(filter, sessions[0]!, { ...options, qos: 2 }))
  t.equal(group.size, 3)
  t.equal(group.pick(() => true)?.subscriber.id, 1)
  t.equal(group.members[0]?.options.qos, 2)
})

t.test('a member that leaves while it is asked', async t => {
  const table = filled(20)
  const group = groupOf(table)
  const picked = group.pick(member => {
    table.remove(filter, member.subscriber)
    return member.subscriber.id === 19
  })
  t.equal(picked?.subscriber.id, 19)
  t.equal(group.size, 0)
})

t.test('groups are chosen by name and filter, each on its own', async t => {
  const table = filled(2)
  for (const text of ['$share/h/a/+', '$share/g/a/#', '$share/g/a/b', '$share/g/x'])
    table.add(ready(text), sessions[0]!, options)
  t.strictSame(
    table
      .match('a/b')
      .groups.map(group => `${group.name}:${group.filter}:${group.size}`)
      .sort(),
    ['g:a/#:1', 'g:a/+:2', 'g:a/b:1', 'h:a/+:1']
  )
})

t.test('random comings and goings: members in the order of joining, nobody skipped', async () => {
  const change = fc.record({
    session: fc.constantFrom(...sessions),
    kind: fc.constantFrom('add', 'remove', 'pick', 'list')
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 150 }), changes => {
      const table = filled(12)
      const group = groupOf(table)
      // One that stays keeps the group alive.
      const keeper = { id: -1 }
      table.add(filter, keeper, options)
      const model: Session[] = [...sessions.slice(0, 12), keeper]
      for (const { session, kind } of changes) {
        const at = model.indexOf(session)
        if (kind === 'pick') assert.ok(model.includes(group.pick(() => true)!.subscriber))
        if (kind === 'list')
          assert.deepEqual(
            group.members.map(member => member.subscriber),
            model
          )
        if (kind === 'add') assert.equal(table.add(filter, session, options), at !== -1)
        if (kind === 'add' && at === -1) model.push(session)
        if (kind === 'remove') assert.equal(table.remove(filter, session), at !== -1)
        if (kind === 'remove' && at !== -1) model.splice(at, 1)
        assert.equal(group.size, model.length)
      }
      const round = model.map(() => group.pick(() => true)!.subscriber)
      assert.deepEqual(new Set(round), new Set(model))
    }),
    { numRuns: 500 }
  )
})
