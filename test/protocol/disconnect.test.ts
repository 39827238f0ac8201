import { type Hooks, MqttError, type ReasonName } from '../../lib/index.js'
import { packet, raw, rawConnect, rawPublish, rawSubscribe, u32 } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

scenarios(versions, 'stop() says 8b and closes everybody', async ({ client, peer, broker }, t, version) => {
  const one = await client(version, 'one')
  const silent = peer(version)
  await broker.close()
  t.equal(await one.ending(), version === 5 ? 'disconnect 8b' : 'closed')
  t.equal(await silent.ending(), 'closed')
})

scenarios(versions, 'the operator closes a client, 98', async ({ client, broker }, t, version) => {
  const one = await client(version, 'one')
  broker.clients.get('one')!.close('AdministrativeAction')
  t.equal(await one.ending(), version === 5 ? 'disconnect 98' : 'closed')
})

scenarios(
  versions,
  'a packet above the maximum is refused by its header, 95 [5.0 MQTT-3.2.2-15]',
  { maximumPacketSize: 1000 },
  async ({ client, peer }, t, version) => {
    const exact = await client(version, 'exact')
    const room = 1000 - rawPublish(version, 't', { payload: 'x'.repeat(900) }).length + 900
    exact.raw(rawPublish(version, 't', { payload: 'x'.repeat(room) }))
    await exact.nothing()
    exact.raw(rawPublish(version, 't', { payload: 'x'.repeat(room + 1) }).subarray(0, 3))
    t.equal(await exact.ending(), version === 5 ? 'disconnect 95' : 'closed')
    const first = peer(version)
    first.raw([0x10, 0xff, 0xff, 0xff, 0x7f])
    t.equal(await first.ending(), 'closed', 'before CONNECT nobody knows the version')
  }
)

scenario(
  '5.0: CONNACK says the largest packet, and QoS above the maximum gets 9b [5.0 MQTT-3.2.2-9] [5.0 MQTT-3.2.2-11]',
  { maximumQoS: 1 },
  async ({ peer }, t) => {
    const one = peer()
    const { properties } = await one.connect()
    t.ok(properties!.maximumPacketSize! > 0)
    t.equal(properties!.maximumQoS, 1)
    one.raw(
      rawSubscribe(5, [
        ['a', 0],
        ['a', 1],
        ['a', 2]
      ])
    )
    t.same(
      (await one.next('suback')).granted!.map(Number).every(code => (code as number) <= 2),
      true,
      '[5.0 MQTT-3.2.2-10]'
    )
    await one.publish('b', 'x', { qos: 1 })
    one.raw(rawPublish(5, 'b', { qos: 2 }))
    t.equal(await one.ending(), 'disconnect 9b')
  }
)

const reasons: ReadonlyArray<[reason: ReasonName, code: string]> = [
  ['UnspecifiedError', '80'],
  ['ImplementationSpecificError', '83'],
  ['NotAuthorized', '87'],
  ['ServerBusy', '89'],
  ['MessageRateTooHigh', '96'],
  ['QuotaExceeded', '97'],
  ['UseAnotherServer', '9c'],
  ['ServerMoved', '9d'],
  ['ConnectionRateExceeded', '9f'],
  ['MaximumConnectTime', 'a0'],
  ['Banned', '80'],
  ['PacketIdentifierInUse', '80']
]

for (const [reason, code] of reasons) {
  const hooks: Hooks = {
    pingreq() {
      throw new MqttError(reason, 'for a reason', { fatal: true, userProperties: [['k', 'v']] })
    }
  }
  scenario(
    `5.0: a hook ends the connection with ${reason}: ${code}, and says why`,
    { hooks },
    async ({ client }, t) => {
      const one = await client(5, 'one')
      one.send({ cmd: 'pingreq' })
      await one.end()
      const last = await one.next('disconnect')
      t.equal(last.reasonCode, Number.parseInt(code, 16))
      t.same(
        { ...last.properties, userProperties: { ...last.properties?.userProperties } },
        { reasonString: 'for a reason', userProperties: { k: 'v' } }
      )
    }
  )
}

for (const reason of ['UseAnotherServer', 'ServerMoved'] as const) {
  const refuse = () => {
    throw new MqttError(reason, undefined, { serverReference: 'other.example:1883' })
  }
  const code = reason === 'ServerMoved' ? 0x9d : 0x9c

  scenarios(
    versions,
    `${reason} in CONNECT says where to go, as far as the version can`,
    { hooks: { connect: refuse } },
    async ({ peer }, t, version) => {
      const one = peer(version)
      const connack = await one.connect()
      if (version === 5) {
        t.equal(connack.reasonCode, code)
        t.equal(connack.properties?.serverReference, 'other.example:1883')
      } else {
        t.equal(connack.returnCode, 3)
      }
      t.equal(await one.ending(), 'closed')
    }
  )

  scenario(`5.0: ${reason} later says where to go`, { hooks: { pingreq: refuse } }, async ({ client }, t) => {
    const one = await client(5, 'one')
    one.send({ cmd: 'pingreq' })
    await one.end()
    const last = await one.next('disconnect')
    t.equal(last.reasonCode, code)
    t.equal(last.properties?.serverReference, 'other.example:1883')
  })
}

const broken: Hooks = {
  pingreq() {
    throw new Error('a secret of the program')
  }
}

scenarios(
  versions,
  'a fault of the program says nothing of itself',
  { hooks: broken },
  async ({ client, errors }, t, version) => {
    const one = await client(version, 'one')
    one.send({ cmd: 'pingreq' })
    t.equal(await one.ending(), version === 5 ? 'disconnect 80' : 'closed')
    t.notOk(one.bytes.includes('secret'))
    t.same(
      errors.map(({ message }) => message),
      ['a secret of the program']
    )
  }
)

const bare: ReadonlyArray<[code: number, answer: string]> = [
  [0x87, 'connack 87'],
  [0x89, 'connack 89'],
  [0x8c, 'connack 8c'],
  [0x97, 'connack 97'],
  [0x93, 'connack 80']
]
for (const [code, answer] of bare) {
  const hooks: Hooks = {
    connect() {
      throw code
    }
  }
  scenario(
    `5.0: a bare ${code.toString(16)} thrown in CONNECT becomes ${answer} [5.0 MQTT-3.2.2-8]`,
    { hooks },
    async ({ peer }, t) => {
      const one = peer()
      one.raw(rawConnect(5))
      t.equal(await one.ending(), answer)
    }
  )
}

scenario(
  '5.0: a client’s DISCONNECT is not answered, whatever its code [5.0 MQTT-3.14.4-2]',
  async ({ client }, t) => {
    for (const code of [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]) {
      const one = await client(5, 'one')
      one.raw(packet(0xe0, [code]))
      t.equal(await one.ending(), 'closed')
    }
  }
)

scenario(
  '5.0: nothing follows the DISCONNECT of the broker [5.0 MQTT-3.14.4-1] [5.0 MQTT-3.14.2-2]',
  async ({ client }, t) => {
    const publisher = await client(5, 'publisher')
    const one = await client(5, 'one')
    await one.subscribe('t')
    const stream = raw(...Array.from({ length: 20 }, () => rawPublish(5, 't')))
    publisher.raw(stream)
    one.raw(raw(stream, packet(0xc1), stream, packet(0xe0, [0, 5, 0x11], u32(1))))
    publisher.raw(stream)
    await one.end()
    t.equal(one.packets.at(-1)?.cmd, 'disconnect')
  }
)
