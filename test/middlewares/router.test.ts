import t from 'tap'
import type { ForwardContext, PublishPacket, Session, SubscriptionRequest } from '../../lib/index.js'
import { MqttError } from '../../lib/index.js'
import { Router } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { message, sessionOf, subscriptionTo } from '../support/messages.js'

async function hosted() {
  const forwarded: ForwardContext[] = []
  const stack = new FakeStack({
    forwardMessage: ctx => {
      forwarded.push(ctx)
    }
  })
  const router = await stack.host(new Router())
  const session = (id: string) => {
    const made = sessionOf(new FakeClient(stack, { id }))
    made.ready = true
    return made
  }
  const subscribe = (to: Session, topic: string, options: Partial<SubscriptionRequest> & object = {}) => {
    const store = { grant: 0, existed: false }
    const subscription = subscriptionTo(topic, options)
    to.subscriptions.set(topic, subscription)
    router.subscribeTopic({ client: null, session: to, subscription, restored: false }, store)
    return store.existed
  }
  const unsubscribe = (from: Session, topic: string) => {
    const store = { existed: false }
    router.unsubscribeTopic({ client: null, session: from, topic }, store)
    return store.existed
  }
  /** Who got it, and how many it matched. */
  const publish = (packet: PublishPacket = message(), from: Session | null = null) => {
    forwarded.length = 0
    const store = { matched: 0 }
    router.relayMessage({ client: from?.client ?? null, packet }, store)
    return { ids: forwarded.map(({ session }) => session.id), matched: store.matched }
  }
  return { stack, router, session, subscribe, unsubscribe, publish, forwarded }
}

t.test('a message goes to each session that subscribed to it, once, and to no other', async t => {
  const { session, subscribe, publish } = await hosted()
  const [a, b, c] = ['a', 'b', 'c'].map(session) as [Session, Session, Session]
  subscribe(a, 'a/b')
  subscribe(a, 'a/#')
  subscribe(b, '+/b')
  subscribe(c, 'other')
  t.same(publish(), { ids: ['a', 'b'], matched: 2 })
})

t.test(
  'overlapping subscriptions are merged: highest QoS, all identifiers [5.0 MQTT-3.3.4-2] [5.0 MQTT-3.3.4-4]',
  async t => {
    const { session, subscribe, publish, forwarded } = await hosted()
    const a = session('a')
    subscribe(a, 'a/b', { qos: 0, identifier: 1 } as object)
    subscribe(a, 'a/#', { qos: 1, identifier: 2 } as object)
    subscribe(a, '#', { qos: 0 })
    publish()
    t.equal(forwarded.length, 1)
    t.equal(forwarded[0]!.subscription.qos, 1)
    t.same([...forwarded[0]!.subscription.identifiers!].sort(), [1, 2])
  }
)

t.test(
  'Retain As Published keeps the flag, else it is 0 [5.0 MQTT-3.3.1-12] [5.0 MQTT-3.3.1-13]',
  async t => {
    const { session, subscribe, publish, forwarded } = await hosted()
    subscribe(session('keeps'), 'a/b', { rap: true })
    subscribe(session('drops'), 'a/b', { rap: false })
    const flags = () => forwarded.map(({ session, retain }) => `${session.id} ${retain}`)
    publish(message({ retain: true }))
    t.same(flags(), ['keeps true', 'drops false'])
    publish(message({ retain: false }))
    t.same(flags(), ['keeps false', 'drops false'])
  }
)

t.test('No Local keeps a message from its own publisher only [5.0 MQTT-3.8.3-3]', async t => {
  const { session, subscribe, publish } = await hosted()
  const [a, b] = ['a', 'b'].map(session) as [Session, Session]
  subscribe(a, 'a/b', { nl: true })
  subscribe(b, 'a/b', { nl: true })
  t.same(publish(message(), a), { ids: ['b'], matched: 1 })
  t.same(publish(message(), b), { ids: ['a'], matched: 1 })
  t.same(publish().ids, ['a', 'b'], 'a will or the server is nobody’s own')
})

t.test('of overlapping subscriptions only those with No Local are left out', async t => {
  const { session, subscribe, publish, forwarded } = await hosted()
  const a = session('a')
  subscribe(a, 'a/b', { nl: true, qos: 2, rap: true, identifier: 1 } as object)
  subscribe(a, 'a/#', { qos: 0, identifier: 2 } as object)
  publish(message({ retain: true }), a)
  t.match(forwarded, [{ subscription: { qos: 0, identifiers: [2] }, retain: false }])
  publish(message({ retain: true }))
  t.match(forwarded, [{ subscription: { qos: 2 }, retain: true }])
})

t.test('a result is used again until a subscription changes', async t => {
  const { session, subscribe, unsubscribe, publish } = await hosted()
  const [a, b] = ['a', 'b'].map(session) as [Session, Session]
  const packet = message()
  t.same(publish(packet).ids, [])
  t.equal(subscribe(a, 'a/b'), false)
  t.same(publish(packet).ids, ['a'])
  t.same(publish(packet).ids, ['a'])
  t.equal(subscribe(a, 'a/b'), true, 'it replaced the one before [5.0 MQTT-3.8.4-3]')
  subscribe(b, '#')
  t.same(publish(packet).ids, ['a', 'b'])
  t.equal(unsubscribe(a, 'a/b'), true)
  t.equal(unsubscribe(a, 'a/b'), false)
  t.same(publish(packet).ids, ['b'])
})

t.test('sessions that ended are not kept by topics that live on', async t => {
  const { stack, router, session, subscribe, publish } = await hosted()
  const a = session('a')
  const topic = stack.topics.of('a/b')
  subscribe(a, 'a/b')
  const packet = message()
  packet.source = topic
  publish(packet)
  const holds = () =>
    JSON.stringify(topic, (key, value) => (key === 'client' ? undefined : value)).includes('"id":"a"')
  t.equal(holds(), true)
  router.sessionEnded({ session: a, reason: 'expired' })
  t.equal(holds(), false)
  t.equal(router.size, 0)
  t.same(publish(packet).ids, [])
})

t.test('what an old Router kept with a topic means nothing to a new one', async t => {
  const { stack, router, session, subscribe, publish } = await hosted()
  const packet = message()
  subscribe(session('a'), 'a/b')
  publish(packet)
  router.stop()
  const other = await stack.host(new Router())
  const store = { matched: 0 }
  other.relayMessage({ client: null, packet }, store)
  t.equal(store.matched, 0)
  other.importState(router.exportState() as never)
  other.relayMessage({ client: null, packet: message() }, store)
  t.equal(store.matched, 1)
})

t.test('a subscription that changes while a message is relayed is for the next one', async t => {
  const { stack, session, subscribe, unsubscribe, publish } = await hosted()
  const [a, b] = ['a', 'b'].map(session) as [Session, Session]
  subscribe(a, 'a/b')
  subscribe(b, 'a/b')
  const got: string[] = []
  stack.handlers.forwardMessage = ({ session }) => {
    got.push(session.id)
    unsubscribe(b, 'a/b')
    unsubscribe(a, 'a/b')
  }
  const packet = message()
  publish(packet)
  t.same(got, ['a', 'b'])
  publish(packet)
  t.same(got, ['a', 'b'])
})

t.test('a receiver that fails is reported and harms nobody else', async t => {
  for (const late of [false, true]) {
    const { stack, session, subscribe, publish } = await hosted()
    const errors: string[] = []
    stack.on('error', (err, client) => errors.push(`${client.id} ${err.message}`))
    const got: string[] = []
    stack.handlers.forwardMessage = ({ session }) => {
      got.push(session.id)
      if (session.id !== 'b') return
      if (late) return Promise.reject(new Error('broken'))
      throw new Error('broken')
    }
    for (const id of ['a', 'b', 'c']) subscribe(session(id), 'a/b')
    t.equal(publish().matched, 3)
    await Promise.resolve()
    await Promise.resolve()
    t.same(got, ['a', 'b', 'c'])
    t.same(errors, ['b broken'])
  }
})

t.test('a filter that is none is refused, and unsubscribing from it changes nothing', async t => {
  const { session, subscribe, unsubscribe } = await hosted()
  t.throws(() => subscribe(session('a'), 'a#'), new MqttError('TopicFilterInvalid'))
  t.equal(unsubscribe(session('a'), 'a#'), false)
})

t.test('plain objects are routed like received packets', async t => {
  const { session, subscribe, publish } = await hosted()
  subscribe(session('a'), 'a/+')
  const { cmd, topic, payload, qos, retain, dup, messageId } = message()
  t.same(publish({ cmd, topic, payload, qos, retain, dup, messageId, properties: undefined }).ids, ['a'])
})

t.test('more topics than results are kept for are routed all the same', async t => {
  const { session, subscribe, publish } = await hosted()
  subscribe(session('a'), '#')
  for (let i = 0; i < 65_537; i++) publish(message({ topic: `t/${i}` }))
  const first = message({ topic: 't/0' })
  t.same(publish(first).ids, ['a'])
  t.same(publish(first).ids, ['a'])
})
