import { type Hooks, MqttError } from '../../lib/index.js'
import { field, packet, properties, raw, rawConnect, u16, u32 } from '../../spec-suite/protocol/bytes.js'
import { scenario } from '../support/scenario.js'
import type { StrictPeer } from '../support/strict-peer.js'

const long = 'because '.repeat(50)

/** Refuses what is about the topic "no", with a reason that is long. */
const hooks: Hooks = {
  publish: (_client, { topic }) => refuse(topic),
  subscribe: (_client, { subscriptions }) => refuse(subscriptions[0]!.topic),
  unsubscribe: (_client, { unsubscriptions }) => refuse(unsubscriptions[0]!),
  pubrel: (_client, { messageId }) => refuse(messageId === 99 ? 'no' : ''),
  pubrec: (_client, { messageId }) => refuse(messageId === 99 ? 'no' : ''),
  pingreq: () => refuse('no')
}

function refuse(topic: string): void {
  if (topic !== 'no') return
  throw new MqttError('NotAuthorized', long, { userProperties: [['k', long]] })
}

const asks: ReadonlyArray<[title: string, bytes: Buffer, answer: Parameters<StrictPeer['next']>[0]]> = [
  ['PUBACK [5.0 MQTT-3.4.2-2] [5.0 MQTT-3.4.2-3]', packet(0x32, field('no'), u16(1), [0]), 'puback'],
  ['PUBREC [5.0 MQTT-3.5.2-2] [5.0 MQTT-3.5.2-3]', packet(0x34, field('no'), u16(1), [0]), 'pubrec'],
  ['SUBACK [5.0 MQTT-3.9.2-1] [5.0 MQTT-3.9.2-2]', packet(0x82, u16(1), [0], field('no'), [0]), 'suback'],
  ['UNSUBACK [5.0 MQTT-3.11.2-1] [5.0 MQTT-3.11.2-2]', packet(0xa2, u16(1), [0], field('no')), 'unsuback'],
  ['PUBCOMP [5.0 MQTT-3.7.2-2] [5.0 MQTT-3.7.2-3]', packet(0x62, u16(99)), 'pubcomp'],
  ['PUBREL [5.0 MQTT-3.6.2-2] [5.0 MQTT-3.6.2-3]', packet(0x50, u16(99)), 'pubrel']
]

for (const [title, bytes, answer] of asks) {
  scenario(
    `5.0: ${title} says why, unless it would be too large or nobody asked [5.0 MQTT-3.1.2-29]`,
    { hooks },
    async ({ client }, t) => {
      const said: unknown[] = []
      for (const [i, asked] of [
        {},
        { maximumPacketSize: 450 },
        { maximumPacketSize: 30 },
        { requestProblemInformation: false }
      ].entries()) {
        const one = await client(5, `c${i}`, { properties: asked })
        one.raw(bytes)
        const { properties: found } = (await one.next(answer)) as { properties?: Record<string, unknown> }
        said.push([found?.reasonString !== undefined, found?.userProperties !== undefined])
      }
      t.same(said, [
        [true, true],
        [true, false],
        [false, false],
        [false, false]
      ])
    }
  )
}

scenario(
  '5.0: DISCONNECT says why, unless it would be too large [5.0 MQTT-3.14.2-3] [5.0 MQTT-3.14.2-4]',
  {
    hooks: {
      pingreq() {
        throw new MqttError('NotAuthorized', long, { fatal: true, userProperties: [['k', long]] })
      }
    }
  },
  async ({ client }, t) => {
    const said: boolean[] = []
    for (const [i, asked] of [{}, { maximumPacketSize: 450 }, { maximumPacketSize: 30 }].entries()) {
      const one = await client(5, `c${i}`, { properties: asked })
      one.send({ cmd: 'pingreq' })
      await one.end()
      const { properties: found, reasonCode } = await one.next('disconnect')
      t.equal(reasonCode, 0x87)
      said.push(found?.reasonString !== undefined)
    }
    t.same(said, [true, true, false])
  }
)

/** A raw CONNECT that takes packets of so many bytes. */
function connectTaking(size: number, change: Buffer = field('small')): Buffer {
  return rawConnect(5, { properties: properties([0x27], u32(size)), payload: change })
}

scenario(
  '5.0: CONNACK says why, unless it would be too large [5.0 MQTT-3.2.2-19] [5.0 MQTT-3.2.2-20]',
  {
    hooks: {
      connect() {
        throw new MqttError('NotAuthorized', long, { userProperties: [['k', long]] })
      }
    }
  },
  async ({ peer }, t) => {
    for (const [size, reason] of [
      [0xffff_ffff, true],
      [450, true],
      [20, false],
      [5, false]
    ] as const) {
      const one = peer()
      one.check.limits.maximumPacketSize = size
      one.raw(connectTaking(size))
      const { reasonCode, properties: found } = await one.next('connack')
      t.equal(reasonCode, 0x87)
      t.equal(found?.reasonString !== undefined, reason)
    }
  }
)

scenario(
  '5.0: a refused client id is told within the limit, too [5.0 MQTT-3.2.2-19]',
  { maximumClientIdLength: 23 },
  async ({ peer }, t) => {
    const one = peer()
    one.check.limits.maximumPacketSize = 12
    one.raw(connectTaking(12, field('x'.repeat(100))))
    t.equal(await one.ending(), 'connack 85')
  }
)

scenario(
  '5.0: a client that cannot take its CONNACK is closed [5.0 MQTT-3.1.2-24]',
  async ({ peer, broker }, t) => {
    for (const size of [1, 4, 6]) {
      const one = peer()
      one.check.limits.maximumPacketSize = size
      one.raw(connectTaking(size))
      t.equal(await one.ending(), 'closed')
    }
    t.equal(broker.clients.size, 0)
  }
)

scenario(
  '5.0: a message too large for its receiver is dropped and counts as delivered [5.0 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-25]',
  async ({ client, broker }, t) => {
    const dropped: string[] = []
    broker.on('dropped', ({ reason }) => dropped.push(reason))
    const connect = (maximumPacketSize: number) =>
      client(5, 'one', {
        clean: false,
        properties: { sessionExpiryInterval: 60, maximumPacketSize, receiveMaximum: 1 }
      })
    let one = await connect(128)
    await one.subscribe('t', { qos: 2 })
    const publisher = await client(5, 'publisher')
    for (const qos of [0, 1, 2] as const) {
      await publisher.publish('t', 'x'.repeat(500), { qos })
      await publisher.publish('t', `small ${qos}`, { qos })
      const message = await one.next('publish')
      t.equal(message.payload.toString(), `small ${qos}`)
      if (qos === 1) one.send({ cmd: 'puback', messageId: message.messageId! })
      if (qos === 2) {
        one.send({ cmd: 'pubrec', messageId: message.messageId! })
        await one.next('pubrel')
        one.send({ cmd: 'pubcomp', messageId: message.messageId! })
      }
    }
    t.same(dropped, Array(3).fill('packet-too-large'))
    await one.lost()
    one = await connect(1000)
    await one.nothing()
  }
)

scenario('5.0: a SUBACK too large for its receiver ends the connection', async ({ peer }, t) => {
  const one = peer()
  one.check.limits.maximumPacketSize = 40
  one.raw(raw(connectTaking(40)))
  await one.next('connack')
  const filters = Array.from({ length: 50 }, (_, i) => raw(field(`t/${i}`), [0]))
  one.raw(packet(0x82, u16(1), [0], ...filters))
  t.equal(await one.ending(), 'disconnect 95')
})
