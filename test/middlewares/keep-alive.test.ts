import t from 'tap'
import { DONE, type Hooks } from '../../lib/index.js'
import { KeepAlive, type KeepAliveConfig } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { turn } from '../support/fake-clock.js'
import { FakeStack } from '../support/fake-stack.js'
import { connect } from '../support/requests.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

async function setup(config: Partial<KeepAliveConfig> = {}, version: 3 | 4 | 5 = 5) {
  const stack = new FakeStack()
  const middleware = await stack.host(new KeepAlive(config))
  const client = new FakeClient(stack, { version })
  stack.clients.set('c1', client.client)
  /** CONNECT; the keep-alive that is announced. */
  const join = (keepalive: number) => {
    client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
    middleware.handle(client.client, connect({ protocolVersion: version, keepalive }))
    middleware.finish(client.client)
    return client.connack.properties?.serverKeepAlive
  }
  return { stack, middleware, client, join }
}

t.test('its options are checked', t => {
  t.same(new KeepAlive().check(), [])
  t.same(new KeepAlive({ serverKeepAlive: -1, maximumKeepAlive: 0, sweepInterval: 1 }).check().length, 3)
  t.end()
})

t.test('PINGREQ is answered and goes no further [5.0 MQTT-3.12.4-1] [3.1.1 MQTT-3.12.4-1]', async t => {
  const { middleware, client } = await setup()
  t.equal(middleware.handle(client.client, { cmd: 'pingreq' }), DONE)
  t.same(client.sent, [{ cmd: 'pingresp' }])
})

t.test('silence for one and a half times the keep-alive ends the connection [5.0 MQTT-3.1.2-22]', async t => {
  const { stack, client, join } = await setup()
  t.equal(join(10), undefined, 'nothing is announced: it is what the client wants [5.0 MQTT-3.2.2-22]')
  stack.clock.advance(15_000)
  t.equal(client.isOpen, true)
  stack.clock.advance(500)
  t.equal(client.closedWith, 'KeepAliveTimeout')
})

t.test('every packet begins it anew', async t => {
  const { stack, client, join } = await setup()
  join(10)
  stack.clock.advance(14_000)
  client.lastPacketAt = stack.clock.now()
  stack.clock.advance(15_000)
  t.equal(client.isOpen, true)
  stack.clock.advance(500)
  t.equal(client.isOpen, false)
})

t.test('0 switches it off', async t => {
  const { stack, client, join } = await setup()
  join(0)
  stack.clock.advance(1_000_000)
  t.equal(client.isOpen, true)
})

t.test('whom we keep from sending is not blamed', async t => {
  const { stack, client, join } = await setup()
  join(10)
  client.isHeld = true
  stack.clock.advance(60_000)
  client.isHeld = false
  stack.clock.advance(14_500)
  t.equal(client.isOpen, true, 'it has its whole time again')
  stack.clock.advance(1500)
  t.equal(client.isOpen, false)
})

t.test('the time begins with the CONNACK, however long that took', async t => {
  const { stack, client, join } = await setup()
  client.lastPacketAt = stack.clock.now() - 60_000
  join(10)
  stack.clock.advance(1000)
  t.equal(client.isOpen, true)
})

t.test('who is not connected yet, or closing, is left to others', async t => {
  const { stack, client, join } = await setup()
  join(1)
  client.state = 'new'
  stack.clock.advance(10_000)
  t.equal(client.closedWith, undefined)
})

t.test('the server may set it and says so to MQTT 5 [5.0 MQTT-3.2.2-21]', async t => {
  for (const [asked, announced] of [
    [10, 30],
    [0, 30],
    [30, undefined]
  ] as const) {
    const { client, join } = await setup({ serverKeepAlive: 30 })
    t.equal(join(asked), announced)
    t.equal(client.keepalive, 30)
  }
  const off = await setup({ serverKeepAlive: 0 })
  t.equal(off.join(10), 0)
  t.equal(off.client.keepalive, 0)
})

t.test('the server may limit it and says so to MQTT 5', async t => {
  for (const [asked, announced, granted] of [
    [10, undefined, 10],
    [99, 60, 60],
    [0, 60, 60]
  ] as const) {
    const { client, join } = await setup({ maximumKeepAlive: 60 })
    t.equal(join(asked), announced)
    t.equal(client.keepalive, granted)
  }
})

t.test('MQTT 3 cannot be told, so it gets what it asks for', async t => {
  for (const version of [3, 4] as const) {
    const { client, join } = await setup({ serverKeepAlive: 30, maximumKeepAlive: 20 }, version)
    t.equal(join(99), undefined)
    t.equal(client.keepalive, 99)
  }
})

t.test('its timer ends with it', async t => {
  const { stack, middleware } = await setup()
  t.equal(stack.clock.pending, 1)
  middleware.stop()
  t.equal(stack.clock.pending, 0)
})

scenarios(
  versions,
  'a silent client is closed and its will published [3.1.1 MQTT-3.1.2-24]',
  async ({ client, pass }, t, version) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('will')
    const will = { topic: 'will', payload: Buffer.from('gone'), qos: 0, retain: false } as const
    const silent = await client(version, 'silent', { keepalive: 4, will })
    await pass(6)
    t.equal(silent.ended, false)
    await pass(1)
    t.equal(await silent.ending(), version === 5 ? 'disconnect 8d' : 'closed')
    t.same(await watcher.payloads(), ['gone'])
  }
)

scenario('pings keep a connection, bytes that are no whole packet do not', async ({ client, pass }, t) => {
  const peer = await client(5, 'x', { keepalive: 4 })
  for (let i = 0; i < 4; i++) {
    await pass(5)
    await peer.nothing()
  }
  await pass(5)
  peer.raw('30 05 00 01')
  await turn()
  await pass(2)
  t.equal(await peer.ending(), 'disconnect 8d')
})

let answer = () => {}
const slow: Hooks = {
  authorizePacket: ({ packet }) =>
    packet.cmd === 'publish'
      ? new Promise(resolve => {
          answer = resolve
        })
      : undefined
}
scenario('a client whose packet waits for us is not silent', { hooks: slow }, async ({ client, pass }, t) => {
  const peer = await client(5, 'x', { keepalive: 4 })
  peer.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false })
  await turn()
  await pass(20)
  answer()
  await turn()
  await peer.nothing()
  t.equal(peer.ended, false)
})
