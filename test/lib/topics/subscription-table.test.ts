import t from 'tap'
import { type SubscriptionOptions, SubscriptionTable, withoutNoLocal } from '../../../lib/topics/index.js'
import { ready } from './oracle.js'

class Session {
  readonly id: string

  constructor(id: string) {
    this.id = id
  }
}

const one = new Session('one')
const two = new Session('two')
const asked = (more: Partial<SubscriptionOptions> = {}): SubscriptionOptions => ({
  qos: 0,
  nl: false,
  rap: false,
  ...more
})

function filled(...entries: Array<[text: string, session: Session, more?: Partial<SubscriptionOptions>]>) {
  const table = new SubscriptionTable<Session>()
  for (const [text, session, more] of entries) table.add(ready(text), session, asked(more))
  return table
}

const ids = (table: SubscriptionTable<Session>, topic: string) =>
  table.match(topic).targets.map(target => target.subscriber.id)

t.test('nobody subscribed', async t => {
  const table = filled()
  t.strictSame(table.match('a'), { targets: [], groups: [] })
  t.notOk(table.remove(ready('a'), one))
  t.notOk(table.remove(ready('a/#'), one))
  t.notOk(table.remove(ready('a/+/b'), one))
  t.notOk(table.remove(ready('$share/g/a'), one))
  t.equal(table.generation, 0)
})

t.test('[5.0 MQTT-3.8.4-3] the same filter again replaces the subscription', async t => {
  for (const text of ['a/b', 'a/+', 'a/#', '$share/g/a/b']) {
    const table = new SubscriptionTable<Session>()
    const first = asked({ qos: 2, nl: true, identifier: 1 })
    const second = asked({ qos: 1, rap: true })
    t.notOk(table.add(ready(text), one, first), 'new')
    t.notOk(table.add(ready(text), two, first), 'of another subscriber')
    t.ok(table.add(ready(text), one, second), 'replaced')
    t.equal(table.size, 2)
    const { targets, groups } = table.match('a/b')
    if (groups[0]) t.match(groups[0].members[0], { subscriber: one, options: second })
    else
      t.match(targets[0], {
        subscriber: one,
        qos: 1,
        rap: true,
        noLocal: false,
        identifiers: null,
        sources: null
      })
  }
})

t.test('a filter and its shared form are different subscriptions', async t => {
  const table = filled(['a', one], ['$share/g/a', one], ['$share/h/a', one])
  t.equal(table.size, 3)
  t.equal(table.match('a').targets.length, 1)
  t.equal(table.match('a').groups.length, 2)
  t.ok(table.remove(ready('a'), one))
  t.equal(table.match('a').targets.length, 0)
  t.ok(table.remove(ready('$share/g/a'), one))
  t.notOk(table.remove(ready('$share/g/a'), one))
  t.strictSame(
    table.match('a').groups.map(group => group.name),
    ['h']
  )
})

t.test('the generation grows with every change and with nothing else', async t => {
  const table = filled()
  let last = table.generation
  const grew = (changed: boolean) => {
    t.equal(table.generation > last, changed)
    last = table.generation
  }
  for (const text of ['a', 'a/+', '$share/g/a']) {
    const filter = ready(text)
    table.add(filter, one, asked())
    grew(true)
    table.add(filter, one, asked())
    grew(true)
    table.remove(filter, two)
    grew(false)
    table.match('a')
    grew(false)
    table.remove(filter, one)
    grew(true)
    table.remove(filter, one)
    grew(false)
  }
})

t.test('[5.0 MQTT-3.3.4-2] [5.0 MQTT-3.3.4-4] overlapping filters of a client make one target', async t => {
  const table = filled(
    ['a/b', one, { qos: 1, identifier: 7 }],
    ['a/+', one, { qos: 0, rap: true }],
    ['a/#', one, { qos: 2, identifier: 7 }],
    ['#', one, { identifier: 9 }],
    ['+/b', two, { qos: 1 }]
  )
  const { targets } = table.match('a/b')
  t.equal(targets.length, 2)
  const mine = targets.find(target => target.subscriber === one)
  t.match(mine, { qos: 2, rap: true, noLocal: false })
  t.strictSame([...(mine?.identifiers ?? [])].sort(), [7, 7, 9])
  t.equal(mine?.sources?.length, 4)
  t.match(table.match('a/x').targets[0], { qos: 2, rap: true }, 'the stored ones are as they were')
  t.match(table.match('x').targets, [{ qos: 0, rap: false, identifiers: [9], sources: null }])
})

t.test('a big leaf with small ones over it', async t => {
  const table = filled(['a/#', one, { qos: 1 }], ['#', one, { qos: 2 }], ['+/b', two, { qos: 1 }])
  const crowd = Array.from({ length: 20 }, (_, i) => new Session(`s${i}`))
  for (const session of [...crowd, two]) table.add(ready('a/b'), session, asked())
  table.add(ready('$share/g/a/b'), one, asked())
  const { targets } = table.match('a/b')
  t.equal(targets.length, 22)
  t.equal(new Set(targets.map(target => target.subscriber)).size, 22)
  t.equal(targets.find(target => target.subscriber === one)?.qos, 2)
  t.equal(targets.find(target => target.subscriber === two)?.qos, 1)
  table.remove(ready('+/b'), two)
  t.equal(table.match('a/b').targets.length, 22, 'nobody in both')
})

t.test(
  '[5.0 MQTT-3.8.3-3] No Local holds for the publisher when all its matching filters have it',
  async t => {
    const all = filled(['a', one, { nl: true }], ['#', one, { nl: true, qos: 1 }]).match('a').targets[0]!
    t.ok(all.noLocal)
    t.equal(withoutNoLocal(all), null)

    const single = filled(['a', one, { nl: true }]).match('a').targets[0]!
    t.ok(single.noLocal)
    t.equal(withoutNoLocal(single), null)

    const some = filled(
      ['a', one, { nl: true, qos: 2, identifier: 1 }],
      ['+', one, { qos: 1, identifier: 2 }],
      ['#', one, { rap: true }]
    ).match('a').targets[0]!
    t.notOk(some.noLocal)
    t.match(some, { qos: 2 })
    t.match(withoutNoLocal(some), { subscriber: one, qos: 1, rap: true, noLocal: false, identifiers: [2] })

    const none = filled(['a', one], ['#', one]).match('a').targets[0]!
    t.equal(withoutNoLocal(none), none)
    const alone = filled(['a', one]).match('a').targets[0]!
    t.equal(withoutNoLocal(alone), alone)
  }
)

t.test('[5.0 MQTT-4.7.2-1] wildcards in the first level pass over $ topics', async t => {
  const table = filled(['#', one], ['+/x', one], ['+/#', one], ['$SYS/#', two])
  t.strictSame(ids(table, '$SYS/x'), ['two'])
  t.strictSame(ids(table, '$SYS'), ['two'])
  t.strictSame(ids(table, 'a/x'), ['one'])
})

t.test('names that are special in JavaScript are ordinary', async t => {
  const table = filled(['__proto__', one], ['__proto__/+', one], ['constructor/#', two], ['a/toString', one])
  t.strictSame(ids(table, '__proto__'), ['one'])
  t.strictSame(ids(table, '__proto__/x'), ['one'])
  t.strictSame(ids(table, 'constructor'), ['two'])
  t.strictSame(ids(table, 'toString'), [])
  t.strictSame(ids(table, 'constructor/__proto__'), ['two'])
  table.add(ready('$share/__proto__/a'), one, asked())
  t.equal(table.match('a').groups[0]?.name, '__proto__')
})

t.test('tens of thousands of levels, all of them wildcards', async t => {
  const table = filled()
  const filters = [
    '+/'.repeat(30_000),
    `${'+/'.repeat(30_000)}#`,
    `${'a/'.repeat(30_000)}+`,
    '/'.repeat(65_535)
  ]
  for (const text of filters) table.add(ready(text), one, asked())
  t.equal(table.match('a/'.repeat(30_000)).targets[0]?.sources?.length, 3)
  t.equal(table.match('a/'.repeat(30_001)).targets[0]?.sources, null)
  t.equal(table.match('/'.repeat(65_535)).targets[0]?.sources?.length, 2)
  t.equal(table.match('a').targets.length, 0)
  for (const text of filters) t.ok(table.remove(ready(text), one))
  t.strictSame(table.match('a/'.repeat(30_000)), { targets: [], groups: [] })
})

t.test('one client with all 2 048 filters that match a topic', async t => {
  const table = filled()
  const filters = Array.from({ length: 2048 }, (_, bits) =>
    Array.from({ length: 11 }, (_, i) => ((bits >> i) & 1 ? '+' : `l${i}`)).join('/')
  )
  filters.forEach((text, identifier) => {
    table.add(ready(text), one, asked({ identifier: identifier + 1 }))
  })
  const topic = filters[0]!
  const { targets } = table.match(topic)
  t.equal(targets.length, 1)
  t.equal(new Set(targets[0]?.identifiers).size, 2048)
  t.ok(filters.every(text => table.remove(ready(text), one)))
  t.equal(table.size, 0)
  t.strictSame(table.match(topic).targets, [])
})

t.test('a level out of a long filter stays when the filter goes', async t => {
  const level = 'a-level-of-a-long-filter'
  const table = filled([`${level}/+/${'x'.repeat(300)}`, one], [`${level}/+`, two])
  table.remove(ready(`${level}/+/${'x'.repeat(300)}`), one)
  t.strictSame(ids(table, `${level}/y`), ['two'])
})
