import t from 'tap'
import { DONE, type Packet, Session } from '../../lib/index.js'
import { Connection, type ConnectionConfig } from '../../middlewares/index.js'
import { each } from '../support/each.js'
import { FakeClient } from '../support/fake-client.js'
import { FakeStack } from '../support/fake-stack.js'
import { connect, refusal } from '../support/requests.js'

async function setup(config: Partial<ConnectionConfig> = {}, version: 3 | 4 | 5 = 5) {
  const stack = new FakeStack()
  const connection = await stack.host(new Connection(config))
  const fresh = (id = '') => {
    const client = new FakeClient(stack, { id, state: 'new', version })
    connection.install(client.client)
    return client
  }
  const client = fresh()
  /** CONNECT down the stack and up again. */
  const join = async (client: FakeClient, options = {}) => {
    const packet = connect({ protocolVersion: version, ...options })
    await connection.handle(client.client, packet)
    await connection.finish(client.client, packet)
  }
  const leave = (client: FakeClient, err: Error | null = null) => {
    client.state = 'closed'
    client.closedBy = err
    connection.uninstall(client.client)
  }
  return { stack, connection, client, fresh, join, leave }
}

const disconnect = (reasonCode = 0, properties = {}) =>
  ({ cmd: 'disconnect', reasonCode, properties }) as const

t.test('its options are checked', t => {
  t.same(new Connection().check(), [])
  t.same(new Connection({ connectTimeout: 0, maximumClientIdLength: 22 }).check(), [
    'connectTimeout is 0: give an integer from 1 to 2147483647',
    'maximumClientIdLength is 22: give an integer from 23 to 65535'
  ])
  t.end()
})

t.test('a packet before CONNECT is a protocol error [5.0 MQTT-3.1.0-1]', async t => {
  const { connection, client } = await setup()
  for (const packet of [{ cmd: 'pingreq' }, disconnect(), { cmd: 'auth', reasonCode: 24 }] as Packet[]) {
    const err = await refusal(() => connection.handle(client.client, packet))
    t.match(err, { reasonName: 'ProtocolError', fatal: true }, packet.cmd)
  }
})

t.test('a second CONNECT is a protocol error, also before the CONNACK [5.0 MQTT-3.1.0-2]', async t => {
  const { connection, client } = await setup()
  const packet = connect()
  connection.handle(client.client, packet)
  t.equal((await refusal(() => connection.handle(client.client, packet))).reasonName, 'ProtocolError')
  await connection.finish(client.client, packet)
  t.equal((await refusal(() => connection.handle(client.client, packet))).reasonName, 'ProtocolError')
  t.equal(client.sent.length, 1)
})

t.test('until CONNACK only AUTH and DISCONNECT may follow a CONNECT [5.0 MQTT-3.1.2-30]', async t => {
  const { connection, client } = await setup()
  connection.handle(client.client, connect())
  const ping = await refusal(() => connection.handle(client.client, { cmd: 'pingreq' }))
  t.match(ping, { reasonName: 'ProtocolError', message: /pingreq before CONNACK/ })
  t.equal(connection.handle(client.client, { cmd: 'auth', reasonCode: 0x18 }), undefined)
  t.equal(connection.handle(client.client, disconnect()), DONE)
  t.equal(client.closedWith, null)
})

t.test('a DISCONNECT before CONNACK ends what never began: nobody is told', async t => {
  const { stack, connection, client, leave } = await setup()
  connection.handle(client.client, connect())
  connection.handle(client.client, disconnect())
  leave(client)
  t.same(
    stack.executed.map(({ name }) => name),
    []
  )
})

t.test('packets that only a server sends are protocol errors', async t => {
  const { connection, client, join } = await setup()
  await join(client)
  for (const cmd of ['connack', 'suback', 'unsuback', 'pingresp'] as const) {
    const err = await refusal(() => connection.handle(client.client, { cmd } as Packet))
    t.match(err, { reasonName: 'ProtocolError', message: new RegExp(cmd) })
  }
  t.equal(connection.handle(client.client, { cmd: 'pingreq' }), undefined, 'others go on')
})

t.test('CONNACK goes out first; then the client is connected and everybody is told', async t => {
  const { stack, client, join } = await setup()
  let seen: unknown
  stack.handlers.clientConnected = () => {
    seen = [client.state, client.connack, client.sent.length, stack.clients.get('c1') === client.client]
  }
  await join(client)
  each(t, client.sent, [{ cmd: 'connack', reasonCode: 0, sessionPresent: false }])
  t.same(seen, ['connected', null, 1, true])
  each(t, stack.of('clientConnected'), [{ sessionPresent: false, packet: { clientId: 'c1' } }])
})

t.test('MQTT 3.1 has a reserved byte for Session Present; whoever is told still knows', async t => {
  for (const [version, flag] of [
    [3, false],
    [4, true]
  ] as const) {
    const { stack, connection, client } = await setup({}, version)
    const packet = connect({ protocolVersion: version })
    connection.handle(client.client, packet)
    client.connack!.sessionPresent = true
    await connection.finish(client.client, packet)
    t.equal(client.sent[0]!.sessionPresent, flag)
    t.equal(stack.of('clientConnected')[0].sessionPresent, true)
  }
})

t.test('a client that went away before its CONNACK is not connected', async t => {
  const { stack, connection, client } = await setup()
  connection.handle(client.client, connect())
  client.state = 'closed'
  await connection.finish(client.client, connect())
  t.same(client.sent, [])
  t.equal(stack.clients.size, 0)
  t.same(stack.of('clientConnected'), [])
})

t.test('what CONNECT says about the receiver is kept, or its default [5.0 MQTT-3.1.2-24]', async t => {
  const { fresh, join } = await setup()
  const limits = ({
    receiveMaximum,
    maximumPacketSize,
    topicAliasMaximum,
    problemInformation
  }: FakeClient) => [...[receiveMaximum, maximumPacketSize, topicAliasMaximum, problemInformation]]
  const [plain, told] = [fresh(), fresh()]
  await join(plain, { username: 'ann', keepalive: 9 })
  t.same(limits(plain), [65_535, 0xffff_ffff, 0, true])
  t.match(plain, { username: 'ann', keepalive: 9, id: 'c1' })
  const properties = {
    ...{ receiveMaximum: 3, maximumPacketSize: 99, topicAliasMaximum: 4, requestProblemInformation: false }
  }
  await join(told, { clientId: 'c2', properties })
  t.same(limits(told), [3, 99, 4, false])
})

t.test('a refused client id already respects what the client can take [5.0 MQTT-3.2.2-19]', async t => {
  const { client, join } = await setup({ maximumClientIdLength: 23 })
  const options = { clientId: 'x'.repeat(24), properties: { maximumPacketSize: 20 } }
  t.equal((await refusal(() => join(client, options))).reasonName, 'ClientIdentifierNotValid')
  t.equal(client.maximumPacketSize, 20)
})

t.test(
  'CONNACK announces the largest packet, and response information to who asks [5.0 MQTT-3.1.2-28]',
  async t => {
    const { fresh, join } = await setup({
      responseInformation: client => (client.id === 'b' ? undefined : 'r/')
    })
    const answer = async (clientId: string, properties = {}) => {
      const client = fresh()
      await join(client, { clientId, properties })
      return client.sent[0]!.properties
    }
    t.same(await answer('a'), { maximumPacketSize: 1_048_576 })
    const asking = { requestResponseInformation: true }
    t.same(await answer('a2', asking), { maximumPacketSize: 1_048_576, responseInformation: 'r/' })
    t.same(await answer('b', asking), { maximumPacketSize: 1_048_576 }, 'a function may have none')
    const plain = await setup({ responseInformation: 'all/' })
    await plain.join(plain.client, { properties: asking })
    each(t, plain.client.sent, [{ properties: { responseInformation: 'all/' } }])
  }
)

t.test('DISCONNECT with 0x00 is clean: cleanDisconnect, then clientDisconnected', async t => {
  const { stack, connection, client, join, leave } = await setup()
  await join(client)
  connection.handle(client.client, disconnect())
  await connection.finish(client.client, disconnect())
  t.equal(client.closedWith, null)
  leave(client)
  t.same(stack.executed.map(({ name }) => name).slice(1), [
    'cleanDisconnect',
    'sessionEnded',
    'clientDisconnected'
  ])
  each(t, stack.of('clientDisconnected'), [{ clean: true, err: null }])
})

t.test('DISCONNECT 0x04 and errors of the client are unclean [5.0 MQTT-3.14.4-3]', async t => {
  for (const code of [0x04, 0x80, 0x93]) {
    const { stack, connection, client, join, leave } = await setup()
    await join(client)
    connection.handle(client.client, disconnect(code))
    await connection.finish(client.client, disconnect(code))
    leave(client)
    t.same(stack.of('cleanDisconnect'), [], String(code))
    each(t, stack.of('uncleanDisconnect'), [{ err: null }])
    each(t, stack.of('clientDisconnected'), [{ clean: false, err: null }])
  }
})

t.test('what only a server says in DISCONNECT is a protocol error [5.0 MQTT-3.14.2-1]', async t => {
  const { connection, client, join } = await setup()
  await join(client)
  for (const packet of [disconnect(0x8e), disconnect(0x9c), disconnect(0, { serverReference: 'x' })]) {
    const err = await refusal(() => connection.handle(client.client, packet))
    t.equal(err.reasonName, 'ProtocolError')
  }
})

t.test('a connection that is lost is unclean and everybody hears why', async t => {
  const { stack, client, join, leave } = await setup()
  await join(client)
  const err = new Error('reset')
  leave(client, err)
  each(t, stack.of('uncleanDisconnect'), [{ client, err }])
  each(t, stack.of('clientDisconnected'), [{ client, clean: false, err }])
  t.equal(stack.clients.size, 0)
})

t.test('without a SessionManager each connection has a session of its own that ends with it', async t => {
  const { stack, client, join, leave } = await setup()
  await join(client)
  const session = client.session!
  t.match(session, { id: 'c1', client, ended: false })
  leave(client)
  each(t, stack.of('sessionEnded'), [{ session, reason: 'closed' }])
  t.match(session, { ended: true, client: null })
})

t.test('a session that somebody else manages is left to them', async t => {
  const { stack, connection, client, leave } = await setup()
  const packet = connect()
  connection.handle(client.client, packet)
  const session = new Session('c1')
  session.client = client.client
  client.session = session
  stack.sessions.set('c1', session)
  await connection.finish(client.client, packet)
  t.equal(client.session, session)
  leave(client)
  t.same(stack.of('sessionEnded'), [])
})

t.test('closeClient closes with the reason it is given', async t => {
  const { connection, client, fresh } = await setup()
  const err = await refusal(() => connection.handle(fresh().client, { cmd: 'pingreq' }))
  connection.closeClient({ client: client.client, err })
  t.equal(client.closedWith, err)
})

t.test('removed from a running stack it leaves open connections alone', async t => {
  const { stack, connection, client, join } = await setup()
  await join(client)
  connection.uninstall(client.client)
  t.same(stack.of('clientDisconnected'), [])
  t.equal(stack.clients.size, 1)
})

t.test('who replaces it ends the connections it made, also one whose CONNECT was under way', async t => {
  const { stack, connection: old, fresh, join } = await setup()
  const [connected, under] = [fresh(), fresh()]
  await join(connected)
  const packet = connect({ clientId: 'c2' })
  old.handle(under.client, packet)
  const connection = await stack.host(new Connection())
  connection.importState(old.exportState() as never)
  for (const { client } of [connected, under]) {
    old.uninstall(client)
    connection.install(client)
  }
  await old.finish(under.client, packet)
  for (const one of [connected, under]) {
    one.state = 'closed'
    connection.uninstall(one.client)
  }
  each(t, stack.of('clientDisconnected'), [{ client: connected }, { client: under }])
})
