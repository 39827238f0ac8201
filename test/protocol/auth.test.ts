import type mqtt from 'mqtt-packet'
import type { Ctx, Hooks, Store } from '../../lib/index.js'
import { field, packet, properties, raw } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, type Version, versions } from '../support/scenario.js'

/** A method with a challenge: "1" asks for "2", and "2" is right; late in a promise when `later`. */
const challenge = (later: boolean): Hooks => ({
  authenticateExchange({ method, data }: Ctx<'authenticateExchange'>, store: Store<'authenticateExchange'>) {
    const judge = () => {
      if (method !== 'counting') return
      const said = data?.toString()
      if (said === '1') {
        store.outcome = 'continue'
        store.data = Buffer.from('and then?')
      }
      if (said === '2') {
        store.outcome = 'success'
        store.data = Buffer.from('right')
      }
    }
    return later ? Promise.resolve().then(judge) : judge()
  }
})

const asking = (data: string, method = 'counting'): Partial<mqtt.IConnectPacket> => ({
  properties: { authenticationMethod: method, authenticationData: Buffer.from(data) }
})

/** An AUTH written by hand: mqtt-packet's parser takes everything, its generator does not. */
function auth(code: number, data: string, method = 'counting'): Buffer {
  return packet(0xf0, [code], properties([0x15], field(method), [0x16], field(data)))
}

const plain = (version: Version) => ({
  protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
  protocolVersion: version
})

function connect(data: string, method?: string): mqtt.Packet {
  return {
    ...{ cmd: 'connect', ...plain(5), clientId: 'one', keepalive: 0, clean: true },
    ...asking(data, method)
  } as mqtt.IConnectPacket
}

for (const later of [false, true]) {
  const hooks = challenge(later)
  const how = later ? 'late' : 'at once'

  scenario(
    `5.0: an exchange of AUTH packets that answers ${how} [5.0 MQTT-4.12.0-2] [5.0 MQTT-4.12.0-3] [5.0 MQTT-4.12.0-5] [5.0 MQTT-3.15.2-1]`,
    { hooks },
    async ({ peer }, t) => {
      const one = peer()
      one.send(connect('1'))
      const question = await one.next('auth')
      t.match(question, { reasonCode: 0x18, properties: { authenticationMethod: 'counting' } })
      t.equal(question.properties?.authenticationData?.toString(), 'and then?')
      one.raw(auth(0x18, '2'))
      const connack = await one.next('connack')
      t.equal(connack.reasonCode, 0)
      t.equal(connack.properties?.authenticationMethod, 'counting')
      t.equal(connack.properties?.authenticationData?.toString(), 'right')
      await one.nothing()
      one.raw(auth(0x19, '1'))
      t.equal((await one.next('auth')).reasonCode, 0x18, '[5.0 MQTT-4.12.1-1]')
      await one.publish('t', 'x', { qos: 1 })
      one.raw(auth(0x18, '2'))
      t.equal((await one.next('auth')).reasonCode, 0)
      one.raw(auth(0x19, '9'))
      await one.end()
      const { reasonCode } = await one.next('disconnect')
      t.ok(reasonCode! >= 0x80, '[5.0 MQTT-4.12.1-2]')
    }
  )

  scenario(
    `5.0: wrong data refuses the CONNECT ${how} [5.0 MQTT-4.12.0-4]`,
    { hooks },
    async ({ peer }, t) => {
      for (const first of ['9', '1']) {
        const one = peer()
        one.send(connect(first))
        if (first === '1') {
          await one.next('auth')
          one.raw(auth(0x18, '9'))
        }
        t.match(await one.ending(), /^connack 8/)
      }
    }
  )

  const early: ReadonlyArray<[title: string, bytes: Buffer]> = [
    ['SUBSCRIBE', packet(0x82, [0, 1, 0], field('t'), [0])],
    ['PUBLISH', packet(0x31, field('t'), [0], 'x')],
    ['PINGREQ', packet(0xc0)],
    ['AUTH 0x19 [5.0 MQTT-4.12.0-3]', auth(0x19, '2')],
    ['AUTH 0x00 [5.0 MQTT-4.12.0-3]', auth(0x00, '2')],
    ['AUTH of another method [5.0 MQTT-4.12.0-5]', auth(0x18, '2', 'other')]
  ]
  for (const [title, bytes] of early) {
    scenario(
      `5.0: ${title} before CONNACK refuses the CONNECT ${how} [5.0 MQTT-3.1.2-30]`,
      { hooks },
      async ({ peer, broker }, t) => {
        const one = peer()
        one.send(connect('1'))
        await one.next('auth')
        one.raw(bytes)
        t.match(await one.ending(), /^connack 8[2c]/)
        t.equal(broker.stats().subscriptions, 0)
        t.equal(broker.stats().retained.messages, 0)
      }
    )
  }

  scenario(
    `5.0: DISCONNECT before CONNACK is no offence ${how} [5.0 MQTT-3.1.2-30] [5.0 MQTT-3.14.0-1]`,
    { hooks },
    async ({ peer }, t) => {
      const one = peer()
      one.send(connect('1'))
      await one.next('auth')
      one.raw(packet(0xe0))
      t.equal(await one.ending(), 'closed')
    }
  )

  scenario(`5.0: everything in one segment is answered in order ${how}`, { hooks }, async ({ peer }, t) => {
    const one = peer()
    const { generate } = (await import('mqtt-packet')).default
    one.raw(raw(generate(connect('1'), { protocolVersion: 5 }), auth(0x18, '2'), packet(0xc0)))
    await one.next('auth')
    t.equal((await one.next('connack')).reasonCode, 0)
    await one.next('pingresp')
  })
}

scenario(
  '5.0: re-authentication keeps to the method of CONNECT [5.0 MQTT-4.12.1-1]',
  { hooks: challenge(false) },
  async ({ client }, t) => {
    for (const bytes of [auth(0x19, '1', 'other'), auth(0x18, '1')]) {
      const one = await client(5, 'one', asking('2'))
      one.raw(bytes)
      t.match(await one.ending(), /^disconnect 8[2c]/)
    }
  }
)

scenario(
  '5.0: an unknown method is refused [5.0 MQTT-4.12.0-1]',
  { hooks: challenge(false) },
  async ({ peer }, t) => {
    const { reasonCode } = await peer().connect(asking('1', 'no-such-method'))
    t.equal(reasonCode, 0x8c)
  }
)

scenario('5.0: any method is refused where there is none [5.0 MQTT-4.12.0-1]', async ({ peer }, t) => {
  const { reasonCode } = await peer().connect(asking('1'))
  t.equal(reasonCode, 0x8c)
})

const secret: Hooks = {
  authenticateConnection(
    { password }: Ctx<'authenticateConnection'>,
    store: Store<'authenticateConnection'>
  ) {
    store.valid = password?.toString() === 'secret'
  }
}

scenarios(
  versions,
  'wrong credentials are refused, and nothing said [5.0 MQTT-3.1.4-2] [5.0 MQTT-3.2.2-7] [3.1.1 MQTT-3.2.2-5]',
  { hooks: secret },
  async ({ peer, client }, t, version) => {
    await (await client(version, 'right', { username: 'u', password: Buffer.from('secret') })).nothing()
    for (const [given, five, four] of [
      [{ username: 'u', password: Buffer.from('wrong') }, 0x86, 4],
      [{}, 0x87, 5]
    ] as const) {
      const one = peer(version)
      const { reasonCode, returnCode } = await one.connect(given)
      t.equal(version === 5 ? reasonCode : returnCode, version === 5 ? five : four)
      t.equal(await one.ending(), 'closed')
    }
  }
)

const silence: Hooks = {
  authorizePublish({ packet: { topic } }: Ctx<'authorizePublish'>, store: Store<'authorizePublish'>) {
    store.valid = topic !== 'secret'
  }
}

scenarios(
  versions,
  'a PUBLISH that is not allowed is acknowledged, and goes nowhere [3.1.1 MQTT-3.3.5-2]',
  { hooks: silence },
  async ({ client }, t, version) => {
    const [one, watcher] = [await client(version, 'one'), await client(version, 'watcher')]
    await watcher.subscribe('#')
    for (const qos of [0, 1, 2] as const) {
      const code = await one.publish('secret', 'x', { qos })
      if (qos > 0) t.equal(code, version === 5 ? 0x87 : 0)
    }
    await one.nothing()
    await watcher.nothing()
  }
)

scenario(
  '3.1.1: or the connection is closed [3.1.1 MQTT-3.3.5-2]',
  { hooks: silence, refuse: 'close' },
  async ({ client }, t) => {
    for (const qos of [0, 1, 2] as const) {
      const one = await client(4, 'one')
      one.send({
        cmd: 'publish',
        topic: 'secret',
        payload: 'x',
        qos,
        messageId: 1,
        dup: false,
        retain: false
      })
      t.equal(await one.ending(), 'closed')
    }
  }
)

/** Gives every AUTH that goes out a reason, which is long. */
const talkative: Hooks = {
  ...challenge(false),
  outgoing(_client, packet) {
    if (packet.cmd !== 'auth') return packet
    const why = { reasonString: 'because '.repeat(20), userProperties: [['k', 'v'.repeat(100)] as const] }
    return { ...packet, properties: { ...packet.properties, ...why } }
  }
}

scenario(
  '5.0: AUTH says why, unless it would be too large [5.0 MQTT-3.15.2-2] [5.0 MQTT-3.15.2-3]',
  { hooks: talkative },
  async ({ peer }, t) => {
    const said: unknown[] = []
    for (const maximumPacketSize of [1000, 250, 60]) {
      const one = peer()
      one.check.limits.maximumPacketSize = maximumPacketSize
      const packet = connect('1') as mqtt.IConnectPacket
      one.send({ ...packet, properties: { ...packet.properties, maximumPacketSize } })
      const { properties: found } = await one.next('auth')
      said.push([found?.reasonString !== undefined, found?.userProperties !== undefined])
    }
    t.same(said, [
      [true, true],
      [true, false],
      [false, false]
    ])
  }
)
