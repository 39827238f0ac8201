import { type Hooks, MqttError } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

const acl: Hooks = {
  authorizePublish({ packet }, store) {
    if (packet.topic.startsWith('no/')) store.valid = false
    if (packet.topic.startsWith('low/')) store.qos = 0
  },
  async authorizeSubscription({ subscription }, store) {
    await null
    if (subscription.topic.startsWith('no/')) store.valid = false
    if (subscription.topic.startsWith('low/')) store.qos = 0
  }
}

scenarios(
  versions,
  'a refused message reaches nobody and its sender stays connected',
  { hooks: acl },
  async ({ client }, t, version) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#', { qos: 2 })
    const peer = await client(version, 'x')
    t.equal(await peer.publish('no/a', 'x', { qos: 1 }), version === 5 ? 0x87 : 0)
    await peer.publish('no/a', 'x', { qos: 0 })
    await peer.publish('yes', 'y', { qos: 0 })
    await peer.nothing()
    t.same(await watcher.payloads(), ['y'])
  }
)

scenario(
  'a refused QoS 2 message is over with its PUBREC; the identifier is free',
  { hooks: acl },
  async ({ client }, t) => {
    const peer = await client(5, 'x')
    t.equal(await peer.publish('no/a', 'x', { qos: 2, messageId: 5 }), 0x87)
    t.equal(await peer.publish('yes', 'x', { qos: 2, messageId: 5 }), 0x10)
  }
)

scenarios(
  [3, 4] as const,
  'MQTT 3 may be closed for it instead [3.1.1 MQTT-3.3.5-2]',
  { hooks: acl, refuse: 'close' },
  async ({ client }, t, version) => {
    const peer = await client(version, 'x')
    peer.send({ cmd: 'publish', topic: 'no/a', payload: 'x', qos: 0, dup: false, retain: false })
    t.equal(await peer.ending(), 'closed')
  }
)

scenarios(
  versions,
  'a lowered message has the handshake of its own QoS and is delivered at the lower one',
  { hooks: acl },
  async ({ client }, t, version) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#', { qos: 2 })
    const peer = await client(version, 'x')
    for (const qos of [0, 1, 2] as const)
      await peer.publish('low/a', String(qos), { qos, messageId: qos + 1 })
    const got = (await watcher.messages()).map(({ payload, qos }) => [payload.toString(), qos])
    t.same(got, [
      ['0', 0],
      ['1', 0],
      ['2', 0]
    ])
  }
)

scenarios(
  versions,
  'one filter of many is refused with its own code, one is lowered',
  { hooks: acl },
  async ({ client }, t, version) => {
    const peer = await client(version, 'x')
    const subscriptions = ['yes', 'no/a', 'low/a'].map(topic => ({ topic, qos: 2 as const }))
    peer.send({ cmd: 'subscribe', messageId: 9, subscriptions })
    t.same((await peer.next('suback')).granted, [2, version === 5 ? 0x87 : 0x80, 0])
    const publisher = await client(5, 'publisher')
    for (const topic of ['yes', 'no/b', 'low/a']) await publisher.publish(topic, topic, { qos: 1 })
    const got = (await peer.messages()).map(({ topic, qos }) => [topic, qos])
    t.same(got, [
      ['yes', 1],
      ['low/a', 0]
    ])
  }
)

scenarios(
  versions,
  'a will that may not be published refuses the CONNECT',
  { hooks: acl },
  async ({ peer, broker }, t, version) => {
    const one = peer(version)
    const will = { topic: 'no/will', payload: Buffer.from('x'), qos: 0, retain: false } as const
    const { reasonCode, returnCode } = await one.connect({ will })
    t.equal(version === 5 ? reasonCode : returnCode, version === 5 ? 0x87 : 5)
    await one.end()
    t.equal(broker.clients.size, 0)
  }
)

scenario('the will is published at the QoS that was allowed', { hooks: acl }, async ({ client }, t) => {
  const watcher = await client(5, 'watcher')
  await watcher.subscribe('#', { qos: 2 })
  const will = { topic: 'low/will', payload: Buffer.from('x'), qos: 2, retain: false } as const
  ;(await client(5, 'x', { will })).cut()
  await turn()
  const [message] = await watcher.messages()
  t.match(message, { topic: 'low/will', qos: 0 })
})

const allowed = new Set(['a', 'b', 'c'])
const changing: Hooks = {
  async authorizeSubscription({ subscription, restored }, store) {
    await null
    store.valid = allowed.has(subscription.topic)
    if (restored && subscription.topic === 'b') store.qos = 0
  }
}
scenario(
  'a session that comes back has only what is allowed now',
  { hooks: changing },
  async ({ client, broker }, t) => {
    const session = { clean: false, properties: { sessionExpiryInterval: 60 } }
    const before = await client(5, 'x', session)
    for (const topic of ['a', 'b', 'c']) await before.subscribe(topic, { qos: 1 })
    before.cut()
    allowed.delete('a')
    const unsubscribed: string[] = []
    broker.on('unsubscribe', ({ topic }) => unsubscribed.push(topic))
    const after = await client(5, 'x', session)
    const publisher = await client(5, 'publisher')
    for (const topic of ['a', 'b', 'c']) await publisher.publish(topic, topic, { qos: 1 })
    const got = (await after.messages()).map(({ topic, qos }) => [topic, qos])
    t.same(got, [
      ['b', 0],
      ['c', 1]
    ])
    t.same(unsubscribed, ['a'])
    t.equal(broker.stats().subscriptions, 2)
  }
)

const strict: Hooks = {
  authorizePacket({ packet }) {
    if (packet.cmd === 'unsubscribe') throw new MqttError('AdministrativeAction')
    if (packet.cmd === 'subscribe') throw new MqttError('QuotaExceeded')
  }
}
scenario(
  'a throw that is fatal ends the connection, any other refuses the packet',
  { hooks: strict },
  async ({ client }, t) => {
    const peer = await client(5, 'x')
    peer.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: ['a', 'b'].map(topic => ({ topic, qos: 0 as const }))
    })
    t.same((await peer.next('suback')).granted, [0x97, 0x97])
    peer.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] })
    t.equal(await peer.ending(), 'disconnect 98')
  }
)
