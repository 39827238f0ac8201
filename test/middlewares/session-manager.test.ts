import t from 'tap'
import { type ConnectPacket, NEVER, type Session } from '../../lib/index.js'
import { SessionManager, type SessionManagerConfig } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, Gate, refusal } from '../support/requests.js'

async function setup(config: Partial<SessionManagerConfig> = {}, handlers: Record<string, FakeHandler> = {}) {
  const stack = new FakeStack(handlers)
  const middleware = await stack.host(new SessionManager(config))
  const fresh = (version: 3 | 4 | 5 = 5) => {
    const client = new FakeClient(stack, { state: 'new', version })
    client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
    return client
  }
  const finish = (client: FakeClient, packet: ConnectPacket) => middleware.finish(client.client, packet)
  /** CONNECT up to CONNACK; the expiry of MQTT 5 or the clean flag of MQTT 3. */
  const join = async (clean: boolean, expiry?: number, version: 3 | 4 | 5 = 5) => {
    const client = fresh(version)
    const properties = expiry === undefined ? {} : { properties: { sessionExpiryInterval: expiry } }
    await finish(client, connect({ protocolVersion: version, clean, ...properties }))
    client.state = 'connected'
    return client
  }
  const lose = (client: FakeClient) => {
    client.state = 'closed'
    middleware.uninstall(client.client)
    return client.session!
  }
  const disconnect = (client: FakeClient, sessionExpiryInterval?: number) => {
    const properties = sessionExpiryInterval === undefined ? {} : { sessionExpiryInterval }
    return middleware.handle(client.client, { cmd: 'disconnect', reasonCode: 0, properties })
  }
  const told = () => stack.executed.map(({ name }) => name)
  return { stack, middleware, fresh, finish, join, lose, disconnect, told }
}

t.test('its options are checked', t => {
  t.same(new SessionManager().check(), [])
  t.equal(new SessionManager({ maximumSessionExpiry: NEVER + 1, sweepInterval: 1 }).check().length, 2)
  t.end()
})

t.test(
  'clean start x what existed x what it asks for [5.0 MQTT-3.1.2-4] [5.0 MQTT-3.1.2-5] [5.0 MQTT-3.1.2-6]',
  async t => {
    for (const existed of [false, true]) {
      for (const clean of [false, true]) {
        for (const expiry of [undefined, 0, 30, NEVER]) {
          const { stack, join, lose } = await setup()
          const before = existed ? lose(await join(true, 60)) : null
          stack.executed.length = 0
          const client = await join(clean, expiry)
          const name = `existed ${existed}, clean ${clean}, expiry ${expiry}`
          const resumed = existed && !clean
          t.equal(client.connack?.sessionPresent, resumed, `${name}: [5.0 MQTT-3.2.2-2] [5.0 MQTT-3.2.2-3]`)
          t.equal(client.session === before, resumed, name)
          t.match(client.session, {
            id: 'c1',
            client,
            expiryInterval: expiry ?? 0,
            expiresAt: 0,
            ended: false
          })
          t.equal(stack.sessions.get('c1'), client.session)
          t.equal(stack.of('sessionResumed').length, resumed ? 1 : 0, name)
          const ended = existed && clean ? [{ session: before, reason: 'clean-start' }] : []
          each(t, stack.of('sessionEnded'), ended, name)
          const stored =
            expiry || resumed ? [{ session: { expiryInterval: expiry ?? 0, expiresAt: null } }] : []
          each(t, stack.of('storeSession'), stored, name)
          t.equal(stack.of('storeSession').length, stored.length, name)
        }
      }
    }
  }
)

t.test(
  'MQTT 3: clean session means none, its absence one for ever [3.1.1 MQTT-3.1.2-4] [3.1.1 MQTT-3.1.2-6]',
  async t => {
    for (const version of [3, 4] as const) {
      const { join, lose } = await setup()
      const first = await join(false, undefined, version)
      t.equal(first.session?.expiryInterval, NEVER)
      lose(first)
      const second = await join(false, undefined, version)
      t.equal(second.connack?.sessionPresent, true, '[3.1.1 MQTT-3.2.2-2]')
      lose(second)
      const clean = await join(true, undefined, version)
      t.equal(clean.connack?.sessionPresent, false, '[3.1.1 MQTT-3.2.2-1]')
      t.equal(clean.session?.expiryInterval, 0)
      lose(clean)
      t.equal((await join(false, undefined, version)).connack?.sessionPresent, false, 'it is never reused')
    }
  }
)

t.test('a longer expiry than allowed is lowered and announced', async t => {
  const { join } = await setup({ maximumSessionExpiry: 100 })
  const announced = (client: FakeClient) => client.connack?.properties?.sessionExpiryInterval
  const many = await join(true, 101)
  t.same([many.session?.expiryInterval, announced(many)], [100, 100])
  const never = await join(true, NEVER)
  t.same([never.session?.expiryInterval, announced(never)], [100, 100])
  const few = await join(true, 100)
  t.same([few.session?.expiryInterval, announced(few)], [100, undefined])
  const old = await join(false, undefined, 4)
  t.same([old.session?.expiryInterval, announced(old)], [100, undefined], 'MQTT 3 cannot be told')
})

t.test('it takes the client id over before it looks at sessions', async t => {
  const { stack, fresh, finish } = await setup()
  const order: string[] = []
  stack.handlers.claimClientId = async ({ clientId }) => {
    await null
    order.push(`claimed ${clientId}`)
  }
  stack.handlers.storeSession = () => order.push('stored') && undefined
  await finish(fresh(), connect({ properties: { sessionExpiryInterval: 9 } }))
  t.same(order, ['claimed c1', 'stored'])
})

t.test('one that is gone when it has the id gets no session', async t => {
  const { stack, fresh, finish } = await setup({}, { claimClientId: async () => {} })
  const client = fresh()
  const opening = finish(client, connect({ properties: { sessionExpiryInterval: 9 } }))
  client.state = 'closed'
  await opening
  t.equal(stack.sessions.size, 0)
  t.equal(client.session, null)
  t.same(stack.of('storeSession'), [])
})

t.test('a session without expiry ends with its connection', async t => {
  const { stack, join, lose } = await setup()
  const session = lose(await join(true, 0))
  t.match(session, { ended: true, client: null, ready: false })
  each(t, stack.of('sessionEnded'), [{ session, reason: 'closed' }])
  t.same(stack.of('removeSession'), [{ clientId: 'c1' }])
  t.equal(stack.sessions.size, 0)
})

t.test('one with expiry waits, and that is stored [5.0 MQTT-3.1.2-23]', async t => {
  const { stack, join, lose } = await setup()
  const session = lose(await join(true, 60))
  const expiresAt = stack.clock.now() + 60_000
  t.match(session, { ended: false, client: null, ready: false, expiresAt })
  t.match(stack.of('storeSession').at(-1), { session: { clientId: 'c1', expiryInterval: 60, expiresAt } })
})

t.test('it ends when the time is over, not before [5.0 MQTT-4.1.0-2]', async t => {
  const { stack, join, lose } = await setup()
  const session = lose(await join(true, 60))
  stack.clock.advance(59_999)
  t.equal(session.ended, false)
  stack.clock.advance(1001)
  each(t, stack.of('sessionEnded'), [{ session, reason: 'expired' }])
  t.equal(stack.sessions.size, 0)
  stack.clock.advance(10_000)
  t.equal(stack.of('sessionEnded').length, 1)
})

t.test('the time does not run while somebody is connected [5.0 MQTT-4.1.0-1]', async t => {
  const { stack, join, lose } = await setup()
  lose(await join(true, 5))
  stack.clock.advance(4000)
  const client = await join(false, 5)
  stack.clock.advance(60_000)
  t.equal(client.session?.ended, false)
  t.equal(lose(client).expiresAt, stack.clock.now() + 5000)
})

t.test('a session that never expires does not', async t => {
  const { stack, join, lose } = await setup()
  const session = lose(await join(true, NEVER))
  t.equal(session.expiresAt, 0)
  stack.clock.advance(10_000_000)
  t.equal(session.ended, false)
  t.match(stack.of('storeSession').at(-1), { session: { expiryInterval: NEVER, expiresAt: null } })
})

t.test('at the very moment it expires it is no more, whether or not somebody has looked', async t => {
  for (const [wait, present] of [
    [5000, false],
    [4999, true]
  ] as const) {
    const { stack, join, lose } = await setup({ sweepInterval: 3_600_000 })
    const before = lose(await join(true, 5))
    stack.clock.advance(wait)
    const client = await join(false, 5)
    t.equal(client.connack?.sessionPresent, present)
    each(t, stack.of('sessionEnded'), present ? [] : [{ session: before, reason: 'expired' }])
    t.equal(before.ended, !present)
  }
})

t.test('DISCONNECT may change when it ends', async t => {
  const { stack, join, lose, disconnect } = await setup({ maximumSessionExpiry: 100 })
  const expiry = async (sessionExpiryInterval?: number) => {
    const client = await join(true, 60)
    disconnect(client, sessionExpiryInterval)
    const { ended, expiresAt } = lose(client)
    return ended ? 'ended' : (expiresAt - stack.clock.now()) / 1000
  }
  t.equal(await expiry(), 60)
  t.equal(await expiry(10), 10)
  t.equal(await expiry(500), 100, 'not beyond what is allowed')
  t.equal(await expiry(0), 'ended')
})

t.test('DISCONNECT may not make a session last that was to end', async t => {
  const { join, disconnect } = await setup()
  const client = await join(true, 0)
  t.equal(disconnect(client), undefined)
  t.equal(disconnect(client, 0), undefined)
  t.match(await refusal(() => disconnect(client, 1)), { reasonName: 'ProtocolError', fatal: true })
})

t.test('where no session lasts nobody can be blamed for asking', async t => {
  const { join, disconnect, lose } = await setup({ maximumSessionExpiry: 0 })
  const client = await join(true, 60)
  t.equal(client.connack?.properties?.sessionExpiryInterval, 0)
  t.equal(disconnect(client, 60), undefined)
  t.equal(lose(client).ended, true)
})

t.test('DISCONNECT without a session changes nothing', async t => {
  const { fresh, disconnect } = await setup()
  t.equal(disconnect(fresh(), 60), undefined)
})

t.test('a late end of an older connection leaves the session to the newer one', async t => {
  const { stack, join, lose } = await setup()
  const older = await join(true, 60)
  const session = older.session as Session
  const newer = await join(false, 60)
  t.equal(session.client, newer.client)
  lose(older)
  t.match(session, { client: newer, ended: false, expiresAt: 0 })
  stack.clock.advance(120_000)
  t.equal(session.ended, false)
})

t.test('removed from a running stack it leaves open connections alone', async t => {
  const { middleware, join } = await setup()
  const client = await join(true, 0)
  middleware.uninstall(client.client)
  t.match(client.session, { client, ended: false })
})

t.test('what CONNACK says of a session is committed before it [5.0 MQTT-3.1.2-23]', async t => {
  const gate = new Gate()
  const { fresh, finish, join, lose, told, stack } = await setup({}, { commit: () => gate.passed })
  t.equal(finish(fresh(), connect()), undefined, 'none that ends with its connection')
  t.notOk(told().includes('commit'))
  let over = false
  const opening = join(true, 60).then(client => {
    over = true
    return client
  })
  await new Promise(setImmediate)
  t.equal(over, false)
  gate.open()
  lose(await opening)
  stack.executed.length = 0
  await join(true, 0)
  t.same(
    told(),
    ['claimClientId', 'sessionEnded', 'removeSession', 'commit'],
    'that an older one is over, too'
  )
})

t.test('one that is still restored for a lost connection is waited for', async t => {
  const gate = new Gate()
  const { stack, fresh, finish, join, lose } = await setup({}, { sessionResumed: () => gate.passed })
  const session = lose(await join(true, 60))
  const [lost, next] = [fresh(), fresh()]
  const packet = connect({ clean: false, properties: { sessionExpiryInterval: 60 } })
  const losing = finish(lost, packet)
  lose(lost)
  const joining = finish(next, packet)
  await new Promise(setImmediate)
  t.equal(stack.of('sessionResumed').length, 1)
  t.equal(session.client, null)
  gate.open()
  await Promise.all([losing, joining])
  t.equal(stack.of('sessionResumed').length, 2)
  t.equal(session.client, next.client)
})

t.test('a session that cannot be restored refuses the CONNECT and may be tried again', async t => {
  const { stack, join, lose } = await setup()
  lose(await join(true, 60))
  stack.handlers.sessionResumed = () => Promise.reject(new Error('data base'))
  await t.rejects(join(false, 60), { message: 'data base' })
  delete stack.handlers.sessionResumed
  t.equal((await join(false, 60)).connack?.sessionPresent, true)
})

t.test('its timer ends with it, and sessions that wait go to whoever replaces it', async t => {
  const { stack, middleware: old, join, lose } = await setup()
  const session = lose(await join(true, 5))
  const middleware = await stack.host(new SessionManager())
  middleware.importState(old.exportState() as never)
  old.stop()
  t.equal(stack.clock.pending, 1)
  stack.clock.advance(7000)
  t.equal(session.ended, true)
})
