import t, { type Test } from 'tap'
import { MqttError, Session, type Subscription, type UnsubscribePacket } from '../../lib/index.js'
import { SubscriptionManager } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { filter, Gate, subscribe } from '../support/requests.js'

/** With a router behind, or before, a hook: `routed` is who would get messages, with which QoS. */
async function setup(
  hook: Partial<Record<'subscribeTopic' | 'unsubscribeTopic', FakeHandler>>,
  order: 'before' | 'after'
) {
  const routed = new Map<string, number>()
  const route: Record<string, FakeHandler> = {
    subscribeTopic: ({ subscription }) => void routed.set(subscription.topic, subscription.qos),
    unsubscribeTopic: ({ topic }) => void routed.delete(topic)
  }
  const handler =
    (name: 'subscribeTopic' | 'unsubscribeTopic'): FakeHandler =>
    (ctx, store) => {
      const asked = () => (ctx.restored ? undefined : hook[name]?.(ctx, store))
      const [first, second] =
        order === 'before' ? [asked, () => route[name]!(ctx, store)] : [() => route[name]!(ctx, store), asked]
      const waited = first()
      return waited instanceof Promise ? waited.then(second) : second()
    }
  const stack = new FakeStack({
    subscribeTopic: handler('subscribeTopic'),
    unsubscribeTopic: handler('unsubscribeTopic')
  })
  const middleware = await stack.host(new SubscriptionManager())
  const client = new FakeClient(stack)
  const session = new Session('c1')
  session.expiryInterval = 60
  session.client = client.client
  client.session = session
  const held = (topic: string, qos: 0 | 1 | 2) => {
    session.subscriptions.set(topic, filter(topic, { qos }))
    routed.set(topic, qos)
  }
  const ask = async (...filters: Array<string | ReturnType<typeof filter>>) => {
    await middleware.handle(client.client, subscribe(filters))
    return client.sent.at(-1)?.granted
  }
  const drop = async (...unsubscriptions: string[]) => {
    const packet: UnsubscribePacket = { cmd: 'unsubscribe', messageId: 8, unsubscriptions }
    await middleware.handle(client.client, packet)
    return client.sent.at(-1)?.granted
  }
  /** What the session has; routing has to be the same. */
  const has = () =>
    Object.fromEntries(
      [...session.subscriptions].map(([topic, { qos }]: [string, Subscription]) => [topic, qos])
    )
  const same = (t: Test) => t.same(Object.fromEntries(routed), session.ended ? {} : has(), 'as it is routed')
  const leave = () => {
    client.state = 'closed'
    session.client = null
  }
  return { stack, client, session, held, ask, drop, has, same, leave }
}

const orders = ['before', 'after'] as const

/** Handlers that refuse `no`: each way, at once and later. */
const refusals: Record<string, FakeHandler> = {
  'store.grant': (_ctx, store) => {
    store.grant = 0x87
  },
  throw: () => {
    throw new MqttError('NotAuthorized')
  },
  'a bare code': () => {
    throw 0x87
  },
  'store.grant, later': async (_ctx, store) => {
    await null
    store.grant = 0x87
  },
  rejection: () => Promise.reject(new MqttError('NotAuthorized'))
}

for (const [way, refuse] of Object.entries(refusals)) {
  for (const order of orders) {
    t.test(`refused by ${way} ${order} routing: the others are granted, and it is not routed`, async t => {
      const hook: FakeHandler = (ctx, store) =>
        ctx.subscription.topic === 'no' ? refuse(ctx, store) : undefined
      const { stack, ask, has, same } = await setup({ subscribeTopic: hook }, order)
      t.same(await ask('a', filter('no', { qos: 2 }), 'b'), [0, 0x87, 0])
      t.same(has(), { a: 0, b: 0 })
      same(t)
      t.same(
        stack.of('topicSubscribed').map(({ subscription }) => subscription.topic),
        ['a', 'b']
      )
      t.same(
        stack.of('storeSubscription').map(({ subscription }) => subscription.topic),
        ['a', 'b']
      )
    })

    t.test(`a replacement refused by ${way} ${order} routing leaves the earlier subscription`, async t => {
      const { held, ask, has, same } = await setup({ subscribeTopic: refuse }, order)
      held('no', 1)
      t.same(await ask(filter('no', { qos: 2 })), [0x87])
      t.same(has(), { no: 1 })
      same(t)
    })
  }
}

for (const order of orders) {
  t.test(
    `granted less ${order} routing: it is routed, kept, stored and told with what was granted`,
    async t => {
      const lower: FakeHandler = (_ctx, store) => {
        store.grant = 1
      }
      const { stack, ask, has, same } = await setup({ subscribeTopic: lower }, order)
      t.same(
        await ask(filter('a', { qos: 2 }), filter('b', { qos: 0 })),
        [1, 0],
        'never more than was asked for'
      )
      t.same(has(), { a: 1, b: 0 })
      same(t)
      each(t, stack.of('storeSubscription'), [{ subscription: { qos: 1 } }, { subscription: { qos: 0 } }])
      each(t, stack.of('topicSubscribed'), [{ subscription: { qos: 1 } }, { subscription: { qos: 0 } }])
    }
  )

  t.test(`a fault ${order} routing refuses the packet and leaves nothing half done`, async t => {
    for (const err of [new Error('bug'), new MqttError('AdministrativeAction')]) {
      const fail = () => {
        throw err
      }
      const { ask, has, same, client } = await setup({ subscribeTopic: fail }, order)
      await t.rejects(ask('a'), { message: err.message })
      t.same(client.sent, [])
      t.same(has(), {})
      same(t)
    }
  })

  t.test(`its client leaves while a hook ${order} routing waits: nothing is subscribed`, async t => {
    for (const ends of [true, false]) {
      const gate = new Gate()
      const { stack, session, held, ask, has, same, leave } = await setup(
        { subscribeTopic: () => gate.passed },
        order
      )
      held('earlier', 1)
      const asking = ask(filter('earlier', { qos: 2 }), 'more')
      leave()
      if (ends) {
        session.ended = true
        await stack.execute('unsubscribeTopic', { session, topic: 'earlier' }, {})
      }
      gate.open()
      await asking
      t.same(has(), { earlier: 1 })
      same(t)
      t.equal(
        stack.of('subscribeTopic').filter(({ restored }) => !restored).length,
        1,
        'the next filter is not begun'
      )
      for (const name of ['topicSubscribed', 'storeSubscription', 'commit']) t.same(stack.of(name), [], name)
    }
  })

  t.test(`an UNSUBSCRIBE that is refused ${order} routing leaves the subscription`, async t => {
    const refuse: FakeHandler = ({ topic }) => {
      if (topic === 'keep') throw new MqttError('NotAuthorized')
    }
    const { stack, held, drop, has, same } = await setup({ unsubscribeTopic: refuse }, order)
    held('keep', 1)
    held('go', 1)
    t.same(await drop('keep', 'go'), [0x87, 0])
    t.same(has(), { keep: 1 })
    same(t)
    each(t, stack.of('topicUnsubscribed'), [{ topic: 'go' }])
    each(t, stack.of('removeSubscription'), [{ topic: 'go' }])
  })

  t.test(
    `its client leaves while an UNSUBSCRIBE waits ${order} routing: the session keeps what it has`,
    async t => {
      const gate = new Gate()
      const { stack, held, drop, has, same, leave } = await setup(
        { unsubscribeTopic: () => gate.passed },
        order
      )
      held('a', 1)
      held('b', 1)
      const dropping = drop('a', 'b')
      leave()
      gate.open()
      await dropping
      t.same(has(), { a: 1, b: 1 })
      same(t)
      const asked = stack.of('unsubscribeTopic').map(({ topic }) => topic)
      t.same(asked, ['a'], 'the next filter is not begun')
      for (const name of ['topicUnsubscribed', 'removeSubscription']) t.same(stack.of(name), [], name)
    }
  )
}

t.test('a client that leaves while the commit waits is told nothing', async t => {
  const gate = new Gate()
  const { stack, client, ask, leave, has } = await setup({}, 'before')
  stack.handlers.commit = () => gate.passed
  const asking = ask('a')
  leave()
  gate.open()
  await asking
  t.same(has(), { a: 0 }, 'it is stored: the session has it')
  t.same(stack.of('topicSubscribed'), [])
  t.equal(client.isOpen, false)
})

t.test('routing that cannot be put right is reported', async t => {
  const { stack, ask } = await setup({ subscribeTopic: refusals['store.grant']! }, 'before')
  const errors: unknown[] = []
  stack.on('error', err => errors.push(err))
  stack.handlers.unsubscribeTopic = () => {
    throw new Error('bug')
  }
  t.same(await ask('a'), [0x87])
  each(t, errors, [{ message: 'bug' }])
})
