import { type Hooks, MqttError } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { Gate } from '../support/requests.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

const keeps = { clean: false, properties: { sessionExpiryInterval: 60 } }

scenarios(
  versions,
  'codes in order, an invalid filter between valid ones [5.0 MQTT-3.9.3-1] [3.1.1 MQTT-3.9.3-1]',
  async ({ client }, t, version) => {
    const peer = await client(version, 'x')
    const subscriptions = [
      { topic: 'a', qos: 2 as const },
      { topic: 'a/#/b', qos: 0 as const },
      { topic: 'b', qos: 0 as const },
      { topic: 'c', qos: 1 as const }
    ]
    peer.send({ cmd: 'subscribe', messageId: 65_535, subscriptions })
    const { messageId, granted } = await peer.next('suback')
    t.same([messageId, granted], [65_535, [2, version === 5 ? 0x8f : 0x80, 0, 1]])
  }
)

scenarios(
  versions,
  'UNSUBACK has codes in MQTT 5 only, and messages end with it [5.0 MQTT-3.10.4-2]',
  async ({ client }, t, version) => {
    const peer = await client(version, 'x')
    await peer.subscribe('a')
    peer.send({
      cmd: 'unsubscribe',
      messageId: 3,
      unsubscriptions: ['a', 'b', ...(version === 5 ? ['#/b'] : [])]
    })
    const unsuback = await peer.next('unsuback')
    t.equal(unsuback.messageId, 3)
    if (version === 5) t.same(unsuback.granted, [0, 0x11, 0x8f])
    const publisher = await client(5, 'publisher')
    await publisher.publish('a')
    await peer.nothing()
  }
)

scenarios(
  versions,
  'a subscription that is replaced delivers once, at its new QoS [5.0 MQTT-3.8.4-3]',
  async ({ client }, t, version) => {
    const peer = await client(version, 'x')
    await peer.subscribe('a', { qos: 0 })
    await peer.subscribe('a', { qos: 1 })
    const publisher = await client(5, 'publisher')
    await publisher.publish('a', 'x', { qos: 1 })
    t.same(
      (await peer.messages()).map(({ qos }) => qos),
      [1]
    )
  }
)

scenario(
  'No Local on a shared subscription ends the connection [5.0 MQTT-3.8.3-4]',
  async ({ client, broker }, t) => {
    const peer = await client(5, 'x')
    peer.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/a', qos: 0, nl: true }] })
    t.equal(await peer.ending(), 'disconnect 82')
    t.equal(broker.stats().subscriptions, 0)
  }
)

const hooks: Hooks = {
  async subscribeTopic({ subscription }, store) {
    await null
    if (subscription.topic === 'grant') store.grant = 0x87
    if (subscription.topic === 'throw') throw new MqttError('QuotaExceeded')
    if (subscription.topic === 'less') store.grant = 0
  }
}
scenarios(
  versions,
  'a hook refuses or lowers one filter of many, and routing follows [5.0 MQTT-3.8.4-8]',
  { hooks },
  async ({ client, broker }, t, version) => {
    const peer = await client(version, 'x')
    const subscriptions = ['a', 'grant', 'throw', 'less'].map(topic => ({ topic, qos: 2 as const }))
    peer.send({ cmd: 'subscribe', messageId: 1, subscriptions })
    t.same((await peer.next('suback')).granted, version === 5 ? [2, 0x87, 0x97, 0] : [2, 0x80, 0x80, 0])
    t.equal(broker.stats().subscriptions, 2)
    const publisher = await client(5, 'publisher')
    for (const { topic } of subscriptions) await publisher.publish(topic, topic, { qos: 1 })
    t.same(
      (await peer.messages()).map(({ topic, qos }) => [topic, qos]),
      [
        ['a', 1],
        ['less', 0]
      ]
    )
  }
)

let gate = new Gate()
const slow: Hooks = {
  subscribeTopic: ({ restored, subscription: { topic } }) =>
    restored || topic !== 'slow' ? undefined : gate.passed
}
for (const [kind, options] of [
  ['ends with it', {}],
  ['outlives it', keeps]
] as const) {
  scenario(
    `a client that leaves during its SUBSCRIBE leaves nothing in routing: the session ${kind}`,
    { hooks: slow },
    async ({ client, broker }, t) => {
      gate = new Gate()
      const told: unknown[] = []
      broker.on('subscribe', ({ subscription }) => told.push(subscription.topic))
      const peer = await client(5, 'x', options)
      await peer.subscribe('before')
      peer.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: ['slow', 'later'].map(topic => ({ topic, qos: 0 as const }))
      })
      await turn()
      peer.cut()
      await turn()
      gate.open()
      await turn()
      const kept = options === keeps ? 1 : 0
      t.equal(broker.stats().subscriptions, kept)
      t.equal(broker.stack.sessions.get('x')?.subscriptions.size ?? 0, kept)
      t.same(told, ['before'])
    }
  )
}

scenario(
  'a SUBSCRIBE of a connection that was taken over does not touch the session of the next one',
  { hooks: slow },
  async ({ client, broker }, t) => {
    gate = new Gate()
    const older = await client(5, 'x', keeps)
    older.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'slow', qos: 0 }] })
    await turn()
    const newer = await client(5, 'x', keeps)
    await newer.subscribe('mine', { qos: 1 })
    gate.open()
    await turn()
    t.same([...broker.stack.sessions.get('x')!.subscriptions.keys()], ['mine'])
    const publisher = await client(5, 'publisher')
    await publisher.publish('slow', 'no')
    await publisher.publish('mine', 'yes')
    await publisher.nothing()
    t.same(await newer.payloads(), ['yes'])
  }
)

let commit = new Gate()
const durable: Hooks = { commit: () => commit.passed }
scenario(
  'SUBACK waits until the backend has it, for sessions that stay [5.0 MQTT-3.8.4-1]',
  { hooks: durable },
  async ({ client }, t) => {
    const brief = await client(5, 'brief')
    await brief.subscribe('a')
    const connecting = client(5, 'x', keeps)
    await turn()
    commit.open()
    const peer = await connecting
    commit = new Gate()
    peer.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 0 }] })
    await turn()
    t.equal(peer.packets.length, 0)
    commit.open()
    t.same((await peer.next('suback')).granted, [0])
  }
)
