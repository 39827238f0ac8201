import t from 'tap'
import { DONE, Session, type UnsubscribePacket } from '../../lib/index.js'
import { SubscriptionManager, type SubscriptionManagerConfig } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, filter, Gate, refusal, subscribe } from '../support/requests.js'

async function setup(
  config: Partial<SubscriptionManagerConfig> = {},
  handlers: Record<string, FakeHandler> = {},
  options: { version?: 3 | 4 | 5; expiry?: number } = {}
) {
  const stack = new FakeStack(handlers)
  const middleware = await stack.host(new SubscriptionManager(config))
  const client = new FakeClient(stack, { version: options.version ?? 5 })
  const session = new Session('c1')
  session.expiryInterval = options.expiry ?? 0
  session.client = client.client
  client.session = session
  const ask = async (...[filters, properties]: Parameters<typeof subscribe>) => {
    await middleware.handle(client.client, subscribe(filters, properties))
    return client.sent.at(-1)?.granted as number[]
  }
  const drop = async (...unsubscriptions: string[]) => {
    const packet: UnsubscribePacket = { cmd: 'unsubscribe', messageId: 8, unsubscriptions }
    await middleware.handle(client.client, packet)
    return client.sent.at(-1)?.granted as number[]
  }
  return { stack, middleware, client, session, ask, drop, told: () => stack.executed.map(({ name }) => name) }
}

t.test('its options are checked', t => {
  t.same(new SubscriptionManager().check(), [])
  t.equal(new SubscriptionManager({ maximumSubscriptions: 0, maximumLevels: 0 }).check().length, 2)
  t.end()
})

t.test('one SUBACK with a code a filter, in their order [5.0 MQTT-3.9.3-1] [5.0 MQTT-3.8.4-6]', async t => {
  const { middleware, client, session } = await setup()
  const packet = subscribe(['a', filter('b', { qos: 2 }), 'c/#/d', filter('e', { qos: 1 }), '+x', ''])
  t.equal(middleware.handle(client.client, packet), DONE, 'at once when routing is')
  t.same(client.sent, [{ cmd: 'suback', messageId: 7, granted: [0, 2, 0x8f, 1, 0x8f, 0x8f] }])
  t.same([...session.subscriptions.keys()], ['a', 'b', 'e'], 'what is invalid is not subscribed')
})

t.test('everybody is told after the SUBACK, once a filter that was granted', async t => {
  const { stack, client, session, ask } = await setup()
  let sent = -1
  stack.handlers.topicSubscribed = () => {
    sent = client.sent.length
  }
  await ask(['a', 'in/#/valid', '$share/g/b'], { subscriptionIdentifier: 9 })
  t.equal(sent, 1)
  const subscription = { qos: 0, nl: false, rap: false, rh: 0, identifier: 9 }
  each(t, stack.of('topicSubscribed'), [
    { client, session, existed: false, subscription: { topic: 'a', ...subscription } },
    { client, session, existed: false, subscription: { topic: '$share/g/b', ...subscription } }
  ])
  each(t, stack.of('subscribeTopic'), [{ client, session, restored: false }, { restored: false }])
})

t.test('a filter it has is replaced, options and identifier included [5.0 MQTT-3.8.4-3]', async t => {
  const { stack, session, ask } = await setup()
  await ask([filter('a', { qos: 2, rap: true })], { subscriptionIdentifier: 9 })
  await ask([filter('a', { qos: 1, nl: true, rh: 2 })])
  t.same([...session.subscriptions.values()], [filter('a', { qos: 1, nl: true, rh: 2 })])
  t.same(
    stack.of('topicSubscribed').map(({ existed }) => existed),
    [false, true]
  )
})

t.test('the same filter twice in one packet: the last one wins [5.0 MQTT-3.8.4-5]', async t => {
  const { stack, session, ask } = await setup()
  t.same(await ask([filter('a', { qos: 2 }), filter('a', { qos: 1 })]), [2, 1])
  t.equal(session.subscriptions.get('a')?.qos, 1)
  t.same(
    stack.of('topicSubscribed').map(({ existed }) => existed),
    [false, true]
  )
})

t.test('No Local on a shared subscription is a protocol error [5.0 MQTT-3.8.3-4]', async t => {
  const { session, ask } = await setup()
  const err = await refusal(() => ask(['a', filter('$share/g/t', { nl: true })]))
  t.match(err, { reasonName: 'ProtocolError', fatal: true })
  t.equal(session.subscriptions.size, 0, 'nothing of the packet was done')
  t.same(await ask([filter('t', { nl: true })]), [0])
})

t.test('what is switched off is announced to MQTT 5; then it is a protocol error with its code', async t => {
  const { middleware, client, session, ask } = await setup({
    wildcards: false,
    shared: false,
    identifiers: false
  })
  client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
  middleware.handle(client.client, connect())
  t.same(client.connack.properties, {
    wildcardSubscriptionAvailable: false,
    sharedSubscriptionAvailable: false,
    subscriptionIdentifiersAvailable: false
  })
  for (const [topic, reason] of [
    ['a/+', 0xa2],
    ['#', 0xa2],
    ['$share/g/t', 0x9e],
    ['$share/g/#', 0x9e]
  ] as const) {
    t.match(await refusal(() => ask(['a', topic])), { reason, fatal: true }, topic)
  }
  t.match(await refusal(() => ask(['a'], { subscriptionIdentifier: 1 })), { reason: 0xa1, fatal: true })
  t.equal(session.subscriptions.size, 0)
  t.same(await ask(['a']), [0])
})

t.test(
  'MQTT 3 was told nothing: what is switched off is refused filter by filter [3.1.1 MQTT-3.8.3-2]',
  async t => {
    const { ask } = await setup({ wildcards: false, shared: false }, {}, { version: 4 })
    t.same(await ask(['a/+', '#', '$share/g/t', '$share/g/#', 'a']), [0xa2, 0xa2, 0x9e, 0x9e, 0])
  }
)

t.test('what is available is not announced, and MQTT 3 is told nothing', async t => {
  for (const [config, version] of [
    [{}, 5],
    [{ wildcards: false }, 4]
  ] as const) {
    const { middleware, client } = await setup(config, {}, { version })
    client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
    middleware.handle(client.client, connect({ protocolVersion: version }))
    t.same(client.connack.properties, {})
  }
})

t.test('no more subscriptions than allowed; those it has may be replaced', async t => {
  const { ask, drop } = await setup({ maximumSubscriptions: 2 })
  t.same(await ask(['a', 'b', 'c', 'a']), [0, 0, 0x97, 0])
  await drop('a')
  t.same(await ask(['c', 'd']), [0, 0x97])
})

t.test('no more levels than allowed', async t => {
  const { ask } = await setup({ maximumLevels: 3 })
  t.same(await ask(['a/b/c', 'a/b/c/d', '+/+/+/#']), [0, 0x8f, 0x8f])
})

t.test(
  'what somebody refused before has the code they gave; SUBACK has no others [5.0 MQTT-3.9.3-2]',
  async t => {
    const { session, ask } = await setup()
    t.same(await ask([filter('a', { refused: 0x87 }), filter('b', { refused: 0x8a }), 'c']), [0x87, 0x80, 0])
    t.same([...session.subscriptions.keys()], ['c'])
  }
)

t.test('stored for sessions that outlive their connection, and for no others', async t => {
  const kept = await setup({}, {}, { expiry: 60 })
  await kept.ask(['a', 'b/#/'])
  await kept.drop('a', 'z')
  each(t, kept.stack.of('storeSubscription'), [{ clientId: 'c1', subscription: { topic: 'a' } }])
  t.same(kept.stack.of('removeSubscription'), [{ clientId: 'c1', topic: 'a' }])
  const gone = await setup()
  await gone.ask(['a'])
  await gone.drop('a')
  t.same(gone.told(), ['subscribeTopic', 'topicSubscribed', 'unsubscribeTopic', 'topicUnsubscribed'])
})

t.test(
  'UNSUBACK: removed, not there, no filter [5.0 MQTT-3.11.3-1] [5.0 MQTT-3.11.3-2] [5.0 MQTT-3.10.4-5]',
  async t => {
    const { stack, client, session, ask, drop } = await setup()
    await ask(['a', 'b', 'a/+'])
    t.same(await drop('a', 'z', 'a', 'a/#/b', 'A/+'), [0, 0x11, 0x11, 0x8f, 0x11])
    t.match(client.sent.at(-1), { cmd: 'unsuback', messageId: 8 })
    t.same([...session.subscriptions.keys()], ['b', 'a/+'], '[5.0 MQTT-3.10.4-1]')
    each(t, stack.of('unsubscribeTopic'), [{ client, session, topic: 'a' }])
    each(t, stack.of('topicUnsubscribed'), [{ client, session, topic: 'a' }])
  }
)

t.test(
  'before MQTT 5 an UNSUBACK cannot refuse: what is no filter ends the connection [3.1.1 MQTT-4.7.3-1]',
  async t => {
    const { ask, drop, session } = await setup({}, {}, { version: 4 })
    await ask(['a'])
    for (const wrong of ['', 'a/#/b', 'a+']) {
      await t.rejects(drop('a', wrong), { message: /is no topic filter/ })
    }
    t.same([...session.subscriptions.keys()], ['a'], 'and nothing of that packet was done')
  }
)

t.test('topicUnsubscribed comes after the UNSUBACK', async t => {
  const { stack, client, ask, drop } = await setup()
  let last: unknown
  stack.handlers.topicUnsubscribed = () => {
    last = client.sent.at(-1)?.cmd
  }
  await ask(['a'])
  await drop('a')
  t.equal(last, 'unsuback')
})

t.test('SUBACK and UNSUBACK wait for the commit of what they promise; facts come after them', async t => {
  let gate = new Gate()
  const { client, told, stack, ask, drop } = await setup({}, { commit: () => gate.passed }, { expiry: 60 })
  for (const [act, ack, fact] of [
    [() => ask(['a']), 'suback', 'topicSubscribed'],
    [() => drop('a'), 'unsuback', 'topicUnsubscribed']
  ] as const) {
    gate = new Gate()
    stack.executed.length = 0
    client.sent.length = 0
    const acting = act()
    await new Promise(setImmediate)
    t.same(client.sent, [])
    t.equal(told().at(-1), 'commit')
    gate.open()
    await acting
    each(t, client.sent, [{ cmd: ack }])
    t.equal(told().at(-1), fact)
  }
})

t.test('nothing is committed for a session that ends with its connection', async t => {
  const { told, ask, drop } = await setup({}, { commit: () => {} })
  await ask(['a'])
  await drop('a')
  t.notOk(told().includes('commit'))
})
