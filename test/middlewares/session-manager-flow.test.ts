import { type Hooks, Session } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

const keeps = (sessionExpiryInterval: number) => ({ clean: false, properties: { sessionExpiryInterval } })

scenarios(
  versions,
  'a session comes back with its subscriptions and what waited [3.1.1 MQTT-3.1.2-5] [5.0 MQTT-3.1.2-5]',
  async ({ client, peer }, t, version) => {
    const options = {
      clientId: 'x',
      clean: false,
      ...(version === 5 && { properties: { sessionExpiryInterval: 60 } })
    }
    const before = peer(version)
    t.equal((await before.connect(options)).sessionPresent, false, '[3.1.1 MQTT-3.2.2-3]')
    await before.subscribe('a', { qos: 1 })
    before.cut()
    await turn()
    const publisher = await client(5, 'publisher')
    await publisher.publish('a', 'waited', { qos: 1 })
    const after = peer(version)
    // MQTT 3.1 has a reserved byte there.
    t.equal((await after.connect(options)).sessionPresent, version > 3)
    t.same(await after.payloads(), ['waited'])
  }
)

scenario(
  'the longest expiry is announced, and kept',
  { maximumSessionExpiry: 30 },
  async ({ peer, pass, broker }, t) => {
    const one = peer(5)
    const { properties } = await one.connect({ clientId: 'x', ...keeps(60) })
    t.equal(properties?.sessionExpiryInterval, 30)
    one.cut()
    await turn()
    await pass(29)
    t.equal(broker.stats().sessions, 1)
    await pass(2)
    t.equal(broker.stats().sessions, 0)
  }
)

scenario(
  'DISCONNECT shortens a session; making one of none is a protocol error',
  async ({ client, broker }, t) => {
    const kept = await client(5, 'kept', keeps(60))
    kept.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } })
    await kept.end()
    t.equal(broker.stats().sessions, 0)
    const none = await client(5, 'none')
    none.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 9 } })
    t.equal(await none.ending(), 'disconnect 82')
  }
)

scenario(
  'a refused CONNECT takes nothing over and ends nothing',
  { maximumQoS: 0 },
  async ({ client, peer, broker }, t) => {
    const older = await client(5, 'x', keeps(60))
    await older.subscribe('a')
    const refused = peer(5)
    const will = { topic: 'w', payload: Buffer.alloc(0), qos: 1, retain: false } as const
    t.equal((await refused.connect({ clientId: 'x', clean: true, will })).reasonCode, 0x9b)
    await refused.end()
    await older.nothing()
    t.same([broker.stats().sessions, broker.stats().subscriptions], [1, 1])
  }
)

scenario(
  'take-over keeps the session, and the older connection does not end it',
  async ({ client, peer, broker }, t) => {
    const older = await client(5, 'x', keeps(60))
    await older.subscribe('a')
    const newer = peer(5)
    t.equal((await newer.connect({ clientId: 'x', ...keeps(60) })).sessionPresent, true)
    await older.end()
    older.cut()
    await turn()
    await newer.publish('a', 'still')
    t.same(await newer.payloads(), ['still'])
    t.equal(broker.stack.sessions.get('x')?.client, newer.client)
  }
)

/** A backend that has one session with one subscription. */
const backend: Hooks = {
  name: 'Kept',
  lookupSessions(_ctx, store) {
    store.items.push({ clientId: 'x', expiryInterval: 60, expiresAt: null })
  },
  lookupSubscriptions({ clientId }, store) {
    if (clientId === 'x') store.subscriptions.push({ topic: 'a', qos: 1, nl: false, rap: false, rh: 0 })
  }
}
scenario(
  'after a restart a session is routed before anybody connects; nobody subscribed',
  { hooks: backend },
  async ({ client, peer, broker }, t) => {
    const told: unknown[] = []
    broker.on('subscribe', event => told.push(event))
    t.ok(broker.stack.sessions.get('x') instanceof Session)
    const publisher = await client(5, 'publisher')
    t.equal(await publisher.publish('a', 'waited', { qos: 1 }), 0, 'somebody gets it')
    const back = peer(5)
    t.equal((await back.connect({ clientId: 'x', ...keeps(60) })).sessionPresent, true)
    t.same(await back.payloads(), ['waited'])
    t.same(told, [])
  }
)

scenario('after a restart a session ends in its time', { hooks: backend }, async ({ pass, broker }, t) => {
  await pass(59)
  t.equal(broker.stats().subscriptions, 1)
  await pass(2)
  t.same([broker.stats().sessions, broker.stats().subscriptions], [0, 0])
})
