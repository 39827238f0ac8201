import t from 'tap'
import type { ForwardContext, Session } from '../../lib/index.js'
import { Router } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { message, sessionOf, subscriptionTo } from '../support/messages.js'

async function group(count: number, options: object = {}) {
  const forwarded: ForwardContext[] = []
  const stack = new FakeStack({
    forwardMessage: ctx => {
      forwarded.push(ctx)
    }
  })
  const router = await stack.host(new Router())
  const members = Array.from({ length: count }, (_, i) => {
    const session = sessionOf(new FakeClient(stack, { id: `m${i}` }), 300)
    session.ready = true
    return session
  })
  const join = (session: Session, topic = '$share/g/a/b') => {
    const subscription = subscriptionTo(topic, options)
    session.subscriptions.set(topic, subscription)
    const store = { grant: 0, existed: false }
    router.subscribeTopic({ client: null, session, subscription, restored: false }, store)
  }
  for (const member of members) join(member)
  const publish = (times = 1, qos: 0 | 1 | 2 = 1) => {
    forwarded.length = 0
    const store = { matched: 0 }
    for (let i = 0; i < times; i++) router.relayMessage({ client: null, packet: message({ qos }) }, store)
    return { ids: forwarded.map(({ session }) => session.id), matched: store.matched }
  }
  const goOffline = (session: Session) => {
    session.client = null
    session.ready = false
  }
  return { stack, router, members, join, publish, goOffline, forwarded }
}

t.test('each message goes to one member, in turn', async t => {
  const { publish } = await group(3)
  t.same(publish(6), { ids: ['m0', 'm1', 'm2', 'm0', 'm1', 'm2'], matched: 6 })
})

t.test('a member in two groups, or also subscribed by itself, gets a copy of each', async t => {
  const { members, join, publish } = await group(1)
  join(members[0]!, '$share/other/a/#')
  join(members[0]!, 'a/b')
  t.same(publish(), { ids: ['m0', 'm0', 'm0'], matched: 3 })
})

t.test('the member’s own options count [5.0 MQTT-4.8.2-3]', async t => {
  const { publish, forwarded } = await group(1, { qos: 1, rap: true, identifier: 9 })
  publish()
  t.match(forwarded, [{ subscription: { qos: 1, identifiers: [9] }, retain: false, group: { name: 'g' } }])
})

t.test('members that are offline or do not keep up are passed over', async t => {
  const { members, publish, goOffline } = await group(3)
  goOffline(members[0]!)
  members[2]!.ready = false
  t.same(publish(3).ids, ['m1', 'm1', 'm1'])
})

t.test(
  'when nobody keeps up, one that is online gets it; when nobody is online, one that keeps it',
  async t => {
    const { members, publish, goOffline } = await group(2)
    goOffline(members[0]!)
    members[1]!.ready = false
    t.same(publish(2).ids, ['m1', 'm1'])
    goOffline(members[1]!)
    t.same(publish(2).ids, ['m0', 'm1'])
  }
)

t.test('nobody gets it when all are offline and it would not be kept', async t => {
  const zero = await group(2)
  for (const member of zero.members) zero.goOffline(member)
  t.same(zero.publish(1, 0), { ids: [], matched: 0 })
  const granted = await group(1, { qos: 0 })
  granted.goOffline(granted.members[0]!)
  t.same(granted.publish(1, 2), { ids: [], matched: 0 })
  const short = await group(1)
  short.members[0]!.expiryInterval = 0
  short.goOffline(short.members[0]!)
  t.same(short.publish(), { ids: [], matched: 0 })
})

t.test('who joins or leaves changes the turn of the next message', async t => {
  const { stack, router, members, join, publish } = await group(2)
  publish(1)
  const late = sessionOf(new FakeClient(stack, { id: 'late' }))
  late.ready = true
  join(late)
  t.same(publish(3).ids, ['m1', 'late', 'm0'])
  router.unsubscribeTopic({ client: null, session: members[1]!, topic: '$share/g/a/b' }, { existed: false })
  t.same(publish(2).ids.includes('m1'), false)
})

t.test('what a member leaves behind goes to another, not to the one that ended', async t => {
  const { router, members, publish, goOffline, forwarded } = await group(2)
  publish(1)
  const { group: shared } = forwarded[0]!
  forwarded.length = 0
  goOffline(members[0]!)
  members[0]!.ended = true
  const store = { matched: 0 }
  for (let i = 0; i < 3; i++) router.forwardToGroup({ group: shared!, packet: message({ qos: 1 }) }, store)
  t.same(
    forwarded.map(({ session }) => session.id),
    ['m1', 'm1', 'm1']
  )
  goOffline(members[1]!)
  members[1]!.ended = true
  router.forwardToGroup({ group: shared!, packet: message({ qos: 1 }) }, store)
  t.equal(store.matched, 3)
})
