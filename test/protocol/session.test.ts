import type mqtt from 'mqtt-packet'
import { packet, raw, rawConnect, rawPublish, u32 } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, type Version, versions } from '../support/scenario.js'

function kept(version: Version, expiry = 60): Partial<mqtt.IConnectPacket> {
  return version === 5 ? { clean: false, properties: { sessionExpiryInterval: expiry } } : { clean: false }
}

/** MQTT 3.1 cannot say it. */
const present = (version: Version, is: boolean) => is && version > 3

scenarios(
  versions,
  'resumes a session, or makes one [5.0 MQTT-3.1.2-5] [5.0 MQTT-3.1.2-6] [5.0 MQTT-3.2.2-3] [5.0 MQTT-3.1.2-23] [3.1.1 MQTT-3.1.2-4] [3.1.1 MQTT-3.1.2-5] [3.1.1 MQTT-3.2.2-2] [3.1.1 MQTT-3.2.2-3] [3.1.1 MQTT-4.1.0-1] [5.0 MQTT-4.5.0-1] [3.1.1 MQTT-4.5.0-1]',
  async ({ client, peer }, t, version) => {
    let one = peer(version)
    t.equal((await one.connect({ clientId: 'one', ...kept(version) })).sessionPresent, false)
    await one.subscribe('t', { qos: 2 })
    await one.lost()
    const online = await client(version, 'online')
    await online.subscribe('t', { qos: 2 })
    for (const qos of [1, 2] as const)
      await online.publish('t', `${qos}`, { qos, messageId: qos }).catch(() => {})
    online.packets.length = 0
    one = peer(version)
    t.equal((await one.connect({ clientId: 'one', ...kept(version) })).sessionPresent, present(version, true))
    t.same(await one.payloads(), ['1', '2'])
  }
)

scenarios(
  versions,
  'a clean start throws the session away [5.0 MQTT-3.1.2-4] [5.0 MQTT-3.2.2-2] [5.0 MQTT-3.1.4-4] [3.1.1 MQTT-3.1.2-6] [3.1.1 MQTT-3.2.2-1] [3.1.1 MQTT-3.1.4-3]',
  async ({ client, peer, broker }, t, version) => {
    let one = await client(version, 'one', kept(version))
    await one.subscribe('t', { qos: 1 })
    await one.lost()
    const other = await client(version, 'other')
    await other.publish('t', 'queued', { qos: 1 })
    one = peer(version)
    t.equal((await one.connect({ clientId: 'one' })).sessionPresent, false)
    await other.publish('t', 'live')
    t.same(await one.payloads(), [])
    await one.lost()
    t.equal(broker.stats().subscriptions, 0)
    t.equal((await peer(version).connect({ clientId: 'one', ...kept(version) })).sessionPresent, false)
  }
)

scenarios(
  versions,
  'keeps sessions by client id [5.0 MQTT-3.1.3-2] [3.1.1 MQTT-3.1.3-2]',
  async ({ client }, t, version) => {
    for (const id of ['a', 'b']) {
      const one = await client(version, id, kept(version))
      await one.subscribe(id, { qos: 1 })
      await one.lost()
    }
    const publisher = await client(version, 'publisher')
    for (const topic of ['a', 'b']) await publisher.publish(topic, `for ${topic}`, { qos: 1 })
    for (const id of ['a', 'b']) {
      t.same(await (await client(version, id, kept(version))).payloads(), [`for ${id}`])
    }
  }
)

scenario(
  '5.0: a session ends after its expiry and not before [5.0 MQTT-4.1.0-2] [5.0 MQTT-3.1.2-23]',
  async ({ client, peer, pass, broker }, t) => {
    const again = async () => (await peer().connect({ clientId: 'one', ...kept(5, 10) })).sessionPresent
    await (await client(5, 'one', kept(5, 10))).lost()
    await pass(9)
    t.equal(await again(), true)
    await pass(30)
    t.equal(broker.stats().sessions, 1, 'not while it is connected [5.0 MQTT-4.1.0-1]')
    for (const one of broker.clients.values()) one.close()
    await pass(12)
    t.equal(broker.stats().sessions, 0)
    t.equal(await again(), false)
  }
)

scenario('5.0: 0xFFFFFFFF never expires', async ({ client, peer, clock, broker }, t) => {
  await (await client(5, 'one', kept(5, 0xffff_ffff))).lost()
  await (await client(5, 'two', kept(5, 3000))).lost()
  clock.advance(3_600_000)
  t.same([...broker.stack.sessions.keys()], ['one'])
  t.equal((await peer().connect({ clientId: 'one', clean: false })).sessionPresent, true)
})

scenario(
  '5.0: without an expiry the session ends with the connection',
  async ({ client, peer, broker }, t) => {
    await (await client(5, 'one', { clean: false })).lost()
    t.equal(broker.stats().sessions, 0)
    t.equal((await peer().connect({ clientId: 'one', clean: false })).sessionPresent, false)
  }
)

scenario('5.0: DISCONNECT changes the expiry', async ({ client, peer, pass }, t) => {
  const end = async (from: number, to: number) => {
    const one = await client(5, 'one', { ...kept(5, from), clean: true })
    one.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: to } })
    await one.end()
  }
  const isThere = async () => (await peer().connect({ clientId: 'one', ...kept(5, 1) })).sessionPresent
  await end(60, 0)
  t.equal(await isThere(), false)
  await end(1, 60)
  await pass(30)
  t.equal(await isThere(), true)
  await end(60, 1)
  await pass(3)
  t.equal(await isThere(), false)
})

scenario('5.0: DISCONNECT gives no session to a connection that had none', async ({ client }, t) => {
  const one = await client(5, 'one')
  one.raw(packet(0xe0, [0, 5, 0x11], u32(60)))
  t.equal(await one.ending(), 'disconnect 82')
})

scenario(
  '5.0: a session longer than the maximum is cut, and the client told',
  { maximumSessionExpiry: 30 },
  async ({ peer, pass, broker }, t) => {
    const one = peer()
    const { properties } = await one.connect(kept(5, 0xffff_ffff))
    t.equal(properties?.sessionExpiryInterval, 30)
    await one.lost()
    await pass(32)
    t.equal(broker.stats().sessions, 0)
  }
)

scenarios(
  versions,
  'a refusal says nothing about the session that is there [5.0 MQTT-3.2.2-6] [3.1.1 MQTT-3.2.2-4] [3.1.1 MQTT-3.2.2-5]',
  {
    hooks: {
      authenticateConnection({ username }: { username: string | undefined }, store: { valid: boolean }) {
        store.valid = username !== 'wrong'
      }
    }
  },
  async ({ client, peer }, t, version) => {
    await (await client(version, 'one', kept(version))).lost()
    const one = peer(version)
    const connack = await one.connect({ clientId: 'one', username: 'wrong', ...kept(version) })
    t.equal(connack.sessionPresent, false)
    t.equal(connack.reasonCode ?? connack.returnCode, version === 5 ? 0x86 : 4, '[5.0 MQTT-3.1.4-2]')
    t.equal(await one.ending(), 'closed')
    const back = await peer(version).connect({ clientId: 'one', ...kept(version) })
    t.equal(back.sessionPresent, present(version, true), 'and it is still there')
  }
)

scenarios(
  versions,
  'acts on nothing behind DISCONNECT [5.0 MQTT-3.14.4-1] [3.1.1 MQTT-3.14.4-2]',
  async ({ client }, t, version) => {
    const [one, watcher] = [await client(version, 'one'), await client(version, 'watcher')]
    await watcher.subscribe('#')
    one.raw(raw(packet(0xe0), rawPublish(version, 't', { retain: true })))
    t.equal(await one.ending(), 'closed')
    t.same(await watcher.payloads(), [])
  }
)

scenarios(
  versions,
  'closes a silent client after one and a half times its keep-alive [5.0 MQTT-3.1.2-22] [5.0 MQTT-3.2.2-22] [3.1.1 MQTT-3.1.2-24]',
  async ({ client, pass }, t, version) => {
    const watcher = await client(version, 'watcher')
    await watcher.subscribe('will')
    const will = { topic: 'will', payload: Buffer.from('bye'), qos: 0 as const, retain: false }
    const one = await client(version, 'one', { keepalive: 2, will })
    const never = await client(version, 'never', { keepalive: 0 })
    for (let i = 0; i < 5; i++) {
      await pass(2)
      await one.nothing()
    }
    await pass(2.9)
    t.equal(one.ended, false)
    await pass(1.5)
    t.equal(await one.ending(), version === 5 ? 'disconnect 8d' : 'closed')
    t.same(await watcher.payloads(), ['bye'])
    await pass(100_000 / 1000)
    await never.nothing()
  }
)

scenarios(versions, 'half a packet is no sign of life', async ({ client, pass }, t, version) => {
  const one = await client(version, 'one', { keepalive: 2 })
  for (const byte of rawPublish(version, 'a topic that comes very slowly').subarray(0, -1)) {
    one.raw([byte])
    await pass(1)
    if (one.ended) break
  }
  t.equal(await one.ending(), version === 5 ? 'disconnect 8d' : 'closed')
})

scenario(
  '5.0: the server sets the keep-alive and says so [5.0 MQTT-3.2.2-22]',
  { serverKeepAlive: 4 },
  async ({ peer, pass }, t) => {
    const one = peer()
    t.equal((await one.connect({ keepalive: 1 })).properties?.serverKeepAlive, 4)
    await pass(5)
    t.equal(one.ended, false)
    await pass(2)
    t.equal(await one.ending(), 'disconnect 8d')
  }
)

scenarios(
  versions,
  'a connection that never says CONNECT is closed',
  { connectTimeout: 3000 },
  async ({ peer, pass }, t, version) => {
    const silent = peer(version)
    const half = peer(version)
    half.raw(rawConnect(version).subarray(0, 5))
    await pass(2)
    t.notOk(silent.ended || half.ended)
    await pass(2)
    t.equal(await silent.ending(), 'closed')
    t.equal(await half.ending(), 'closed')
  }
)
