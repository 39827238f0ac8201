import mqtt from 'mqtt-packet'
import { type Hooks, MqttError } from '../../lib/index.js'
import { each } from '../support/each.js'
import { turn } from '../support/fake-clock.js'
import { Gate, hello } from '../support/requests.js'
import { scenario, scenarios, since311, versions } from '../support/scenario.js'

const retained = { cmd: 'publish', topic: 'a', payload: 'x', qos: 0, retain: true, dup: false } as const

scenarios(
  versions,
  'a connection that says nothing is closed after the time it has',
  async ({ peer, pass }, t, version) => {
    const silent = peer(version)
    await pass(9)
    t.equal(silent.ended, false)
    await pass(2)
    t.equal(await silent.ending(), 'closed')
  }
)

scenario('half a CONNECT is no CONNECT', { connectTimeout: 3000 }, async ({ peer, pass }, t) => {
  const half = peer(5)
  half.raw(mqtt.generate(hello(5), { protocolVersion: 5 }).subarray(0, 9))
  await pass(4)
  t.equal(await half.ending(), 'closed')
})

const never: Hooks = { authenticateConnection: () => new Promise(() => {}) }
scenario(
  'the time runs until CONNACK',
  { hooks: never, connectTimeout: 3000, drainTimeout: 0 },
  async ({ peer, pass, broker, clock }, t) => {
    const waiting = peer(5)
    waiting.send(hello(5))
    await pass(4)
    t.equal(await waiting.ending(), 'closed')
    const closing = broker.close()
    await turn()
    clock.advance(1)
    await closing
  }
)

scenario('who is connected is not half open', async ({ client, pass }) => {
  const peer = await client(5, 'x')
  await pass(30)
  await peer.nothing()
})

scenarios(
  versions,
  'what follows a DISCONNECT is not acted on [5.0 MQTT-3.14.4-1] [3.1.1 MQTT-3.14.4-2]',
  async ({ client, broker }, t, version) => {
    const peer = await client(version, 'x')
    peer.send({ cmd: 'disconnect' }, retained)
    await peer.end()
    await turn()
    t.equal(broker.stats().messages.received, 0)
    t.equal(broker.stats().retained.messages, 0)
  }
)

const nobody: Hooks = {
  authenticateConnection(_ctx, store) {
    store.valid = false
  }
}
scenarios(
  versions,
  'what follows a refused CONNECT is not acted on [5.0 MQTT-3.1.4-6] [3.1.1 MQTT-3.1.4-5]',
  { hooks: nobody },
  async ({ peer, broker }, t, version) => {
    const refused = peer(version)
    refused.send(hello(version), retained, { cmd: 'pingreq' })
    t.equal(await refused.ending(), version === 5 ? 'connack 87' : 'connack 05')
    t.equal(broker.stats().messages.received, 0)
  }
)

const slowly: Hooks = {
  async authenticateConnection(_ctx, store) {
    await turn()
    store.valid = true
  }
}
scenarios(
  versions,
  'CONNACK is the first packet, whatever comes with the CONNECT [5.0 MQTT-3.2.0-1] [3.1.1 MQTT-3.2.0-1]',
  { hooks: slowly },
  async ({ peer }, t, version) => {
    const hasty = peer(version)
    const subscriptions = [{ topic: 'a', qos: 0 as const }]
    hasty.send(
      hello(version),
      { cmd: 'subscribe', messageId: 1, subscriptions },
      { ...retained, retain: false }
    )
    await hasty.next('connack')
    await hasty.next('suback')
    t.equal((await hasty.next('publish')).topic, 'a')
  }
)

scenarios(
  since311,
  'one CONNACK a connection: a second CONNECT ends it [5.0 MQTT-3.2.0-2] [3.1.1 MQTT-3.1.0-2]',
  async ({ client, broker }, t, version) => {
    const errors: Error[] = []
    broker.on('error', err => errors.push(err))
    const peer = await client(version, 'x')
    peer.send(hello(version))
    t.equal(await peer.ending(), version === 5 ? 'disconnect 82' : 'closed')
    each(t, errors, [/second CONNECT/])
  }
)

scenario(
  'a client for whom the CONNACK is too large is not connected [5.0 MQTT-3.1.2-24]',
  async ({ peer, broker }, t) => {
    const told: unknown[] = []
    broker.on('connect', event => told.push(event))
    broker.on('disconnect', event => told.push(event))
    const tiny = peer(5)
    tiny.send(hello(5, { properties: { maximumPacketSize: 4, sessionExpiryInterval: 60 } }))
    t.equal(await tiny.ending(), 'closed')
    t.same(told, [])
    t.equal(broker.clients.size, 0)
  }
)

scenario(
  'a reason string that does not fit is left out of a refusal [5.0 MQTT-3.2.2-19]',
  { maximumClientIdLength: 23 },
  async ({ peer }, t) => {
    const tiny = peer(5)
    const clientId = 'x'.repeat(24)
    const { reasonCode, properties } = await tiny.connect({ clientId, properties: { maximumPacketSize: 12 } })
    t.equal(reasonCode, 0x85)
    t.equal(properties?.reasonString, undefined)
    await tiny.end()
  }
)

scenario(
  'a larger packet than announced ends the connection [5.0 MQTT-3.2.2-15]',
  { maximumPacketSize: 200 },
  async ({ peer }, t) => {
    const greedy = peer(5)
    t.equal((await greedy.connect()).properties?.maximumPacketSize, 200)
    // Three bytes of header, two of length, one of topic, one without properties.
    greedy.send({ ...retained, payload: Buffer.alloc(193) })
    await greedy.nothing()
    greedy.send({ ...retained, payload: Buffer.alloc(194) })
    t.equal(await greedy.ending(), 'disconnect 95')
  }
)

scenario('the program may end a connection with closeClient', async ({ client, broker }, t) => {
  const peer = await client(5, 'x')
  const ended: unknown[] = []
  broker.on('disconnect', ({ clean, err }) => ended.push([clean, (err as MqttError).reasonName]))
  broker.stack.execute('closeClient', { client: peer.client!, err: new MqttError('AdministrativeAction') })
  t.equal(await peer.ending(), 'disconnect 98')
  t.same(ended, [[false, 'AdministrativeAction']])
})

const gate = new Gate()
const judged: string[] = []
const judge: Hooks = {
  async authorizePacket({ packet }) {
    judged.push(packet.cmd)
    if (packet.cmd === 'disconnect') await gate.passed
  }
}
scenario(
  'a DISCONNECT counts although its sender has hung up before it was through [5.0 MQTT-3.14.4-3]',
  { hooks: judge },
  async ({ client, broker }, t) => {
    const ended: boolean[] = []
    broker.on('disconnect', ({ clean }) => ended.push(clean))
    const peer = await client(5, 'x')
    peer.send({ cmd: 'disconnect', reasonCode: 0 })
    peer.stream.end()
    await turn()
    t.same(judged, ['connect', 'disconnect'])
    t.same(ended, [], 'it is not over while the packet is under way')
    gate.open()
    await turn()
    t.same(ended, [true])
  }
)

scenario('the facts of a connection come in order', async ({ client, broker }, t) => {
  const facts: string[] = []
  const names = ['clientConnected', 'cleanDisconnect', 'uncleanDisconnect', 'clientDisconnected'] as const
  broker.stack.use(
    Object.fromEntries(names.map(name => [name, () => facts.push(name) && undefined])) as Hooks
  )
  await broker.stack.whenReady()
  const polite = await client(5, 'x')
  polite.send({ cmd: 'disconnect', reasonCode: 0 })
  await polite.end()
  t.same(facts.splice(0), ['clientConnected', 'cleanDisconnect', 'clientDisconnected'])
  const rude = await client(5, 'x')
  rude.send({ cmd: 'disconnect', reasonCode: 4 })
  await rude.end()
  t.same(facts.splice(0), ['clientConnected', 'uncleanDisconnect', 'clientDisconnected'])
})
