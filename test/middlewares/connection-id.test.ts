import t from 'tap'
import { type Client, type ConnectPacket, Session } from '../../lib/index.js'
import { Connection, type ConnectionConfig } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { connect, refusal } from '../support/requests.js'
import { scenario, scenarios, since311, versions } from '../support/scenario.js'

async function setup(config: Partial<ConnectionConfig> = {}) {
  const stack = new FakeStack()
  const connection = await stack.host(new Connection(config))
  /** The id a client gets. */
  const idOf = (options: Partial<ConnectPacket>) => {
    const client = new FakeClient(stack, { state: 'new', id: '', version: options.protocolVersion ?? 5 })
    connection.handle(client.client, connect(options))
    return client.id
  }
  return { stack, connection, idOf }
}

t.test('an id is taken as it is, whatever characters it has [5.0 MQTT-3.1.3-5]', async t => {
  const { idOf } = await setup()
  for (const protocolVersion of versions) {
    for (const clientId of [
      'a',
      '0123456789abcdefghijklm',
      'nopqrstuvwxyzABCDEFGHIJ',
      'KLMNOPQRSTUVWXYZ',
      'é/+ #'
    ]) {
      t.equal(idOf({ protocolVersion, clientId }), clientId)
    }
  }
})

t.test('MQTT 3.1: from 1 to 23 characters, not bytes', async t => {
  const { idOf } = await setup()
  t.equal(idOf({ protocolVersion: 3, clientId: '😀'.repeat(23) }), '😀'.repeat(23))
  for (const clientId of ['', 'x'.repeat(24)]) {
    const err = await refusal(() => idOf({ protocolVersion: 3, clientId }))
    t.equal(err.reasonName, 'ClientIdentifierNotValid', String(clientId.length))
  }
})

t.test('MQTT 3.1.1: an empty id only with a clean session [3.1.1 MQTT-3.1.3-7]', async t => {
  const { idOf } = await setup()
  t.match(idOf({ protocolVersion: 4, clientId: '', clean: true }), /^auto-/)
  const err = await refusal(() => idOf({ protocolVersion: 4, clientId: '', clean: false }))
  t.equal(err.reasonName, 'ClientIdentifierNotValid', '[3.1.1 MQTT-3.1.3-8]')
})

t.test('MQTT 5: an empty id with and without clean start [5.0 MQTT-3.1.3-6]', async t => {
  const { idOf } = await setup()
  for (const clean of [true, false]) t.match(idOf({ clientId: '', clean }), /^auto-/)
})

t.test('an assigned id belongs to nobody else [5.0 MQTT-3.2.2-16]', async t => {
  const { stack, idOf } = await setup()
  // random() always says the same here.
  const [first, second] = [idOf({ clientId: '' }), idOf({ clientId: '' })]
  t.not(first, second)
  const next = (n: number) => second.replace(/2$/, String(n))
  stack.clients.set(next(3), {} as Client)
  stack.sessions.set(next(4), new Session(next(4)))
  t.equal(idOf({ clientId: '' }), next(5), 'no connected client and no session has it')
})

t.test('the longest id may be limited, in bytes', async t => {
  const { idOf } = await setup({ maximumClientIdLength: 24 })
  for (const protocolVersion of since311) {
    t.equal(idOf({ protocolVersion, clientId: 'é'.repeat(12) }), 'é'.repeat(12))
    const err = await refusal(() => idOf({ protocolVersion, clientId: `${'é'.repeat(12)}x` }))
    t.match(err, { reasonName: 'ClientIdentifierNotValid', message: /too long/ })
  }
})

scenarios(
  [3, 4] as const,
  'a refused id is answered with 2 [3.1.1 MQTT-3.1.3-9]',
  { maximumClientIdLength: 23 },
  async ({ peer }, t, version) => {
    const refused = peer(version)
    t.equal((await refused.connect({ clientId: 'x'.repeat(24) })).returnCode, 2)
    await refused.end()
  }
)

scenario(
  'a refused id is answered with 0x85 [5.0 MQTT-3.1.3-8]',
  { maximumClientIdLength: 23 },
  async ({ peer }, t) => {
    const refused = peer(5)
    t.equal((await refused.connect({ clientId: 'x'.repeat(24) })).reasonCode, 0x85)
    await refused.end()
  }
)

scenario(
  'an assigned id is announced, and is an id like any other [5.0 MQTT-3.1.3-7]',
  async ({ peer }, t) => {
    const first = peer(5)
    const { properties } = await first.connect({ clientId: '', properties: { sessionExpiryInterval: 60 } })
    const clientId = properties!.assignedClientIdentifier!
    t.match(clientId, /^auto-/)
    first.cut()
    const second = peer(5)
    const { sessionPresent, properties: other } = await second.connect({ clientId, clean: false })
    t.equal(sessionPresent, true)
    t.equal(other?.assignedClientIdentifier, undefined, 'only who had none is told')
  }
)

scenario(
  'MQTT 3.1.1 clients without an id live side by side [3.1.1 MQTT-3.1.3-6]',
  async ({ broker, client }, t) => {
    const peers = [await client(4, ''), await client(4, '')]
    t.equal(broker.clients.size, 2)
    for (const peer of peers) await peer.nothing()
  }
)
