import t from 'tap'
import { FakeClient } from '../support/fake-client.js'
import { attach, message } from '../support/messages.js'
import { hosted, ready } from '../support/retain.js'

const immediate = () => new Promise(resolve => setImmediate(resolve))

/** Retained t/0, t/1, …, and how often the backend was asked. */
async function searched(count: number) {
  const kept = Array.from({ length: count }, (_, i) => message({ topic: `t/${i}`, retain: true }))
  const all = await hosted({}, kept)
  const { lookupRetainedMessages } = all.stack.handlers
  const asked: string[] = []
  all.stack.handlers.lookupRetainedMessages = (ctx, store) => {
    asked.push(ctx.filter)
    return lookupRetainedMessages!(ctx, store)
  }
  return { ...all, asked }
}

t.test('of many filters with wildcards one is searched for in a turn, in their order', async t => {
  const { subscribe, asked, got } = await searched(3)
  const filters = Array.from({ length: 20 }, (_, i) => `+/none${i}`)
  for (const filter of filters) subscribe(filter)
  t.same(asked, filters.slice(0, 1))
  await immediate()
  t.same(asked, filters.slice(0, 2))
  for (let i = 0; i < 30; i++) await immediate()
  t.same(asked, filters, 'each of them once')
  t.same(got(), [])
})

t.test('filters without wildcards are answered at once', async t => {
  const { subscribe, got } = await searched(5)
  for (let i = 0; i < 5; i++) subscribe(`t/${i}`)
  t.equal(got().length, 5)
})

t.test('the same filter again and again is searched for once in a turn', async t => {
  const { subscribe, asked, got } = await searched(2)
  for (let i = 0; i < 100; i++) subscribe('t/+')
  t.equal(asked.length, 1)
  for (let i = 0; i < 30; i++) await immediate()
  t.equal(asked.length, 2)
  t.equal(got().length, 4)
})

t.test('one that unsubscribes before its turn gets nothing', async t => {
  const { manager, session, subscribe, asked } = await searched(2)
  subscribe('t/+')
  subscribe('t/#')
  manager.topicUnsubscribed({ client: null, session, topic: 't/#' })
  for (let i = 0; i < 5; i++) await immediate()
  t.same(asked, ['t/+'])
})

t.test('filters that match the same messages wait for a receiver that does not read', async t => {
  const { stack, manager, client, session, subscribe, forwarded } = await searched(10)
  stack.handlers.forwardMessage = ctx => {
    forwarded.push(ctx)
    // As the writer does it in the middle of a turn, before anybody is told.
    if (forwarded.length % 4 === 0) client.congested = true
  }
  for (const filter of ['#', 't/#', 't/+']) subscribe(filter)
  for (let i = 0; i < 10; i++) await immediate()
  t.equal(forwarded.length, 4)
  for (let drained = 0; drained < 10; drained++) {
    const before = forwarded.length
    client.congested = false
    ready(manager, session)
    for (let i = 0; i < 10; i++) await immediate()
    t.ok(forwarded.length - before <= 4)
  }
  t.equal(forwarded.length, 30, 'and get all of them in the end')
})

t.test('a page that arrives late does not end what was subscribed again meanwhile', async t => {
  const { stack, subscribe, got } = await searched(2)
  const { lookupRetainedMessages } = stack.handlers
  const answers: Array<() => void> = []
  let empty = true
  stack.handlers.lookupRetainedMessages = (ctx, store) => {
    if (!empty) lookupRetainedMessages!(ctx, store)
    empty = false
    return new Promise<void>(resolve => answers.push(resolve))
  }
  subscribe('t/+')
  subscribe('t/+')
  for (let i = 0; i < 3; i++) await immediate()
  answers.shift()!()
  await immediate()
  answers.shift()!()
  await immediate()
  t.equal(got().length, 2)
})

t.test('what is left of a connection that is over is not searched for again and again', async t => {
  const { stack, session, subscribe, asked } = await searched(5)
  subscribe('t/+')
  subscribe('t/#')
  subscribe('+/+')
  attach(new FakeClient(stack), session)
  for (let i = 0; i < 30; i++) await immediate()
  t.same(asked, ['t/+'])
})
