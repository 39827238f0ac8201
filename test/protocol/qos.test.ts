import type mqtt from 'mqtt-packet'
import { type Hooks, MqttError } from '../../lib/index.js'
import { rawPublish } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, since311, type Version, versions } from '../support/scenario.js'

/** A CONNECT whose session outlives the connection. */
function kept(version: Version, expiry = 600): Partial<mqtt.IConnectPacket> {
  return version === 5 ? { clean: false, properties: { sessionExpiryInterval: expiry } } : { clean: false }
}

scenarios(
  versions,
  'after PUBACK the same identifier is a new message, whatever DUP says [5.0 MQTT-4.3.2-5] [3.1.1 MQTT-4.3.2-2]',
  async ({ client }, t, version) => {
    const [one, watcher] = [await client(version, 'one'), await client(version, 'watcher')]
    await watcher.subscribe('t')
    for (const dup of [false, true]) {
      one.raw(rawPublish(version, 't', { qos: 1, dup }))
      await one.next('puback')
    }
    t.equal((await watcher.payloads()).length, 2)
  }
)

scenarios(
  versions,
  'delivers a QoS 2 message once until PUBREL, on this connection and the next [5.0 MQTT-4.3.3-10] [5.0 MQTT-4.3.3-12] [3.1.1 MQTT-4.3.3-2]',
  async ({ client }, t, version) => {
    const watcher = await client(version, 'watcher')
    await watcher.subscribe('t')
    let one = await client(version, 'one', kept(version))
    for (const dup of [false, true, false]) {
      one.raw(rawPublish(version, 't', { qos: 2, id: 5, dup }))
      t.equal((await one.next('pubrec')).messageId, 5)
    }
    await one.lost()
    one = await client(version, 'one', kept(version))
    one.raw(rawPublish(version, 't', { qos: 2, id: 5, dup: true }))
    await one.next('pubrec')
    t.equal((await watcher.payloads()).length, 1)
    for (let i = 0; i < 2; i++) {
      one.send({ cmd: 'pubrel', messageId: 5 })
      const { reasonCode = 0 } = await one.next('pubcomp')
      t.equal(reasonCode, version === 5 && i === 1 ? 0x92 : 0, '[5.0 MQTT-3.7.2-1]')
    }
    one.raw(rawPublish(version, 't', { qos: 2, id: 5 }))
    await one.next('pubrec')
    t.equal((await watcher.payloads()).length, 1, 'the identifier is free again')
  }
)

scenarios(
  versions,
  'sends what was not acknowledged again, with DUP and its identifier, in order, and only then [5.0 MQTT-4.4.0-1] [5.0 MQTT-3.3.1-1] [5.0 MQTT-4.3.2-3] [5.0 MQTT-4.3.3-3] [5.0 MQTT-4.3.3-1] [5.0 MQTT-4.6.0-1] [3.1.1 MQTT-4.4.0-1] [3.1.1 MQTT-3.3.1-1] [3.1.1 MQTT-4.6.0-1] [3.1.1 MQTT-4.3.2-1] [3.1.1 MQTT-4.3.1-1]',
  async ({ client, pass }, t, version) => {
    const publisher = await client(version, 'publisher')
    let one = await client(version, 'one', kept(version))
    await one.subscribe('#', { qos: 2 })
    for (let i = 0; i < 20; i++) await publisher.publish('t', `${i}`, { qos: i % 2 === 0 ? 1 : 2 })
    await publisher.publish('t', 'once', { qos: 0 })
    const first = await one.messages()
    const ids = first.filter(({ qos }) => qos > 0).map(({ messageId }) => messageId)
    t.equal(new Set(ids).size, 20, 'all identifiers differ [5.0 MQTT-2.2.1-4] [3.1.1 MQTT-2.3.1-4]')
    await pass(10)
    await one.nothing()
    await one.lost()
    one = await client(version, 'one', kept(version))
    const again = await one.messages()
    t.same(
      again.map(({ messageId }) => messageId),
      ids
    )
    t.same(
      again.map(({ payload }) => payload.toString()),
      [...Array(20).keys()].map(String),
      'QoS 0 does not come again'
    )
    t.ok(again.every(({ dup }) => dup))
    for (const { qos, messageId } of again) {
      if (qos === 1) one.send({ cmd: 'puback', messageId: messageId! })
    }
    await one.nothing()
    await one.lost()
    one = await client(version, 'one', kept(version))
    t.equal((await one.messages()).length, 10, 'what was acknowledged does not come again')
  }
)

scenarios(
  versions,
  'answers PUBREC with PUBREL, and after it sends PUBREL again and not the message [5.0 MQTT-4.3.3-4] [5.0 MQTT-4.3.3-5] [5.0 MQTT-4.3.3-6] [3.1.1 MQTT-4.3.3-1]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    let one = await client(version, 'one', kept(version))
    await one.subscribe('t', { qos: 2 })
    await publisher.publish('t', 'x', { qos: 2 })
    const { messageId } = await one.next('publish')
    for (let i = 0; i < 2; i++) {
      one.send({ cmd: 'pubrec', messageId: messageId! })
      t.equal((await one.next('pubrel')).messageId, messageId)
    }
    await one.lost()
    one = await client(version, 'one', kept(version))
    t.equal((await one.next('pubrel')).messageId, messageId)
    await one.nothing()
    one.send({ cmd: 'pubcomp', messageId: messageId! })
    await one.nothing()
    await one.lost()
    one = await client(version, 'one', kept(version))
    await one.nothing()
  }
)

scenarios(
  versions,
  'sends PUBRELs in the order of the PUBRECs [3.1.1 MQTT-4.6.0-4]',
  async ({ client }, t, version) => {
    const publisher = await client(version, 'publisher')
    const one = await client(version, 'one')
    await one.subscribe('t', { qos: 2 })
    for (let i = 0; i < 20; i++) await publisher.publish('t', 'x', { qos: 2 })
    const ids = (await one.messages()).map(({ messageId }) => messageId!).reverse()
    one.send(...ids.map(messageId => ({ cmd: 'pubrec' as const, messageId })))
    for (const id of ids) t.equal((await one.next('pubrel')).messageId, id)
  }
)

scenario(
  '5.0: what the receiver refused counts as acknowledged [5.0 MQTT-4.4.0-2] [5.0 MQTT-4.3.3-4]',
  async ({ client }, _t) => {
    const publisher = await client(5, 'publisher')
    let one = await client(5, 'one', kept(5))
    await one.subscribe('t', { qos: 2 })
    await publisher.publish('t', 'a', { qos: 1 })
    await publisher.publish('t', 'b', { qos: 2 })
    const [a, b] = await one.messages()
    one.send({ cmd: 'puback', messageId: a!.messageId!, reasonCode: 0x80 })
    one.send({ cmd: 'pubrec', messageId: b!.messageId!, reasonCode: 0x83 })
    await one.nothing()
    await one.lost()
    one = await client(5, 'one', kept(5))
    await one.nothing()
  }
)

scenario(
  '5.0: PUBREC for an unknown identifier gets PUBREL 0x92, PUBACK and PUBCOMP nothing [5.0 MQTT-3.6.2-1]',
  async ({ client }, t) => {
    const one = await client(5, 'one')
    one.send({ cmd: 'pubrec', messageId: 77 })
    t.equal((await one.next('pubrel')).reasonCode, 0x92)
    one.send({ cmd: 'puback', messageId: 77 }, { cmd: 'pubcomp', messageId: 77 })
    await one.nothing()
  }
)

scenarios(
  [3, 4],
  'PUBREC and PUBREL for unknown identifiers are answered as always',
  async ({ client }, t, version) => {
    const one = await client(version, 'one')
    one.send({ cmd: 'pubrec', messageId: 77 }, { cmd: 'pubrel', messageId: 78 })
    t.equal((await one.next('pubrel')).messageId, 77)
    t.equal((await one.next('pubcomp')).messageId, 78)
  }
)

scenario(
  '5.0: a message that was sent does not expire any more [5.0 MQTT-4.3.3-7]',
  async ({ client, pass }, t) => {
    const publisher = await client(5, 'publisher')
    let one = await client(5, 'one', kept(5))
    await one.subscribe('t', { qos: 2 })
    await publisher.publish('t', 'x', { qos: 2, properties: { messageExpiryInterval: 2 } })
    await one.next('publish')
    await one.lost()
    await pass(4)
    one = await client(5, 'one', kept(5))
    t.equal((await one.next('publish')).dup, true)
  }
)

scenario(
  '5.0: acknowledgements go on when the message has expired [5.0 MQTT-4.3.3-13]',
  async ({ client, pass }, t) => {
    const offline = await client(5, 'offline', kept(5))
    await offline.subscribe('t', { qos: 2 })
    await offline.lost()
    const one = await client(5, 'one')
    one.raw(rawPublish(5, 't', { qos: 2, id: 9, properties: [5, 2, 0, 0, 0, 1] }))
    await one.next('pubrec')
    await pass(3)
    one.send({ cmd: 'pubrel', messageId: 9 })
    t.equal((await one.next('pubcomp')).reasonCode ?? 0, 0)
  }
)

const refusals: ReadonlyArray<[when: string, hooks: Hooks]> = [
  [
    'by an authorizer',
    {
      authorizePublish({ packet }, store) {
        store.valid = packet.topic !== 'secret'
      }
    }
  ],
  [
    'on its way to the subscribers',
    {
      relayMessage({ packet }) {
        if (packet.topic === 'secret') throw new MqttError('NotAuthorized')
      }
    }
  ]
]

for (const [when, hooks] of refusals) {
  scenario(
    `5.0: after a PUBREC that refused ${when} the identifier is a new message [5.0 MQTT-4.3.3-9]`,
    { hooks },
    async ({ client }, t) => {
      const [one, watcher] = [await client(5, 'one'), await client(5, 'watcher')]
      await watcher.subscribe('#')
      t.equal(await one.publish('secret', 'a', { qos: 2, messageId: 5 }), 0x87)
      t.equal(await one.publish('open', 'b', { qos: 2, messageId: 5 }), 0)
      t.same(await watcher.payloads(), ['b'])
    }
  )
}

scenarios(
  since311,
  'keeps QoS 2 exchanges open as long as the connection, whatever the expiry [5.0 MQTT-4.1.0-1] [3.1.1 MQTT-4.1.0-2]',
  async ({ client, pass }, t, version) => {
    const one = await client(version, 'one', kept(version, 1))
    await one.subscribe('t', { qos: 2 })
    one.raw(rawPublish(version, 't', { qos: 2, id: 5 }))
    const { messageId } = await one.next('publish')
    await one.next('pubrec')
    await pass(4)
    one.send({ cmd: 'pubrel', messageId: 5 }, { cmd: 'pubrec', messageId: messageId! })
    t.equal((await one.next('pubcomp')).reasonCode ?? 0, 0)
    t.equal((await one.next('pubrel')).reasonCode ?? 0, 0)
  }
)
