import type mqtt from 'mqtt-packet'
import { field, properties, raw, rawConnect, u16, userProperty } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, since311, versions } from '../support/scenario.js'

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ids = ['a', alphabet.slice(0, 23), alphabet.slice(23, 46), alphabet.slice(39)]

scenarios(
  versions,
  'takes client ids of 1 to 23 letters and digits [5.0 MQTT-3.1.3-5] [5.0 MQTT-3.1.4-5] [3.1.1 MQTT-3.1.3-5] [3.1.1 MQTT-3.1.4-4]',
  async ({ peer }, t, version) => {
    for (const clientId of ids) {
      const { returnCode, reasonCode } = await peer(version).connect({ clientId })
      t.equal(version === 5 ? reasonCode : returnCode, 0, clientId)
    }
  }
)

scenario('3.1: refuses client ids of no and of 24 characters with 2', async ({ peer }, t) => {
  for (const clientId of ['', 'x'.repeat(24)]) {
    const one = peer(3)
    one.raw(rawConnect(3, { payload: field(clientId) }))
    t.equal(await one.ending(), 'connack 02')
  }
})

scenario('3.1: counts characters, not bytes, of a client id', async ({ client }) => {
  await (await client(3, 'é'.repeat(23))).nothing()
})

scenarios(since311, 'takes a client id of 65 535 bytes', async ({ client }, _t, version) => {
  await (await client(version, 'x'.repeat(65_535))).nothing()
})

scenarios(
  since311,
  'refuses a client id above the limit',
  { maximumClientIdLength: 30 },
  async (w, t, version) => {
    const one = w.peer(version)
    one.raw(rawConnect(version, { payload: field('x'.repeat(31)) }))
    t.equal(
      await one.ending(),
      version === 5 ? 'connack 85' : 'connack 02',
      '[5.0 MQTT-3.1.3-8] [3.1.1 MQTT-3.1.3-9]'
    )
  }
)

scenario(
  '3.1.1: refuses an empty client id without a clean session [3.1.1 MQTT-3.1.3-8] [3.1.1 MQTT-3.1.3-7]',
  async ({ peer }, t) => {
    const one = peer(4)
    one.raw(rawConnect(4, { flags: 0, payload: field('') }))
    t.equal(await one.ending(), 'connack 02')
  }
)

scenario(
  '3.1.1: gives clients without an id one of their own [3.1.1 MQTT-3.1.3-6]',
  async ({ client, broker }, t) => {
    const [a, b] = [await client(4, ''), await client(4, '')]
    await a.nothing()
    await b.nothing()
    t.equal(new Set(broker.clients.keys()).size, 2)
  }
)

scenario(
  '5.0: says which client id it assigned, each time another [5.0 MQTT-3.1.3-6] [5.0 MQTT-3.2.2-16]',
  async ({ peer, client }, t) => {
    await client(5, 'taken')
    const given = new Set<string | undefined>()
    for (let i = 0; i < 10; i++) {
      const { properties } = await peer().connect({ clientId: '' })
      given.add(properties?.assignedClientIdentifier)
    }
    t.equal(given.size, 10)
    t.notOk(given.has(undefined) || given.has('taken'))
  }
)

scenario(
  '5.0: a session under an assigned id is resumed by that id [5.0 MQTT-3.1.3-7]',
  async ({ peer }, t) => {
    const one = peer()
    const { properties } = await one.connect({ clientId: '', properties: { sessionExpiryInterval: 60 } })
    await one.lost()
    const { sessionPresent } = await peer().connect({
      ...{ clientId: properties!.assignedClientIdentifier!, clean: false }
    })
    t.equal(sessionPresent, true)
  }
)

scenario('5.0: assigns an id without a clean start, too', async ({ peer }, t) => {
  const one = peer()
  one.raw(rawConnect(5, { flags: 0, payload: field('') }))
  const { reasonCode, properties } = await one.next('connack')
  t.equal(reasonCode, 0)
  t.ok(properties?.assignedClientIdentifier)
})

/** Lets everybody in, and keeps who came. */
const seen: unknown[] = []
const hooks = {
  authenticateConnection(
    { username, password }: { username?: string | undefined; password?: Buffer | undefined },
    store: { valid: boolean }
  ) {
    seen.push([username, password?.toString()])
    store.valid = true
  }
}

scenarios(
  versions,
  'reads the payload of CONNECT in its order [5.0 MQTT-3.1.3-1] [3.1.1 MQTT-3.1.3-1]',
  { hooks },
  async ({ client }, t, version) => {
    const watcher = await client(version, 'watcher')
    await watcher.subscribe('will/#')
    const one = await client(version, 'everything', {
      ...{ username: 'user', password: Buffer.from('secret') },
      will: { topic: 'will/t', payload: Buffer.from('bye'), qos: 0, retain: false }
    })
    t.same(seen.at(-1), ['user', 'secret'])
    await one.lost()
    const will = await watcher.next('publish')
    t.same([will.topic, will.payload.toString()], ['will/t', 'bye'])
  }
)

scenario('5.0: takes a password without a user name [5.0 MQTT-3.1.2-19]', { hooks }, async ({ peer }, t) => {
  const one = peer()
  one.raw(rawConnect(5, { flags: 0x42, payload: raw(field('id'), field('pass')) }))
  t.equal((await one.next('connack')).reasonCode, 0)
  t.same(seen.at(-1), [undefined, 'pass'])
})

scenarios(
  versions,
  'answers what comes in one segment with the CONNECT, and CONNACK first [5.0 MQTT-3.2.0-1] [3.1.1 MQTT-3.2.0-1]',
  async ({ peer, client }, t, version) => {
    const kept: Partial<mqtt.IConnectPacket> =
      version === 5 ? { clean: false, properties: { sessionExpiryInterval: 60 } } : { clean: false }
    const first = await client(version, 'pipe', kept)
    await first.subscribe('t', { qos: 1 })
    await first.lost()
    await (await client(version, 'other')).publish('t', 'queued', { qos: 1 })
    const one = peer(version)
    one.send(
      {
        ...{ cmd: 'connect', protocolId: version === 3 ? 'MQIsdp' : 'MQTT', protocolVersion: version },
        ...{ clientId: 'pipe', keepalive: 0, ...kept }
      } as mqtt.IConnectPacket,
      { cmd: 'subscribe', messageId: 5, subscriptions: [{ topic: 'u', qos: 0 }] },
      { cmd: 'pingreq' }
    )
    await one.next('connack')
    t.equal((await one.next('publish')).payload.toString(), 'queued')
    await one.next('suback')
    await one.next('pingresp')
  }
)

scenarios(
  versions,
  'takes a CONNECT byte by byte and packets of all sizes in one segment [5.0 MQTT-4.2.0-1] [3.1.1 MQTT-7.1.1-1]',
  async ({ peer }, t, version) => {
    const one = peer(version)
    for (const byte of rawConnect(version)) one.raw([byte])
    await one.next('connack')
    for (let i = 0; i < 10; i++) one.raw([0xc0, 0])
    for (let i = 0; i < 10; i++) t.equal((await one.next('pingresp')).cmd, 'pingresp')
    await one.nothing()
  }
)

scenarios(
  versions,
  'answers each PINGREQ with one PINGRESP [5.0 MQTT-3.12.4-1] [3.1.1 MQTT-3.12.4-1]',
  async ({ client }, _t, version) => {
    const one = await client(version, 'ping')
    one.send({ cmd: 'pingreq' }, { cmd: 'pingreq' })
    await one.next('pingresp')
    await one.next('pingresp')
    await one.nothing()
  }
)

scenarios(
  versions,
  'the newer connection takes the client id over [5.0 MQTT-3.1.4-3] [3.1.1 MQTT-3.1.4-2]',
  async ({ client, broker }, t, version) => {
    const older = await client(version, 'same')
    const newer = await client(version, 'same')
    t.equal(await older.ending(), version === 5 ? 'disconnect 8e' : 'closed')
    await newer.nothing()
    t.equal(broker.clients.size, 1)
  }
)

scenario(
  '5.0: tells Response Information to those who ask only [5.0 MQTT-3.1.2-28]',
  {
    responseInformation: 'replies/'
  },
  async ({ peer }, t) => {
    const asked = [undefined, false, true]
    const answers: unknown[] = []
    for (const requestResponseInformation of asked) {
      const { properties } = await peer().connect({
        clientId: `r${answers.length}`,
        ...(requestResponseInformation !== undefined && { properties: { requestResponseInformation } })
      })
      answers.push(properties?.responseInformation)
    }
    t.same(answers, [undefined, undefined, 'replies/'])
  }
)

scenario(
  '5.0: says no authentication method without one in CONNECT [5.0 MQTT-4.12.0-6]',
  async ({ peer }, t) => {
    const { properties } = await peer().connect()
    t.equal(properties?.authenticationMethod, undefined)
  }
)

scenario('5.0: user properties of CONNECT do no harm, whatever their names', async ({ peer }) => {
  const one = peer()
  const strange = ['__proto__', 'constructor', 'toString', '', '__proto__'].map(name =>
    userProperty(name, 'x')
  )
  one.raw(rawConnect(5, { properties: properties(...strange, raw([0x21], u16(9))) }))
  await one.next('connack')
  await one.nothing()
})
