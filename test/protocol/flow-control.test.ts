import { packet, properties, raw, rawPublish, u16 } from '../../spec-suite/protocol/bytes.js'
import { scenario } from '../support/scenario.js'

scenario(
  '5.0: sends no more than Receive Maximum messages, each PUBACK frees one [5.0 MQTT-3.3.4-9] [5.0 MQTT-4.9.0-1] [5.0 MQTT-4.9.0-2]',
  async ({ client }, t) => {
    const publisher = await client(5, 'publisher')
    const one = await client(5, 'one', { properties: { receiveMaximum: 2 } })
    await one.subscribe('t', { qos: 1 })
    for (let i = 0; i < 5; i++) await publisher.publish('t', `${i}`, { qos: 1 })
    let [oldest, newest] = await one.messages()
    t.same(
      [oldest, newest].map(message => message?.payload.toString()),
      ['0', '1']
    )
    for (const wanted of ['2', '3', '4']) {
      one.send({ cmd: 'puback', messageId: oldest!.messageId! })
      const [next, ...more] = await one.messages()
      t.equal(next?.payload.toString(), wanted)
      t.same(more, [])
      oldest = newest
      newest = next
    }
  }
)

scenario(
  '5.0: of QoS 2 only PUBCOMP and a PUBREC of 0x80 or more free one [5.0 MQTT-4.9.0-2]',
  async ({ client }, t) => {
    const publisher = await client(5, 'publisher')
    const one = await client(5, 'one', { properties: { receiveMaximum: 1 } })
    await one.subscribe('t', { qos: 2 })
    for (let i = 0; i < 3; i++) await publisher.publish('t', `${i}`, { qos: 2 })
    const first = await one.next('publish')
    await one.nothing()
    one.send({ cmd: 'pubrec', messageId: first.messageId! })
    await one.next('pubrel')
    await one.nothing()
    one.send({ cmd: 'pubcomp', messageId: first.messageId! })
    const second = await one.next('publish')
    await one.nothing()
    one.send({ cmd: 'pubrec', messageId: second.messageId!, reasonCode: 0x97 })
    t.equal((await one.next('publish')).payload.toString(), '2')
    await one.nothing()
  }
)

scenario(
  '5.0: everything else goes on while the quota is used up [5.0 MQTT-3.3.4-10] [5.0 MQTT-4.9.0-3]',
  async ({ client }, t) => {
    const one = await client(5, 'one', { properties: { receiveMaximum: 1 } })
    const publisher = await client(5, 'publisher')
    await one.subscribe('t', { qos: 1 })
    for (let i = 0; i < 3; i++) await publisher.publish('t', 'x', { qos: 1 })
    await one.next('publish')
    await one.nothing()
    await one.subscribe('q0')
    t.equal(await one.publish('elsewhere', 'x', { qos: 2 }), 0x10)
    await publisher.publish('q0', 'passes')
    t.same(await one.payloads(), ['passes'])
    one.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['q0'] })
    await one.next('unsuback')
  }
)

scenario(
  '5.0: the quota begins anew with each connection, and what is sent again keeps to it [5.0 MQTT-4.9.0-2]',
  async ({ client }, t) => {
    const connect = (receiveMaximum: number) =>
      client(5, 'one', { clean: false, properties: { sessionExpiryInterval: 60, receiveMaximum } })
    const publisher = await client(5, 'publisher')
    let one = await connect(10)
    await one.subscribe('t', { qos: 2 })
    for (let i = 0; i < 6; i++) await publisher.publish('t', `${i}`, { qos: i % 2 === 0 ? 1 : 2 })
    t.equal((await one.messages()).length, 6)
    await one.lost()
    one = await connect(2)
    const seen: string[] = []
    // Every packet is answered at once; WireCheck counts what is open.
    for (one.send({ cmd: 'pingreq' }); seen.length < 6; ) {
      const packet = await one.any()
      if (packet.cmd === 'pubrel') one.send({ cmd: 'pubcomp', messageId: packet.messageId! })
      if (packet.cmd !== 'publish') continue
      t.equal(packet.dup, true)
      seen.push(packet.payload.toString())
      one.send({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId: packet.messageId! })
    }
    t.same(seen, ['0', '1', '2', '3', '4', '5'])
  }
)

scenario(
  '5.0: closes with 93 on more QoS 2 messages than it takes [5.0 MQTT-3.3.4-7]',
  { receiveMaximum: 3 },
  async ({ peer }, t) => {
    const one = peer()
    t.equal((await one.connect()).properties?.receiveMaximum, 3)
    for (const id of [1, 2, 3]) one.raw(rawPublish(5, 't', { qos: 2, id }))
    for (let i = 0; i < 3; i++) await one.next('pubrec')
    one.raw(raw(packet(0x62, u16(2)), rawPublish(5, 't', { qos: 2, id: 4 })))
    await one.next('pubcomp')
    await one.next('pubrec')
    await one.nothing()
    one.raw(rawPublish(5, 't', { qos: 2, id: 5 }))
    t.equal(await one.ending(), 'disconnect 93')
  }
)

scenario('3.1.1: knows no Receive Maximum', { receiveMaximum: 1 }, async ({ client }) => {
  const one = await client(4, 'one')
  for (const id of [1, 2, 3]) one.raw(rawPublish(4, 't', { qos: 2, id }))
  for (let i = 0; i < 3; i++) await one.next('pubrec')
})

scenario(
  '5.0: a refused message frees what it took',
  {
    receiveMaximum: 1,
    hooks: {
      authorizePublish(_: object, store: { valid: boolean }) {
        store.valid = false
      }
    }
  },
  async ({ client }, t) => {
    const one = await client(5, 'one')
    for (const messageId of [1, 2, 3]) t.equal(await one.publish('t', 'x', { qos: 2, messageId }), 0x87)
  }
)

scenario('5.0: an empty topic needs an alias that was set up, 82', async ({ client }, t) => {
  const one = await client(5, 'one')
  one.raw(rawPublish(5, ''))
  t.equal(await one.ending(), 'disconnect 82', '[5.0 MQTT-4.7.3-1]')
  const other = await client(5, 'other')
  other.raw(rawPublish(5, '', { properties: properties([0x23], u16(1)) }))
  t.equal(await other.ending(), 'disconnect 82')
})

const alias = (value: number) => properties([0x23], u16(value))

scenario(
  '5.0: takes all aliases from 1 to its maximum, also to be set again [5.0 MQTT-3.3.2-12] [5.0 MQTT-3.2.2-17]',
  async ({ peer, client }, t) => {
    const watcher = await client(5, 'watcher')
    await watcher.subscribe('#')
    const one = peer()
    const maximum = (await one.connect()).properties!.topicAliasMaximum!
    t.ok(maximum > 1)
    one.raw(rawPublish(5, 'first', { properties: alias(1) }))
    one.raw(rawPublish(5, 'last', { properties: alias(maximum) }))
    for (const value of [1, maximum, 1]) one.raw(rawPublish(5, '', { properties: alias(value) }))
    one.raw(rawPublish(5, 'other', { properties: alias(1) }))
    one.raw(rawPublish(5, '', { properties: alias(1) }))
    await one.nothing()
    const topics = (await watcher.messages()).map(({ topic }) => topic)
    t.same(topics, ['first', 'last', 'first', 'last', 'first', 'other', 'other'])
  }
)

scenario(
  '5.0: closes with 94 on alias 0 and on aliases above its maximum [5.0 MQTT-3.3.2-8] [5.0 MQTT-3.3.2-9] [5.0 MQTT-3.2.2-17]',
  { topicAliasMaximum: 5 },
  async ({ client }, t) => {
    for (const value of [0, 6, 65_535]) {
      const one = await client(5, 'one')
      one.raw(rawPublish(5, 't', { properties: alias(value) }))
      t.equal(await one.ending(), 'disconnect 94')
    }
  }
)

scenario(
  '5.0: closes with 94 on any alias where it takes none [5.0 MQTT-3.2.2-18]',
  { topicAliasMaximum: 0 },
  async ({ peer }, t) => {
    const one = peer()
    t.equal((await one.connect()).properties?.topicAliasMaximum, undefined)
    one.raw(rawPublish(5, 't', { properties: alias(1) }))
    t.equal(await one.ending(), 'disconnect 94')
  }
)

scenario('5.0: aliases end with their connection [5.0 MQTT-3.3.2-7]', async ({ client }, t) => {
  const kept = { clean: false, properties: { sessionExpiryInterval: 60, topicAliasMaximum: 3 } }
  let one = await client(5, 'one', kept)
  await one.subscribe('t')
  one.raw(rawPublish(5, 't', { properties: alias(1) }))
  t.equal((await one.next('publish')).topic, 't')
  await one.lost()
  one = await client(5, 'one', kept)
  const publisher = await client(5, 'publisher')
  await publisher.publish('t', 'x')
  t.equal((await one.next('publish')).topic, 't', 'the broker’s too')
  one.raw(rawPublish(5, '', { properties: alias(1) }))
  t.equal(await one.ending(), 'disconnect 82')
})

for (const [topicAliasMaximum, most] of [
  [undefined, 0],
  [0, 0],
  [1, 1],
  [2, 2]
] as const) {
  scenario(
    `5.0: uses at most the ${topicAliasMaximum} aliases a client takes [5.0 MQTT-3.1.2-26] [5.0 MQTT-3.1.2-27] [5.0 MQTT-3.3.2-11]`,
    async ({ client }, t) => {
      const given = topicAliasMaximum === undefined ? {} : { properties: { topicAliasMaximum } }
      const one = await client(5, 'one', given)
      await one.subscribe('#')
      const publisher = await client(5, 'publisher')
      for (let i = 0; i < 30; i++) await publisher.publish(`t/${i % 5}`, `${i}`)
      const messages = await one.messages()
      t.equal(messages.length, 30)
      const used = new Set(messages.map(({ properties: found }) => found?.topicAlias).filter(Boolean))
      t.equal(used.size, most)
      const known = new Map<number, string>()
      messages.forEach(({ topic, properties: found }, i) => {
        if (topic && found?.topicAlias) known.set(found.topicAlias, topic)
        t.equal(topic || known.get(found!.topicAlias!), `t/${i % 5}`)
      })
    }
  )
}
