import t from 'tap'
import { MqttError, NEVER, type StoredSession, type Subscription } from '../../lib/index.js'
import { SessionManager } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { filter } from '../support/requests.js'

const now = new FakeStack().clock.now()

/** A start with these sessions in the backend, one a page. */
async function restart(
  sessions: StoredSession[],
  subscriptions: Record<string, Subscription[]> = {},
  handlers: Record<string, FakeHandler> = {}
) {
  const stack = new FakeStack({
    lookupSessions({ cursor = 0 }, store) {
      if (sessions[cursor]) store.items.push(sessions[cursor])
      if (cursor + 1 < sessions.length) store.cursor = cursor + 1
    },
    lookupSubscriptions({ clientId }, store) {
      store.subscriptions.push(...(subscriptions[clientId] ?? []))
    },
    ...handlers
  })
  await stack.host(new SessionManager())
  return stack
}

const stored = (clientId: string, expiryInterval: number, expiresAt: number | null): StoredSession => ({
  ...{ clientId, expiryInterval, expiresAt }
})

t.test('nobody keeping sessions is fine', async t => {
  const stack = new FakeStack()
  await stack.host(new SessionManager())
  t.same(stack.executed, [])
})

t.test('all pages come back, offline, with the time they had left', async t => {
  const stack = await restart([stored('a', 60, now + 20_000), stored('b', 60, now + 5000)])
  t.same([...stack.sessions.keys()], ['a', 'b'])
  t.match(stack.sessions.get('a'), {
    client: null,
    expiryInterval: 60,
    expiresAt: now + 20_000,
    ready: false
  })
  stack.clock.advance(6000)
  t.same([...stack.sessions.keys()], ['a'])
  stack.clock.advance(15_000)
  t.equal(stack.sessions.size, 0)
  each(t, stack.of('sessionEnded'), [{ reason: 'expired' }, { reason: 'expired' }])
  t.same(stack.of('removeSession'), [{ clientId: 'b' }, { clientId: 'a' }])
})

t.test('one whose time ran out meanwhile ends with all that belongs to it', async t => {
  const stack = await restart([stored('a', 60, now - 1)], { a: [filter('t')] })
  stack.clock.advance(1000)
  each(t, stack.of('sessionEnded'), [{ session: { id: 'a' }, reason: 'expired' }])
})

t.test('one that looks connected went offline now, and that is stored', async t => {
  const stack = await restart([stored('a', 60, null)])
  each(t, stack.of('storeSession'), [
    { session: { clientId: 'a', expiryInterval: 60, expiresAt: now + 60_000 } }
  ])
  stack.clock.advance(59_000)
  t.equal(stack.sessions.size, 1)
  stack.clock.advance(2000)
  t.equal(stack.sessions.size, 0)
})

t.test('one that never expires waits for ever', async t => {
  const stack = await restart([stored('a', NEVER, null)])
  t.same(stack.of('storeSession'), [])
  stack.clock.advance(10_000_000)
  t.equal(stack.sessions.size, 1)
})

t.test('one that was to end with its connection is removed', async t => {
  const stack = await restart([stored('a', 0, null)])
  t.equal(stack.sessions.size, 0)
  t.same(stack.of('removeSession'), [{ clientId: 'a' }])
})

t.test('subscriptions are routed again, and nobody is told that somebody subscribed', async t => {
  const subscriptions = [filter('x', { qos: 1 }), { ...filter('$share/g/y', { qos: 2 }), identifier: 5 }]
  const stack = await restart([stored('a', NEVER, null)], { a: subscriptions })
  const session = stack.sessions.get('a')
  t.same([...(session?.subscriptions.values() ?? [])], subscriptions)
  each(
    t,
    stack.of('subscribeTopic'),
    subscriptions.map(subscription => ({ client: null, session, subscription, restored: true }))
  )
  for (const name of ['topicSubscribed', 'sessionResumed', 'clientConnected'])
    t.same(stack.of(name), [], name)
})

t.test('a subscription that is refused now does not come back', async t => {
  const refusing: FakeHandler[] = [
    ({ subscription }) => {
      if (subscription.topic === 'no') throw new MqttError('NotAuthorized')
    },
    async ({ subscription }, store) => {
      if (subscription.topic === 'no') store.grant = 0x87
    }
  ]
  for (const subscribeTopic of refusing) {
    const kept = { a: [filter('no'), filter('yes')] }
    const stack = await restart([stored('a', NEVER, null)], kept, { subscribeTopic })
    t.same([...(stack.sessions.get('a')?.subscriptions.keys() ?? [])], ['yes'])
    each(t, stack.of('unsubscribeTopic'), [{ topic: 'no' }], 'somebody may have routed it before')
    t.same(stack.of('removeSubscription'), [{ clientId: 'a', topic: 'no' }])
  }
})

t.test('a backend that fails keeps the stack from starting', async t => {
  const lookupSubscriptions = () => Promise.reject(new Error('data base'))
  await t.rejects(restart([stored('a', NEVER, null)], {}, { lookupSubscriptions }), { message: 'data base' })
  const subscribeTopic = () => {
    throw new Error('bug')
  }
  const one = { a: [filter('x')] }
  await t.rejects(restart([stored('a', NEVER, null)], one, { subscribeTopic }), { message: 'bug' })
})
