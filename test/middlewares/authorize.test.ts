import t from 'tap'
import { MqttError, Publish, Session, type Subscription } from '../../lib/index.js'
import { Authorize } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, filter, refusal, subscribe } from '../support/requests.js'

async function setup(handlers: Record<string, FakeHandler> = {}) {
  const stack = new FakeStack(handlers)
  const middleware = await stack.host(new Authorize())
  const client = new FakeClient(stack)
  return { stack, middleware, client }
}

const publish = (topic = 'a', qos: 0 | 1 | 2 = 2) => Publish.from({ topic, qos, messageId: 1 })
const will = (qos: 0 | 1 | 2 = 2) => ({ topic: 'w', payload: Buffer.from('x'), qos, retain: true })
const later =
  (act: FakeHandler): FakeHandler =>
  async (ctx, store) => {
    await null
    return act(ctx, store)
  }
const both = (act: FakeHandler) => [act, later(act)]

t.test('nobody handling anything allows everything, synchronously', async t => {
  const { middleware, client, stack } = await setup()
  for (const packet of [
    connect({ will: will() }),
    publish(),
    subscribe(['a']),
    { cmd: 'pingreq' }
  ] as const) {
    t.equal(middleware.handle(client.client, packet), undefined)
  }
  t.same(stack.executed, [])
})

t.test('authorizePacket is asked for every packet and refuses by store.valid', async t => {
  for (const authorizePacket of both(({ packet }, store) => {
    if (packet.cmd === 'publish') store.valid = false
  })) {
    const { stack, middleware, client } = await setup({ authorizePacket })
    await middleware.handle(client.client, { cmd: 'pubrel', messageId: 1, reasonCode: 0 })
    const err = await refusal(() => middleware.handle(client.client, publish()))
    t.match(err, { reasonName: 'NotAuthorized', fatal: false })
    each(t, stack.of('authorizePacket'), [
      { client, packet: { cmd: 'pubrel' } },
      { packet: { cmd: 'publish' } }
    ])
  }
})

t.test('what authorizePacket throws goes on as it is, fatal or not', async t => {
  const fatal = new MqttError('AdministrativeAction')
  for (const authorizePacket of both(() => {
    throw fatal
  })) {
    const { middleware, client } = await setup({ authorizePacket })
    t.equal(await refusal(() => middleware.handle(client.client, { cmd: 'pingreq' })), fatal)
  }
})

t.test('authorizePublish is asked after authorizePacket allowed the packet', async t => {
  const { stack, middleware, client } = await setup({
    authorizePacket: (_ctx, store) => {
      store.valid = false
    },
    authorizePublish: () => {}
  })
  await refusal(() => middleware.handle(client.client, publish()))
  t.same(stack.of('authorizePublish'), [])
})

t.test('authorizePublish refuses a message by store.valid', async t => {
  for (const authorizePublish of both(({ packet }, store) => {
    store.valid = packet.topic === 'mine'
  })) {
    const { stack, middleware, client } = await setup({ authorizePublish })
    for (const qos of [0, 1, 2] as const) {
      const err = await refusal(() => middleware.handle(client.client, publish('other', qos)))
      t.match(err, { reasonName: 'NotAuthorized', fatal: false, message: /'other'/ })
    }
    await middleware.handle(client.client, publish('mine'))
    t.match(stack.of('authorizePublish')[0], { client, will: false })
  }
})

t.test('authorizePublish may lower the QoS, not raise it; the handshake keeps that of the wire', async t => {
  for (const authorizePublish of both((_ctx, store) => {
    store.qos = 1
  })) {
    const { middleware, client } = await setup({ authorizePublish })
    for (const [qos, lowered] of [
      [2, 1],
      [1, 1],
      [0, 0]
    ] as const) {
      const packet = publish('a', qos)
      await middleware.handle(client.client, packet)
      t.same([packet.qos, packet.wireQos], [lowered, qos])
    }
  }
})

t.test('a will is asked for with the CONNECT; refused, the CONNECT is', async t => {
  for (const authorizePublish of both(({ will, packet }, store) => {
    if (will && packet.topic === 'w') store.valid = false
  })) {
    const { stack, middleware, client } = await setup({ authorizePublish })
    const err = await refusal(() => middleware.handle(client.client, connect({ will: will() })))
    t.equal(err.reasonName, 'NotAuthorized')
    each(t, stack.of('authorizePublish'), [{ will: true, packet: { topic: 'w', qos: 2, retain: true } }])
    t.equal(middleware.handle(client.client, connect()), undefined, 'without a will nothing is asked')
  }
})

t.test('the QoS of a will may be lowered', async t => {
  const { middleware, client } = await setup({
    authorizePublish: (_ctx, store) => {
      store.qos = 0
    }
  })
  const packet = connect({ will: will(2) })
  middleware.handle(client.client, packet)
  t.equal(packet.will?.qos, 0)
})

t.test('each filter is judged on its own, in order', async t => {
  for (const authorizeSubscription of both(({ subscription }, store) => {
    const { topic } = subscription
    if (topic === 'no') store.valid = false
    if (topic === 'less') store.qos = 1
    if (topic === 'more') store.qos = 2
    if (topic === 'quota') throw new MqttError('QuotaExceeded')
    // A bare reason code will do.
    if (topic === 'number') throw 0x8f
  })) {
    const { stack, middleware, client } = await setup({ authorizeSubscription })
    const topics = ['yes', 'no', 'less', 'more', 'quota', 'number', 'yes']
    const packet = subscribe(topics.map(topic => filter(topic, { qos: topic === 'more' ? 1 : 2 })))
    await middleware.handle(client.client, packet)
    t.same(
      packet.subscriptions.map(({ qos, refused }) => refused ?? qos),
      [2, 0x87, 1, 1, 0x97, 0x8f, 2]
    )
    t.same(
      stack.of('authorizeSubscription').map(({ restored }) => restored),
      Array(7).fill(false)
    )
  }
})

t.test('a fatal refusal of a filter, or a fault, concerns the whole packet', async t => {
  for (const thrown of [new MqttError('AdministrativeAction'), new Error('bug')]) {
    for (const authorizeSubscription of both(() => {
      throw thrown
    })) {
      const { middleware, client } = await setup({ authorizeSubscription })
      const asked = async () => middleware.handle(client.client, subscribe(['a']))
      await t.rejects(asked(), { message: thrown.message })
    }
  }
})

function resumed(
  stack: FakeStack,
  client: FakeClient,
  topics: string[]
): { client: never; session: Session } {
  const session = new Session('c1')
  for (const topic of topics) session.subscriptions.set(topic, filter(topic, { qos: 2 }))
  client.session = session
  stack.sessions.set('c1', session)
  return { client: client.client as never, session }
}

t.test('a session that comes back is judged anew: allowed, withdrawn, lowered', async t => {
  for (const authorizeSubscription of both(({ subscription }, store) => {
    if (subscription.topic === 'no') store.valid = false
    if (subscription.topic === 'thrown') throw new MqttError('NotAuthorized')
    if (subscription.topic === 'less') store.qos = 0
  })) {
    const { stack, middleware, client } = await setup({ authorizeSubscription })
    const ctx = resumed(stack, client, ['yes', 'no', 'thrown', 'less'])
    await middleware.sessionResumed(ctx)
    const left = [...ctx.session.subscriptions.values()].map(({ topic, qos }: Subscription) => [topic, qos])
    t.same(left, [
      ['yes', 2],
      ['less', 0]
    ])
    each(t, stack.of('authorizeSubscription'), Array(4).fill({ restored: true }))
    const topics = (name: string) => stack.of(name).map(({ topic }) => topic)
    t.same(topics('unsubscribeTopic'), ['no', 'thrown'])
    t.same(topics('topicUnsubscribed'), ['no', 'thrown'], 'a fact is told')
    t.same(topics('removeSubscription'), ['no', 'thrown'])
    const lowered = { session: ctx.session, subscription: { topic: 'less', qos: 0 }, restored: true }
    each(t, stack.of('subscribeTopic'), [lowered], 'nobody subscribes')
    each(t, stack.of('storeSubscription'), [{ clientId: 'c1', subscription: { topic: 'less', qos: 0 } }])
    t.same(stack.of('topicSubscribed'), [])
  }
})

t.test('nobody judging subscriptions leaves a session as it was', async t => {
  const { stack, middleware, client } = await setup()
  t.equal(middleware.sessionResumed(resumed(stack, client, ['a'])), undefined)
  t.same(stack.executed, [])
})

t.test('a fatal refusal while a session comes back refuses the CONNECT', async t => {
  const { stack, middleware, client } = await setup({
    authorizeSubscription: () => {
      throw new MqttError('ServerBusy', 'later', { fatal: true })
    }
  })
  const err = await refusal(() => middleware.sessionResumed(resumed(stack, client, ['a'])))
  t.equal(err.reasonName, 'ServerBusy')
})
