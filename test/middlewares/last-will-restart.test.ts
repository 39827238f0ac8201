import t from 'tap'
import { Publish, Session, type StoredWill } from '../../lib/index.js'
import { LastWill } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { connect } from '../support/requests.js'

const now = new FakeStack().clock.now()

function stored(clientId: string, delay: number, dueAt: number | null): StoredWill {
  const packet = { cmd: 'publish', topic: `will/${clientId}`, payload: Buffer.from('x') } as const
  const plain = { ...packet, qos: 1, retain: false, dup: false, messageId: 0, properties: undefined } as const
  return { clientId, packet: plain, delay, dueAt }
}

/** A start with these wills in the backend, a page each, and these sessions. */
async function restart(wills: StoredWill[], sessions: string[]) {
  const stack = new FakeStack({
    lookupWills({ cursor = 0 }, store) {
      if (wills[cursor]) store.items.push(wills[cursor])
      if (cursor + 1 < wills.length) store.cursor = cursor + 1
    },
    relayMessage: (_ctx, store) => {
      store.matched = 1
    }
  })
  stack.status = 'starting'
  const middleware = await stack.host(new LastWill())
  // SessionManager stands behind it: its sessions come back later.
  for (const id of sessions) stack.sessions.set(id, new Session(id))
  const published = () => stack.of('relayMessage').map(({ packet }) => packet.topic)
  return { stack, middleware, published }
}

t.test('nobody keeping wills is fine', async t => {
  const stack = new FakeStack()
  await stack.host(new LastWill())
  t.same(stack.executed, [])
})

t.test('a delay goes on where it was', async t => {
  const { stack, published } = await restart([stored('a', 60, now + 20_000)], ['a'])
  stack.status = 'running'
  stack.clock.advance(19_999)
  t.same(published(), [])
  stack.clock.advance(251)
  t.same(published(), ['will/a'])
  t.same(stack.of('removeWill'), [{ clientId: 'a' }])
})

t.test('nothing is published before the start is over: nobody would be there to get it', async t => {
  const { stack, published } = await restart([stored('a', 5, now - 1000)], ['a'])
  stack.clock.advance(10_000)
  t.same(published(), [])
  stack.status = 'running'
  stack.clock.advance(250)
  t.same(published(), ['will/a'])
})

t.test(
  'clients that were connected: their delay begins now if their session is back, else it is due',
  async t => {
    const wills = [stored('with', 10, null), stored('without', 10, null), stored('at-once', 0, null)]
    const { stack, published } = await restart(wills, ['with', 'at-once'])
    stack.status = 'running'
    stack.clock.advance(250)
    t.same(published(), ['will/without', 'will/at-once'])
    stack.clock.advance(10_000)
    t.same(published(), ['will/without', 'will/at-once', 'will/with'])
  }
)

t.test('a client that is back in time keeps its will back [5.0 MQTT-3.1.3-9]', async t => {
  const { stack, middleware, published } = await restart([stored('a', 10, null)], ['a'])
  stack.status = 'running'
  const client = new FakeClient(stack, { id: 'a' })
  middleware.sessionResumed({ client: client.client, session: stack.sessions.get('a')! })
  stack.clock.advance(60_000)
  t.same(published(), [])
  t.same(stack.of('removeWill'), [{ clientId: 'a' }])
})

t.test('a backend may give back the packet it was given', async t => {
  const packet = Publish.from({ topic: 'same', qos: 1 })
  const { stack } = await restart([{ ...stored('a', 0, null), packet }], [])
  stack.status = 'running'
  stack.clock.advance(250)
  t.equal(stack.of('relayMessage')[0].packet, packet)
})

t.test('the session of a will may expire first', async t => {
  const { stack, middleware, published } = await restart([stored('a', 100, null)], ['a'])
  stack.status = 'running'
  middleware.sessionEnded({ session: stack.sessions.get('a')! })
  t.same(published(), ['will/a'])
})

t.test('a new session of that id does not lose its own stored will to the old one', async t => {
  const { stack, middleware, published } = await restart([stored('a', 10, null)], [])
  stack.status = 'running'
  const client = new FakeClient(stack, { id: 'a' })
  const will = { topic: 'new', payload: Buffer.alloc(0), qos: 0, retain: false } as const
  middleware.handle(client.client, connect({ clientId: 'a', will }))
  middleware.clientConnected({ client: client.client, packet: connect(), sessionPresent: false })
  stack.clock.advance(60_000)
  t.same(published(), ['will/a'])
  const names = stack.executed.map(({ name }) => name).filter(name => name.endsWith('Will'))
  t.equal(names.at(-1), 'storeWill', 'what is stored last is the new one')
})
