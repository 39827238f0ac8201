import { packet, rawPublish, rawSubscribe, rawUnsubscribe } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

scenarios(
  versions,
  'answers each SUBSCRIBE with its identifier [5.0 MQTT-3.8.4-1] [5.0 MQTT-3.8.4-2] [5.0 MQTT-2.2.1-6] [3.1.1 MQTT-3.8.4-1] [3.1.1 MQTT-3.8.4-2] [3.1.1 MQTT-2.3.1-7]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    for (const id of [1, 500, 65_535]) one.raw(rawSubscribe(version, [['t', 0]], id))
    for (const id of [1, 500, 65_535]) t.equal((await one.next('suback')).messageId, id)
    await one.nothing()
  }
)

scenarios(
  versions,
  'has one code for each filter, in their order [5.0 MQTT-3.8.4-6] [5.0 MQTT-3.8.4-7] [5.0 MQTT-3.9.3-1] [3.1.1 MQTT-3.8.4-5] [3.1.1 MQTT-3.9.3-1]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    for (const count of [1, 5, 50, 5000]) {
      const filters = [...Array(count).keys()].map((i): [string, number] => [`t/${i}`, (2 * i + 2) % 3])
      one.raw(rawSubscribe(version, filters))
      t.same(
        (await one.next('suback')).granted,
        filters.map(([, qos]) => qos)
      )
    }
    one.raw(
      rawSubscribe(version, [
        ['a', 2],
        ['a#', 0],
        ['b', 1],
        ['', 0]
      ])
    )
    const failed = version === 5 ? 0x8f : 0x80
    t.same((await one.next('suback')).granted, [2, failed, 1, failed])
  }
)

scenarios(
  versions,
  'a SUBSCRIBE with a filter again replaces the subscription [5.0 MQTT-3.8.4-3] [3.1.1 MQTT-3.8.4-3]',
  async ({ client, broker }, t, version) => {
    const one = await client(version, 'one')
    const publisher = await client(version, 'publisher')
    for (const qos of [0, 2, 1] as const) {
      await one.subscribe('t', { qos })
      await publisher.publish('t', 'x', { qos: 2 })
      t.same(
        (await one.messages()).map(message => message.qos),
        [qos]
      )
    }
    t.equal(broker.stats().subscriptions, 1)
  }
)

scenarios(
  versions,
  'several filters work like as many SUBSCRIBEs, the last options count [5.0 MQTT-3.8.4-5] [3.1.1 MQTT-3.8.4-4]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    one.raw(
      rawSubscribe(version, [
        ['a', 0],
        ['b', 1],
        ['a', 2]
      ])
    )
    t.same((await one.next('suback')).granted, [0, 1, 2])
    const publisher = await client(version, 'publisher')
    await publisher.publish('a', 'x', { qos: 2 })
    await publisher.publish('b', 'x', { qos: 2 })
    t.same(
      (await one.messages()).map(({ topic, qos }) => [topic, qos]),
      [
        ['a', 2],
        ['b', 1]
      ]
    )
  }
)

scenarios(
  versions,
  'a stream of messages has no gap while it is subscribed again [5.0 MQTT-3.8.4-4] [3.1.1 MQTT-3.8.4-3]',
  async ({ client }, t, version) => {
    const [one, publisher] = [await client(version, 'one'), await client(version, 'publisher')]
    await one.subscribe('t', { qos: 1 })
    const seen: string[] = []
    for (let i = 0; i < 50; i++) {
      publisher.raw(rawPublish(version, 't', { qos: 1, id: i + 1, payload: `${i}` }))
      one.raw(rawSubscribe(version, [['t', i % 2]]))
    }
    for (let i = 0; i < 50; i++) await publisher.next('puback')
    one.send({ cmd: 'pingreq' })
    for (;;) {
      if (one.packets.length === 0) await one.something()
      const packet = one.packets.shift()
      if (packet?.cmd === 'publish') seen.push(packet.payload.toString())
      if (packet?.cmd === 'pingresp') break
    }
    t.same(seen, [...Array(50).keys()].map(String))
  }
)

scenario(
  '5.0: a new Subscription Identifier takes the place of the old one [5.0 MQTT-3.8.4-3]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    const found: unknown[] = []
    for (const properties of [{ subscriptionIdentifier: 1 }, { subscriptionIdentifier: 2 }, undefined]) {
      await one.subscribe('t', {}, properties)
      await one.publish('t')
      found.push((await one.next('publish')).properties?.subscriptionIdentifier)
    }
    t.same(found, [1, 2, undefined])
  }
)

scenarios(
  versions,
  'UNSUBSCRIBE ends exactly the filter it names [5.0 MQTT-3.10.4-1] [5.0 MQTT-3.10.4-2] [3.1.1 MQTT-3.10.4-1] [3.1.1 MQTT-3.10.4-2]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    for (const filter of ['a/+', 'a/b', 'A/+']) await one.subscribe(filter)
    one.raw(rawUnsubscribe(version, ['a/b', 'a/#', 'A/b']))
    await one.next('unsuback')
    await one.publish('a/b', 'still')
    await one.publish('A/b', 'too')
    t.same(await one.payloads(), ['still', 'too'])
    one.raw(rawUnsubscribe(version, ['a/+']))
    await one.next('unsuback')
    await one.publish('a/b', 'no more')
    t.same(await one.payloads(), [])
  }
)

scenarios(
  versions,
  'answers each UNSUBSCRIBE with its identifier and codes in order [5.0 MQTT-3.10.4-4] [5.0 MQTT-3.10.4-5] [5.0 MQTT-3.10.4-6] [5.0 MQTT-3.11.3-1] [5.0 MQTT-3.11.3-2] [3.1.1 MQTT-3.10.4-4] [3.1.1 MQTT-3.10.4-5] [3.1.1 MQTT-3.10.4-6]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('a')
    await one.subscribe('b')
    one.raw(rawUnsubscribe(version, ['a', 'unknown', 'b', 'a', ...(version === 5 ? ['a#'] : [])], 777))
    const { messageId, granted } = await one.next('unsuback')
    t.equal(messageId, 777)
    if (version === 5) t.same(granted, [0, 0x11, 0, 0x11, 0x8f])
    await one.publish('a')
    await one.publish('b')
    await one.nothing()
  }
)

scenarios(
  versions,
  'finishes what was under way when UNSUBSCRIBE came [5.0 MQTT-3.10.4-3] [3.1.1 MQTT-3.10.4-3]',
  async ({ client }, t, version) => {
    const kept =
      version === 5 ? { clean: false, properties: { sessionExpiryInterval: 60 } } : { clean: false }
    let one = await client(version, 'one', kept)
    await one.subscribe('t', { qos: 2 })
    const publisher = await client(version, 'publisher')
    await publisher.publish('t', 'a', { qos: 1 })
    await publisher.publish('t', 'b', { qos: 2 })
    const [first, second] = await one.messages()
    one.raw(rawUnsubscribe(version, ['t']))
    await one.next('unsuback')
    one.send({ cmd: 'pubrec', messageId: second!.messageId! })
    t.equal((await one.next('pubrel')).messageId, second!.messageId)
    one.send({ cmd: 'pubcomp', messageId: second!.messageId! })
    await one.lost()
    one = await client(version, 'one', kept)
    t.same(
      (await one.messages()).map(({ messageId }) => messageId),
      [first!.messageId]
    )
  }
)

const closing: ReadonlyArray<[title: string, options: object, filter: string, code: string]> = [
  ['wildcards', { wildcardSubscriptions: false }, 'a/+', 'a2'],
  ['shared subscriptions', { sharedSubscriptions: false }, '$share/g/t', '9e']
]

for (const [title, options, filter, code] of closing) {
  scenario(`5.0: closes with ${code} on ${title} that CONNACK ruled out`, options, async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('plain')
    one.raw(rawSubscribe(5, [[filter, 0]]))
    t.equal(await one.ending(), `disconnect ${code}`)
  })

  scenarios(
    [3, 4],
    `rejects ${title} that are not supported [3.1.1 MQTT-3.8.3-2]`,
    options,
    async (w, t, version) => {
      const one = await w.client(version, 'one')
      one.raw(
        rawSubscribe(version, [
          ['a', 1],
          [filter, 0],
          ['b', 0]
        ])
      )
      t.same((await one.next('suback')).granted, [1, 0x80, 0])
    }
  )
}

scenario(
  '5.0: closes with a1 on a Subscription Identifier that CONNACK ruled out',
  { subscriptionIdentifiers: false },
  async ({ peer }, t) => {
    const one = peer()
    t.equal((await one.connect()).properties?.subscriptionIdentifiersAvailable, false)
    await one.subscribe('plain')
    one.raw(packet(0x82, [0, 1, 2, 0x0b, 1, 0, 1, 0x74, 0]))
    t.equal(await one.ending(), 'disconnect a1')
  }
)

scenario(
  '5.0: CONNACK says what is not available',
  {
    ...{ wildcardSubscriptions: false, sharedSubscriptions: false, retainAvailable: false, maximumQoS: 1 }
  },
  async ({ peer }, t) => {
    const { properties } = await peer().connect()
    t.match(properties, {
      ...{ wildcardSubscriptionAvailable: false, sharedSubscriptionAvailable: false, retainAvailable: false },
      maximumQoS: 1
    })
  }
)

scenario(
  '5.0: one subscription above the quota is refused with 0x97',
  { maximumSubscriptions: 2 },
  async ({ client }, t) => {
    const one = await client(5, 'one')
    one.raw(
      rawSubscribe(5, [
        ['a', 0],
        ['b', 1],
        ['c', 2],
        ['a', 2]
      ])
    )
    t.same((await one.next('suback')).granted, [0, 1, 0x97, 2])
  }
)

scenarios(
  versions,
  'a filter that may not be subscribed fails alone',
  {
    hooks: {
      authorizeSubscription(
        { subscription }: { subscription: { topic: string } },
        store: { valid: boolean; qos: number }
      ) {
        store.valid = subscription.topic !== 'secret'
        if (subscription.topic === 'low') store.qos = 0
      }
    }
  },
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    one.raw(
      rawSubscribe(version, [
        ['a', 1],
        ['secret', 1],
        ['low', 2]
      ])
    )
    t.same((await one.next('suback')).granted, [1, version === 5 ? 0x87 : 0x80, 0])
  }
)
