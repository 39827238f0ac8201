import type mqtt from 'mqtt-packet'
import type { Hooks } from '../../lib/index.js'
import { each } from '../support/each.js'
import { turn } from '../support/fake-clock.js'
import { scenario, scenarios, since311, versions } from '../support/scenario.js'

function dying(will: Partial<NonNullable<mqtt.IConnectPacket['will']>> = {}): mqtt.IConnectPacket['will'] {
  return { topic: 'will', payload: Buffer.from('gone'), qos: 0, retain: false, ...will }
}
const delayed = (willDelayInterval: number) => dying({ properties: { willDelayInterval } })
const keeps = (sessionExpiryInterval: number) => ({ clean: false, properties: { sessionExpiryInterval } })

scenarios(
  versions,
  'a will goes out when the network breaks, not after DISCONNECT [3.1.1 MQTT-3.14.4-3]',
  async ({ client }, t, version) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#')
    const polite = await client(version, 'polite', { will: dying() })
    polite.send({ cmd: 'disconnect' })
    await polite.end()
    t.same(await watcher.payloads(), [])
    ;(await client(version, 'rude', { will: dying() })).cut()
    await turn()
    t.same(await watcher.payloads(), ['gone'])
  }
)

scenario('DISCONNECT 0x04 publishes it [5.0 MQTT-3.14.4-3]', async ({ client }, t) => {
  const watcher = await client(5, 'watcher')
  await watcher.subscribe('#')
  const peer = await client(5, 'x', { will: dying() })
  peer.send({ cmd: 'disconnect', reasonCode: 4 })
  await peer.end()
  t.same(await watcher.payloads(), ['gone'])
})

scenarios(
  versions,
  'a protocol error of its client publishes it [3.1.1 MQTT-3.14.1-1]',
  async ({ client }, t, version) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#')
    const peer = await client(version, 'x', { will: dying() })
    peer.raw('e1 00')
    await peer.end()
    t.same(await watcher.payloads(), ['gone'])
  }
)

scenario(
  'at each QoS, with its properties in their order [5.0 MQTT-3.1.3-10] [5.0 MQTT-3.1.2-12]',
  async ({ client, broker }, t) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#', { qos: 2 })
    const seen: unknown[] = []
    await broker.subscribe('will', packet => seen.push(packet.properties?.userProperties))
    for (const qos of [0, 1, 2] as const) {
      // mqtt-packet writes names in the order of the object, a list of values under one name.
      const userProperties = { b: ['1', '3'], a: '2' }
      const properties = { contentType: 'text', userProperties, willDelayInterval: 0 }
      ;(await client(5, 'x', { will: dying({ qos, properties }) })).cut()
      await turn()
      const [message] = await watcher.messages()
      t.match(message, { qos, properties: { contentType: 'text' } })
    }
    t.same(seen[0], [
      ['b', '1'],
      ['b', '3'],
      ['a', '2']
    ])
  }
)

scenarios(
  since311,
  'retained or not, as it says [5.0 MQTT-3.1.2-14] [5.0 MQTT-3.1.2-15]',
  async ({ client }, t, version) => {
    for (const retain of [false, true]) {
      const topic = `will/${retain}`
      ;(await client(version, 'x', { will: dying({ topic, retain }) })).cut()
    }
    await turn()
    const late = await client(5, 'late')
    await late.subscribe('will/#')
    each(t, await late.messages(), [{ topic: 'will/true', retain: true }])
  }
)

scenario('its expiry begins when it is published', async ({ client, pass }, t) => {
  const keeper = await client(5, 'keeper', keeps(1000))
  await keeper.subscribe('#', { qos: 1 })
  keeper.cut()
  const will = dying({ qos: 1, properties: { willDelayInterval: 10, messageExpiryInterval: 20 } })
  ;(await client(5, 'x', { will, ...keeps(100) })).cut()
  await turn()
  await pass(25)
  const back = await client(5, 'keeper', keeps(1000))
  const [message] = await back.messages()
  t.ok(message, 'it was published at 10 and lives until 30')
  t.ok((message?.properties?.messageExpiryInterval ?? 99) <= 6)
})

scenario(
  'take-over: the session goes on, so a delay does; without one the will is due',
  async ({ client, pass }, t) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#')
    await client(5, 'x', { will: delayed(5), ...keeps(60) })
    await client(5, 'x', { will: dying({ payload: Buffer.from('second') }), ...keeps(60) })
    await pass(10)
    t.same(await watcher.payloads(), [], 'the session has a new connection in time')
    await client(5, 'x', keeps(60))
    t.same(await watcher.payloads(), ['second'], 'a will without delay goes out')
  }
)

scenario('take-over with clean start ends the session: the will is due at once', async ({ client }, t) => {
  const watcher = await client(5, 'watcher')
  await watcher.subscribe('#')
  await client(5, 'x', { will: delayed(50), ...keeps(60) })
  await client(5, 'x', { clean: true })
  t.same(await watcher.payloads(), ['gone'])
})

scenario('a delay ends with the session, whichever is first', async ({ client, pass }, t) => {
  const watcher = await client(5, 'watcher')
  await watcher.subscribe('#')
  ;(await client(5, 'short', { will: delayed(50), ...keeps(5) })).cut()
  ;(await client(5, 'long', { will: delayed(5), ...keeps(50) })).cut()
  await turn()
  await pass(4)
  t.same(await watcher.payloads(), [])
  await pass(3)
  t.same(await watcher.payloads(), ['gone', 'gone'])
  await pass(60)
  t.same(await watcher.payloads(), [])
})

scenario('DISCONNECT 0x04 that ends the session leaves no delay', async ({ client }, t) => {
  const watcher = await client(5, 'watcher')
  await watcher.subscribe('#')
  const peer = await client(5, 'x', { will: delayed(50), ...keeps(60) })
  peer.send({ cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 0 } })
  await peer.end()
  t.same(await watcher.payloads(), ['gone'])
})

scenarios(
  [4, 5] as const,
  'a will topic with wildcards is refused [5.0 MQTT-4.7.0-1]',
  async ({ peer }, t, version) => {
    const one = peer(version)
    const connecting = one.connect({ will: dying({ topic: 'a/#' }) }).then(
      ({ reasonCode }) => reasonCode,
      () => 'closed'
    )
    t.equal(await connecting, version === 5 ? 0x90 : 'closed')
    await one.end()
  }
)

scenario('nobody connected hears of a will: it is dropped, and counted', async ({ client, broker }, t) => {
  const dropped: unknown[] = []
  broker.on('dropped', ({ packet, reason }) => dropped.push([packet.topic, reason]))
  ;(await client(5, 'x', { will: dying() })).cut()
  await turn()
  t.same(dropped, [['will', 'no-subscriber']])
  t.equal(broker.stats().messages.dropped, 1)
})

const closing: Hooks = {
  clientConnected({ client }) {
    if (client.id === 'x') client.close('AdministrativeAction')
  }
}
scenario(
  'a client that is closed as soon as it is connected: its delay counts, its session is not ready',
  { hooks: closing },
  async ({ client, peer, pass, broker }, t) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#')
    const short = peer(5)
    await short.connect({ clientId: 'x', will: delayed(5), ...keeps(60) })
    await short.end()
    t.match(broker.stack.sessions.get('x'), { client: null, ready: false })
    t.same(await watcher.payloads(), [])
    await pass(6)
    t.same(await watcher.payloads(), ['gone'])
  }
)
