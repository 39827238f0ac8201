import t from 'tap'
import { MqttError, type PublishPacket, Session, type Will, type WillProperties } from '../../lib/index.js'
import { LastWill } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { type FakeHandler, FakeStack } from '../support/fake-stack.js'
import { connect, refusal } from '../support/requests.js'

async function setup(handlers: Record<string, FakeHandler> = {}) {
  const stack = new FakeStack({
    relayMessage: (_ctx, store) => {
      store.matched = 1
    },
    ...handlers
  })
  const middleware = await stack.host(new LastWill())
  const fresh = (
    options: { id?: string; expiry?: number; will?: Partial<Will> | null; resumes?: boolean } = {}
  ) => {
    const { id = 'c1', expiry = 60, will = {}, resumes } = options
    const client = new FakeClient(stack, { id })
    const session = stack.sessions.get(id) ?? new Session(id)
    session.expiryInterval = expiry
    session.client = client.client
    client.session = session
    stack.sessions.set(id, session)
    const whole: Will = { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: false, ...will }
    middleware.handle(client.client, connect({ ...(will && { will: whole }) }))
    if (resumes) middleware.sessionResumed({ client: client.client, session })
    middleware.clientConnected({ client: client.client, packet: connect(), sessionPresent: false })
    return client
  }
  /** The connection is lost; the session waits, or is over when it does not outlive it. */
  const lose = (client: FakeClient) => {
    client.state = 'closed'
    client.session!.client = null
    if (!client.session!.persistent) end(client.session!)
    middleware.uncleanDisconnect({ client: client.client, err: null })
  }
  const end = (session: Session) => {
    session.ended = true
    stack.sessions.delete(session.id)
    middleware.sessionEnded({ session })
  }
  const published = () => stack.of('relayMessage').map(({ packet }) => packet as PublishPacket)
  const count = () => published().length
  return { stack, middleware, fresh, lose, end, published, count }
}

const delay = (willDelayInterval: number, more: WillProperties = {}): Partial<Will> => ({
  properties: { willDelayInterval, ...more }
})

t.test('its option is checked', t => {
  t.same(new LastWill().check(), [])
  t.equal(new LastWill({ sweepInterval: 1 }).check().length, 1)
  t.end()
})

t.test('a will goes out when its connection is lost [5.0 MQTT-3.1.2-8] [3.1.1 MQTT-3.1.2-8]', async t => {
  const { stack, fresh, lose, published } = await setup()
  const properties = {
    contentType: 'text',
    userProperties: [
      ['b', '1'],
      ['a', '2']
    ]
  } as const
  lose(fresh({ will: { qos: 2, retain: true, properties } }))
  const [packet] = published()
  t.match(packet, { topic: 'w', qos: 2, retain: true, properties })
  t.equal(packet?.payload.toString(), 'gone')
  each(t, stack.of('relayMessage'), [{ client: null }], 'it is from nobody: no connection is its publisher')
})

t.test('once: nothing is left to publish [5.0 MQTT-3.1.2-10]', async t => {
  const { stack, middleware, fresh, lose, count } = await setup()
  const client = fresh()
  lose(client)
  middleware.uncleanDisconnect({ client: client.client, err: null })
  stack.clock.advance(100_000)
  t.equal(count(), 1)
})

t.test('a clean DISCONNECT removes it [5.0 MQTT-3.14.4-3]', async t => {
  const { stack, middleware, fresh, lose, count } = await setup()
  const client = fresh()
  middleware.cleanDisconnect({ client: client.client })
  lose(client)
  t.equal(count(), 0)
  t.same(stack.of('removeWill'), [{ clientId: 'c1' }])
})

t.test('who has no will leaves none [3.1.1 MQTT-3.1.2-12]', async t => {
  const { stack, fresh, lose, middleware } = await setup()
  const client = fresh({ will: null })
  middleware.cleanDisconnect({ client: client.client })
  lose(client)
  t.same(stack.executed, [])
})

t.test('it is stored with the connection and removed when published [5.0 MQTT-3.1.2-7]', async t => {
  const { stack, fresh, lose } = await setup()
  const client = fresh({ will: delay(0) })
  each(t, stack.of('storeWill'), [
    { will: { clientId: 'c1', delay: 0, dueAt: null, packet: { topic: 'w' } } }
  ])
  lose(client)
  t.same(stack.of('removeWill'), [{ clientId: 'c1' }])
})

t.test('a will of a CONNECT that was refused is nobody’s business', async t => {
  const { stack, middleware } = await setup()
  const client = new FakeClient(stack, { state: 'new' })
  const will: Will = { topic: 'w', payload: Buffer.alloc(0), qos: 0, retain: false }
  middleware.handle(client.client, connect({ will }))
  t.same(stack.executed, [])
})

t.test('it waits for its delay, and the wait is stored [5.0 MQTT-3.1.2-8]', async t => {
  const { stack, fresh, lose, count } = await setup()
  lose(fresh({ will: delay(10) }))
  const dueAt = stack.clock.now() + 10_000
  t.match(stack.of('storeWill').at(-1), { will: { delay: 10, dueAt } })
  stack.clock.advance(9999)
  t.equal(count(), 0)
  stack.clock.advance(251)
  t.equal(count(), 1)
  t.same(stack.of('removeWill'), [{ clientId: 'c1' }])
})

t.test('it goes out with the end of the session if that comes first', async t => {
  const { stack, fresh, lose, end, count } = await setup()
  const client = fresh({ will: delay(100) })
  lose(client)
  stack.clock.advance(5000)
  t.equal(count(), 0)
  end(client.session!)
  t.equal(count(), 1)
  stack.clock.advance(200_000)
  t.equal(count(), 1)
})

t.test('a session that ends with its connection leaves no delay', async t => {
  const { fresh, lose, count } = await setup()
  lose(fresh({ expiry: 0, will: delay(100) }))
  t.equal(count(), 1)
})

t.test('nor does one that nobody keeps: a stack without a SessionManager', async t => {
  const { stack, middleware, fresh, count } = await setup()
  const client = fresh({ expiry: 0, will: delay(100) })
  client.state = 'closed'
  middleware.uncleanDisconnect({ client: client.client, err: null })
  t.equal(count(), 1)
  t.equal(stack.of('storeWill').length, 1, 'only while it was connected')
})

t.test('a new connection to the session in time keeps it back [5.0 MQTT-3.1.3-9]', async t => {
  const { stack, fresh, lose, count } = await setup()
  const client = fresh({ will: delay(10) })
  lose(client)
  stack.clock.advance(5000)
  const next = fresh({ will: null, resumes: true })
  stack.clock.advance(100_000)
  t.equal(count(), 0)
  t.same(stack.of('removeWill'), [{ clientId: 'c1' }])
  lose(next)
  t.equal(count(), 0, 'and the next connection has no will')
})

t.test('its expiry counts from when it is published', async t => {
  const { stack, fresh, lose, published } = await setup()
  stack.publish = packet => stack.execute('relayMessage', { client: null, packet }, { matched: 0 })
  lose(fresh({ will: delay(10, { messageExpiryInterval: 5 }) }))
  stack.clock.advance(11_000)
  const [packet] = published()
  t.match(
    packet,
    { properties: { messageExpiryInterval: 5 }, expiresAt: 0 },
    'publish() sets when it expires'
  )
  t.equal(packet?.properties && 'willDelayInterval' in packet.properties, false)
})

t.test('its topic has to be a topic name [5.0 MQTT-4.7.0-1]', async t => {
  const { fresh } = await setup()
  for (const topic of ['', 'a/+', '#']) {
    const err = await refusal(() => fresh({ will: { topic } }))
    t.equal(err.reasonName, 'TopicNameInvalid', topic)
  }
})

t.test('it may not speak for the server', async t => {
  const { fresh } = await setup()
  for (const topic of ['$SYS/broker/uptime', '$share/g/a']) {
    t.equal((await refusal(() => fresh({ will: { topic } }))).reasonName, 'NotAuthorized', topic)
  }
  t.ok(fresh({ will: { topic: '$own/a' } }))
})

t.test('it may say that a bridge is gone, where mosquitto’s bridges say so', async t => {
  const { published, fresh, lose } = await setup()
  lose(fresh({ will: { topic: '$SYS/broker/connection/b/state', retain: true } }))
  each(t, published(), [{ topic: '$SYS/broker/connection/b/state', retain: true }])
  const err = await refusal(() => fresh({ will: { topic: '$SYS/broker/connection/b/clients' } }))
  t.equal(err.reasonName, 'NotAuthorized')
})

t.test('a will that reaches nobody is a message dropped; a retained one is kept', async t => {
  const { stack, fresh, lose } = await setup({ relayMessage: () => {} })
  lose(fresh({ will: { retain: true } }))
  t.same(stack.of('messageDropped'), [])
  lose(fresh())
  each(t, stack.of('messageDropped'), [{ packet: { topic: 'w' }, reason: 'no-subscriber' }])
  t.equal(stack.counters.messagesDropped, 1)
})

t.test('a will that is refused or fails is told, and keeps nobody else’s back', async t => {
  for (const [fault, dropped] of [
    [new MqttError('QuotaExceeded'), 1],
    [new Error('bug'), 0]
  ] as const) {
    for (const relayMessage of [
      () => Promise.reject(fault),
      () => {
        throw fault
      }
    ]) {
      const { stack, fresh, lose, count } = await setup({ relayMessage })
      const errors: unknown[] = []
      stack.on('error', err => errors.push(err))
      lose(fresh({ id: 'a', will: delay(1) }))
      lose(fresh({ id: 'b', will: delay(1) }))
      stack.clock.advance(1250)
      t.equal(count(), 2)
      await new Promise(setImmediate)
      t.same(errors, [fault, fault])
      t.equal(stack.of('messageDropped').length, 2 * dropped)
    }
  }
})

t.test('its timer ends with it, and what waits goes to whoever replaces it', async t => {
  const { stack, middleware: old, fresh, lose, count } = await setup()
  lose(fresh({ id: 'a', will: delay(10) }))
  const connected = fresh({ id: 'b' })
  const middleware = await stack.host(new LastWill())
  middleware.importState(old.exportState() as never)
  old.stop()
  t.equal(stack.clock.pending, 1)
  stack.clock.advance(11_000)
  t.equal(count(), 1)
  connected.state = 'closed'
  middleware.uncleanDisconnect({ client: connected.client, err: null })
  t.equal(count(), 2)
})
