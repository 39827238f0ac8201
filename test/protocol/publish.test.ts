import { field, properties, raw, rawPublish, u16, userProperty } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

const qualities = [0, 1, 2] as const

scenarios(
  versions,
  'acknowledges by QoS: nothing, PUBACK, PUBREC and PUBCOMP [5.0 MQTT-3.3.4-1] [3.1.1 MQTT-3.3.4-1] [5.0 MQTT-4.3.2-4] [5.0 MQTT-4.3.3-8]',
  async ({ client }, _t, version) => {
    const one = await client(version, 'one')
    await one.publish('t', 'a', { qos: 0 })
    await one.nothing()
    await one.publish('t', 'b', { qos: 1 })
    await one.nothing()
    await one.publish('t', 'c', { qos: 2 })
    await one.nothing()
  }
)

scenarios(
  versions,
  'acknowledges with the identifier of the message [5.0 MQTT-2.2.1-5] [3.1.1 MQTT-2.3.1-6] [5.0 MQTT-4.3.3-11]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    for (const messageId of [1, 256, 65_535]) {
      one.raw(rawPublish(version, 't', { qos: 1, id: messageId }))
      t.equal((await one.next('puback')).messageId, messageId)
      one.raw(rawPublish(version, 't', { qos: 2, id: messageId }))
      t.equal((await one.next('pubrec')).messageId, messageId)
      one.send({ cmd: 'pubrel', messageId })
      t.equal((await one.next('pubcomp')).messageId, messageId)
    }
  }
)

scenarios(
  versions,
  'delivers at the lower of the published and the granted QoS [5.0 MQTT-3.8.4-8] [3.1.1 MQTT-3.8.4-6] [5.0 MQTT-4.8.2-3] [5.0 MQTT-4.3.2-2] [5.0 MQTT-4.3.1-1] [3.1.1 MQTT-4.3.1-1]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    for (const granted of qualities) {
      const one = await client(version, `s${granted}`)
      await one.subscribe('t', { qos: granted })
      for (const qos of qualities) {
        await publisher.publish('t', `${qos}`, { qos })
        const message = await one.next('publish')
        t.same(
          [message.qos, message.dup, message.payload.toString()],
          [Math.min(qos, granted), false, `${qos}`]
        )
      }
    }
  }
)

scenarios(
  versions,
  'keeps topic and payload byte by byte, also without an identifier [5.0 MQTT-2.2.1-2] [3.1.1 MQTT-2.3.1-5]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('#')
    const payloads = [
      Buffer.alloc(0),
      Buffer.from([0, 1, 255]),
      Buffer.alloc(20_000, 7),
      Buffer.alloc(300_000, 8)
    ]
    for (const payload of payloads) {
      one.raw(rawPublish(version, 'tö/p', { payload }))
      const message = await one.next('publish')
      t.equal(message.topic, 'tö/p')
      t.ok((message.payload as Buffer).equals(payload), `${payload.length} bytes`)
    }
  }
)

scenarios(
  versions,
  'takes EF BB BF as a character like others [5.0 MQTT-1.5.4-3] [3.1.1 MQTT-1.5.3-3]',
  async ({ client }, t, version) => {
    const [a, b] = [await client(version, 'a'), await client(version, 'b')]
    await a.subscribe('\ufefft')
    await b.subscribe('t')
    a.raw(rawPublish(version, [0xef, 0xbb, 0xbf, 0x74]))
    t.equal((await a.next('publish')).topic, '\ufefft')
    await b.nothing()
    t.ok(a.bytes.includes(Buffer.from([0, 4, 0xef, 0xbb, 0xbf, 0x74])), 'on the wire, too')
  }
)

scenarios(
  versions,
  'DUP of what comes is not DUP of what goes out [5.0 MQTT-3.3.1-3] [3.1.1 MQTT-3.3.1-3]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('t', { qos: 1 })
    one.raw(rawPublish(version, 't', { qos: 1, dup: true }))
    t.equal((await one.next('publish')).dup, false)
    await one.next('puback')
  }
)

scenario(
  '5.0: forwards the properties of a message as they are, in their order [5.0 MQTT-3.3.2-4] [5.0 MQTT-3.3.2-15] [5.0 MQTT-3.3.2-16] [5.0 MQTT-3.3.2-17] [5.0 MQTT-3.3.2-18] [5.0 MQTT-3.3.2-20]',
  async ({ client }, t) => {
    const users = raw(
      ...[
        ['b', '1'],
        ['a', '2'],
        ['b', ''],
        ['__proto__', 'x'],
        ['constructor', 'y']
      ].map(([name, value]) => userProperty(name!, value!))
    )
    const parts = [
      raw([0x01, 1]),
      raw([0x03], field('text/plain; x=ü')),
      raw([0x08], field('r/é')),
      raw([0x09], field([0, 255, 0])),
      users
    ]
    const one = await client(5, 'one')
    await one.subscribe('#', { qos: 1 })
    one.raw(rawPublish(5, 'live', { properties: properties(...parts), qos: 1, retain: true }))
    await one.next('publish')
    await one.next('puback')
    const live = one.bytes
    for (const part of parts) t.ok(live.includes(part), part.toString('latin1'))
    const late = await client(5, 'late')
    await late.subscribe('live')
    await late.next('publish')
    for (const part of parts) t.ok(late.bytes.includes(part), 'retained, too')
  }
)

scenario(
  '5.0: forwards correlation data of no bytes, and Payload Format Indicator 0',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('t')
    one.raw(rawPublish(5, 't', { properties: properties([0x01, 0], [0x09, 0, 0]) }))
    const { properties: found } = await one.next('publish')
    t.equal(found?.correlationData?.length, 0)
    t.notOk(found?.payloadFormatIndicator)
  }
)

scenario('properties of MQTT 5 do not reach MQTT 3 clients', async ({ client }, t) => {
  const [five, four] = [await client(5, 'five'), await client(4, 'four')]
  await four.subscribe('t')
  await five.publish('t', 'x', { properties: { contentType: 'text/plain', messageExpiryInterval: 9 } })
  t.equal((await four.next('publish')).payload.toString(), 'x')
})

scenario(
  '5.0: tells the publisher that nobody listens [5.0 MQTT-3.4.2-1] [5.0 MQTT-3.5.2-1]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    t.equal(await one.publish('none', 'x', { qos: 1 }), 0x10)
    t.equal(await one.publish('none', 'x', { qos: 2 }), 0x10)
    await (await client(5, 'other')).subscribe('some')
    t.equal(await one.publish('some', 'x', { qos: 1 }), 0)
  }
)

scenario(
  '5.0: a message that expired is not delivered, another says what is left [5.0 MQTT-3.3.2-5] [5.0 MQTT-3.3.2-6]',
  async ({ client, pass, clock }, t) => {
    const session = { clean: false, properties: { sessionExpiryInterval: 600 } }
    const one = await client(5, 'one', session)
    await one.subscribe('#', { qos: 1 })
    await one.lost()
    const publisher = await client(5, 'publisher')
    await publisher.publish('short', 's', { qos: 1, properties: { messageExpiryInterval: 1 } })
    await publisher.publish('long', 'l', { qos: 1, properties: { messageExpiryInterval: 60 } })
    await publisher.publish('kept', 's', { retain: true, properties: { messageExpiryInterval: 1 } })
    await publisher.publish('kept', 'l', { qos: 1, messageId: 2 })
    clock.advance(3500)
    await pass(0)
    const back = await client(5, 'one', session)
    const messages = await back.messages()
    t.same(
      messages.map(({ payload, properties: found }) => [payload.toString(), found?.messageExpiryInterval]),
      [
        ['l', 57],
        ['l', undefined]
      ]
    )
    const late = await client(5, 'late')
    await late.subscribe('kept')
    t.same(await late.payloads(), [], 'expired as a retained message, too')
  }
)

scenarios(
  versions,
  'delivers once at the highest QoS of subscriptions that overlap [5.0 MQTT-3.3.4-2] [3.1.1 MQTT-3.3.5-1]',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    await one.subscribe('a/#', { qos: 0 })
    await one.subscribe('a/b', { qos: 2 })
    await one.subscribe('+/b', { qos: 1 })
    await (await client(version, 'publisher')).publish('a/b', 'x', { qos: 2 })
    const messages = await one.messages()
    t.same(
      messages.map(({ qos }) => qos),
      [2]
    )
  }
)

scenario(
  '5.0: one copy carries the identifiers of all subscriptions that match [5.0 MQTT-3.3.4-3] [5.0 MQTT-3.3.4-4] [5.0 MQTT-3.3.4-5]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    await one.subscribe('a/#', {}, { subscriptionIdentifier: 1 })
    await one.subscribe('a/+', {}, { subscriptionIdentifier: 268_435_455 })
    await one.subscribe('+/b')
    await one.subscribe('c', {}, { subscriptionIdentifier: 3 })
    await one.publish('a/b')
    const [message] = await one.messages()
    const found = message?.properties?.subscriptionIdentifier as unknown as number[]
    t.same(
      [...found].sort((a, b) => a - b),
      [1, 268_435_455]
    )
  }
)

scenario(
  '5.0: No Local keeps a message from its publisher only [5.0 MQTT-3.8.3-3]',
  async ({ client }, t) => {
    const [one, other] = [await client(5, 'one'), await client(5, 'other')]
    await one.subscribe('t', { nl: true })
    await one.publish('t', 'own')
    await other.publish('t', 'of another')
    t.same(await one.payloads(), ['of another'])
  }
)

scenarios(
  versions,
  'keeps the order of each publisher, topic and QoS [5.0 MQTT-4.6.0-5] [5.0 MQTT-4.6.0-6] [3.1.1 MQTT-4.6.0-5] [3.1.1 MQTT-4.6.0-6]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    for (const qos of qualities) {
      const one = await client(version, `s${qos}`)
      await one.subscribe(`t${qos}`, { qos })
      const wanted: string[] = []
      const all: Buffer[] = []
      for (let i = 1; i <= 1000; i++) {
        wanted.push(`${i}`)
        all.push(rawPublish(version, `t${qos}`, { qos, payload: `${i}`, ...(qos && { id: i }) }))
      }
      publisher.raw(Buffer.concat(all))
      for (let i = 0; i < (qos ? 1000 : 0); i++) await publisher.next(qos === 1 ? 'puback' : 'pubrec')
      await publisher.nothing()
      t.same(await one.payloads(), wanted, `QoS ${qos}`)
    }
  }
)

scenarios(versions, 'a server topic is not a client’s to publish', async ({ client, broker }, t, version) => {
  const seen: string[] = []
  await broker.subscribe('$SYS/#', ({ topic }) => void seen.push(topic))
  const one = await client(version, 'one')
  await one.publish('$SYS/x', 'forged')
  t.equal(await one.publish('$SYS/x', 'forged', { qos: 1 }), version === 5 ? 0x87 : 0)
  t.same(seen, [])
})

scenario('5.0: QoS 1 with the identifier of an open QoS 2 message does no harm', async ({ client }, t) => {
  const one = await client(5, 'one')
  one.raw(rawPublish(5, 't', { qos: 2, id: 5 }))
  await one.next('pubrec')
  one.raw(raw(rawPublish(5, 't', { qos: 1, id: 5 }), [0x62, 2], u16(5)))
  t.equal((await one.next('puback')).messageId, 5)
  await one.next('pubcomp')
})
