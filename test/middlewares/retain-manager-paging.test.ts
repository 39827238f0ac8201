import t from 'tap'
import { FakeClient } from '../support/fake-client.js'
import { turn } from '../support/fake-clock.js'
import { attach } from '../support/messages.js'
import { hosted, ready } from '../support/retain.js'

const names = (count: number) => Array.from({ length: count }, (_, i) => `t/${i} m`)

async function paged(count: number, pageSize = 10) {
  const all = await hosted({ pageSize })
  for (let i = 0; i < count; i++) all.retain(`t/${i}`, 'm')
  return all
}

/** The backend answers when the test says so. */
async function waiting(count: number, pageSize = 10) {
  const all = await paged(count, pageSize)
  const { lookupRetainedMessages } = all.stack.handlers
  const answers: Array<() => void> = []
  all.stack.handlers.lookupRetainedMessages = (ctx, store) => {
    // Read now, told later: what comes meanwhile is not in it.
    lookupRetainedMessages!(ctx, store)
    return new Promise<void>(resolve => answers.push(resolve))
  }
  const answer = async () => {
    answers.shift()!()
    await turn()
  }
  return { ...all, answer, answers }
}

t.test('a page at a time, with a turn for the others between two', async t => {
  const { subscribe, got, forwarded } = await paged(25)
  subscribe('t/#')
  t.equal(forwarded.length, 10)
  await turn()
  t.same(got(), names(25))
})

t.test('the next page waits until the session is ready again', async t => {
  const { manager, session, subscribe, got } = await paged(25)
  subscribe('t/#')
  session.ready = false
  await turn()
  t.same(got(), names(25).slice(0, 10))
  ready(manager, session)
  t.same(got(), names(25).slice(10, 20))
  ready(manager, session)
  t.same(got(), [], 'its turn is still due')
  await turn()
  t.same(got(), names(25).slice(20))
})

t.test('a receiver that falls behind within a page gets the rest of it later', async t => {
  const { stack, manager, session, subscribe, got, forwarded } = await paged(10)
  stack.handlers.forwardMessage = ctx => {
    forwarded.push(ctx)
    if (forwarded.length === 4) session.ready = false
  }
  subscribe('t/#')
  t.same(got(), names(10).slice(0, 4))
  await turn()
  t.same(got(), [])
  ready(manager, session)
  t.same(got(), names(10).slice(4, 8), 'and again')
  ready(manager, session)
  t.same(got(), names(10).slice(8))
})

t.test('unsubscribing in the middle ends it', async t => {
  const { manager, session, subscribe, got } = await paged(25)
  subscribe('t/#')
  subscribe('t/+')
  manager.topicUnsubscribed({ client: null, session, topic: 't/#' })
  await turn()
  t.same(got().length, 10 + 25)
})

t.test('the end of the connection ends it, also for a later connection of the session', async t => {
  const { stack, manager, client, session, subscribe, got } = await paged(25)
  subscribe('t/#')
  manager.uninstall(client.client)
  attach(new FakeClient(stack), session)
  await turn()
  ready(manager, session)
  t.same(got().length, 10)
})

t.test('a page that arrives for a connection that has gone is thrown away', async t => {
  const { manager, client, session, subscribe, got, answer } = await waiting(5)
  subscribe('t/#')
  session.client = null
  manager.uninstall(client.client)
  await answer()
  t.same(got(), [])
})

t.test('subscribed again, it begins again and does not go on twice', async t => {
  const { subscribe, got } = await paged(25)
  subscribe('t/#')
  subscribe('t/#')
  t.same(got(), names(25).slice(0, 10))
  await turn()
  t.same(got(), names(25))
})

t.test('a message published while its page is on its way is not followed by an older one', async t => {
  const { retain, subscribe, got, answer } = await waiting(3)
  subscribe('t/#')
  retain('t/1', 'newer')
  await answer()
  t.same(got(), ['t/0 m', 't/2 m'], 'the newer one takes the ordinary way')
  subscribe('t/#')
  await answer()
  t.same(got(), ['t/0 m', 't/1 newer', 't/2 m'])
})

t.test('a message removed while its page is on its way is not sent, one of another filter is', async t => {
  const { retain, subscribe, got, answer } = await waiting(3)
  subscribe('t/+')
  retain('t/1', '')
  retain('other', 'm')
  await answer()
  t.same(got(), ['t/0 m', 't/2 m'])
})

t.test('the next page has what changed before it was asked for', async t => {
  const { retain, subscribe, got, answer } = await waiting(4, 2)
  subscribe('t/#')
  retain('t/3', 'newer')
  await answer()
  await answer()
  t.same(got(), ['t/0 m', 't/1 m', 't/2 m', 't/3 newer'])
})

t.test('a backend that fails ends it and is reported', async t => {
  for (const late of [false, true]) {
    const { stack, manager, session, subscribe, got } = await paged(5)
    const errors: string[] = []
    stack.on('error', err => errors.push(err.message))
    stack.handlers.lookupRetainedMessages = () => {
      if (late) return Promise.reject(new Error('no disk'))
      throw new Error('no disk')
    }
    subscribe('t/#')
    await turn()
    ready(manager, session)
    t.same(errors, ['no disk'])
    t.same(got(), [])
  }
})
