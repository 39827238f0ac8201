import type mqtt from 'mqtt-packet'
import { packet } from '../../spec-suite/protocol/bytes.js'
import { scenario, scenarios, type Version, versions, type World } from '../support/scenario.js'

const will = (change: Partial<mqtt.IConnectPacket['will']> = {}): mqtt.IConnectPacket['will'] => ({
  ...{ topic: 'will', payload: Buffer.from('bye'), qos: 0 as const, retain: false },
  ...change
})

async function watch({ client }: World, version: Version = 5) {
  const watcher = await client(version, 'watcher')
  await watcher.subscribe('will', { qos: 2 })
  return watcher
}

const delayed = (delay: number, expiry: number, clean = false): Partial<mqtt.IConnectPacket> => ({
  clean,
  properties: { sessionExpiryInterval: expiry },
  will: will({ properties: { willDelayInterval: delay } })
})

scenarios(
  versions,
  'publishes a will when the connection is cut, at its QoS [5.0 MQTT-3.1.2-7] [5.0 MQTT-3.1.2-12] [3.1.1 MQTT-3.1.2-8] [3.1.1 MQTT-3.1.2-14] [3.1.1 MQTT-3.1.2-9]',
  async (world, t, version) => {
    const watcher = await watch(world, version)
    for (const qos of [0, 1, 2] as const) {
      const one = await world.client(version, 'one', { will: will({ qos }) })
      await one.lost()
      const message = await watcher.next('publish')
      t.same([message.qos, message.retain, message.payload.toString()], [qos, false, 'bye'])
    }
  }
)

scenarios(
  versions,
  'publishes a will as retained or not [5.0 MQTT-3.1.2-14] [5.0 MQTT-3.1.2-15] [3.1.1 MQTT-3.1.2-16] [3.1.1 MQTT-3.1.2-17]',
  async (world, t, version) => {
    for (const retain of [false, true]) {
      const one = await world.client(version, 'one', { will: will({ retain }) })
      await one.lost()
      const late = await watch(world, version)
      t.same(
        (await late.messages()).map(message => message.retain),
        retain ? [true] : []
      )
    }
  }
)

scenarios(
  versions,
  'DISCONNECT discards the will [5.0 MQTT-3.14.4-3] [5.0 MQTT-3.1.2-8] [3.1.1 MQTT-3.14.4-3] [3.1.1 MQTT-3.1.2-10]',
  async (world, _t, version) => {
    const watcher = await watch(world, version)
    const one = await world.client(version, 'one', { will: will() })
    one.send({ cmd: 'disconnect' })
    await one.end()
    await watcher.nothing()
    await world.client(version, 'one')
    const again = await world.client(version, 'one')
    await again.lost()
    await watcher.nothing()
  }
)

scenarios(
  versions,
  'a will is published once [5.0 MQTT-3.1.2-10] [3.1.1 MQTT-3.1.2-10] [3.1.1 MQTT-3.1.2-12]',
  async (world, _t, version) => {
    const watcher = await watch(world, version)
    const one = await world.client(version, 'one', { clean: false, will: will() })
    await one.lost()
    await watcher.next('publish')
    const again = await world.client(version, 'one', { clean: false })
    await again.lost()
    await watcher.nothing()
  }
)

scenarios(
  versions,
  'a protocol error publishes the will [3.1.1 MQTT-3.1.2-8] [5.0 MQTT-3.14.1-1] [3.1.1 MQTT-3.14.1-1]',
  async (world, t, version) => {
    const watcher = await watch(world, version)
    const one = await world.client(version, 'one', { will: will() })
    one.raw(packet(0xe1))
    await one.end()
    t.equal((await watcher.next('publish')).payload.toString(), 'bye')
  }
)

scenarios(versions, 'a take-over publishes the will of the older connection', async (world, t, version) => {
  const watcher = await watch(world, version)
  await world.client(version, 'one', { will: will() })
  await world.client(version, 'one')
  t.same(await watcher.payloads(), ['bye'])
})

scenario(
  '5.0: DISCONNECT 0x04 and any error of the client publish the will [5.0 MQTT-3.1.2-8] [5.0 MQTT-4.13.2-1]',
  async (world, t) => {
    const watcher = await watch(world)
    for (const reasonCode of [0x04, 0x80, 0x81, 0x97]) {
      const one = await world.client(5, 'one', { will: will() })
      one.send({ cmd: 'disconnect', reasonCode })
      t.equal(await one.ending(), 'closed')
      t.equal((await watcher.next('publish')).payload.toString(), 'bye')
    }
    const one = await world.client(5, 'one', { will: will() })
    one.raw(packet(0xe0, [0, 0]))
    await one.end()
    await watcher.nothing()
  }
)

scenario('5.0: a will waits for its delay [5.0 MQTT-3.1.2-8]', async (world, t) => {
  const watcher = await watch(world)
  const one = await world.client(5, 'one', delayed(2, 60))
  await one.lost()
  await world.pass(1.9)
  await watcher.nothing()
  await world.pass(0.4)
  t.same(await watcher.payloads(), ['bye'])
})

scenario('5.0: the end of the session comes before the delay [5.0 MQTT-3.1.2-8]', async (world, t) => {
  const watcher = await watch(world)
  const one = await world.client(5, 'one', delayed(60, 1))
  await one.lost()
  await watcher.nothing()
  await world.pass(2)
  t.same(await watcher.payloads(), ['bye'])
})

scenario(
  '5.0: a session without expiry ends with its connection, and its delayed will is due',
  async (world, t) => {
    const watcher = await watch(world)
    const one = await world.client(5, 'one', delayed(60, 0))
    await one.lost()
    t.same(await watcher.payloads(), ['bye'])
  }
)

scenario('5.0: DISCONNECT 0x04 that ends the session makes the delayed will due', async (world, t) => {
  const watcher = await watch(world)
  const one = await world.client(5, 'one', delayed(60, 60))
  one.send({ cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 0 } })
  await one.end()
  t.same(await watcher.payloads(), ['bye'])
})

scenario('5.0: nobody gets the will of a client that is back in time [5.0 MQTT-3.1.3-9]', async world => {
  const watcher = await watch(world)
  const one = await world.client(5, 'one', delayed(3, 60))
  await one.lost()
  await world.pass(1)
  await world.client(5, 'one', { clean: false, properties: { sessionExpiryInterval: 60 } })
  await world.pass(6)
  await watcher.nothing()
})

scenario('5.0: a Clean Start ends the session, so the delayed will is due', async (world, t) => {
  const watcher = await watch(world)
  const one = await world.client(5, 'one', delayed(60, 60))
  await one.lost()
  await world.client(5, 'one', { clean: true })
  t.same(await watcher.payloads(), ['bye'])
})

scenario('5.0: a take-over keeps a delayed will back, unless it ends the session', async (world, t) => {
  const watcher = await watch(world)
  await world.client(5, 'one', delayed(3, 60))
  await world.client(5, 'one', delayed(3, 60))
  await world.pass(6)
  await watcher.nothing()
  await world.client(5, 'one', { clean: true })
  t.same(await watcher.payloads(), ['bye'])
})

scenario(
  '5.0: the properties of a will go out with it, in their order [5.0 MQTT-3.1.3-10]',
  async (world, t) => {
    const watcher = await watch(world)
    const properties = {
      ...{
        payloadFormatIndicator: true,
        messageExpiryInterval: 60,
        contentType: 'text/plain',
        responseTopic: 'r'
      },
      correlationData: Buffer.from([1, 0, 2]),
      userProperties: { b: ['1', '2'], a: '3' }
    }
    const one = await world.client(5, 'one', { will: will({ properties }) })
    await one.lost()
    const message = await watcher.next('publish')
    t.match(message.properties, properties)
    const text = watcher.bytes.toString('latin1')
    t.ok(
      text.indexOf('\0\x01b\0\x011') < text.indexOf('\0\x01b\0\x012') &&
        text.indexOf('\0\x01b\0\x012') < text.indexOf('\0\x01a\0\x013')
    )
  }
)

scenario(
  '5.0: a will above the maximum QoS is refused with 0x9B [5.0 MQTT-3.2.2-12]',
  { maximumQoS: 1 },
  async ({ peer }, t) => {
    const { reasonCode } = await peer().connect({ will: will({ qos: 2 }) })
    t.equal(reasonCode, 0x9b)
  }
)

scenario('5.0: a will on a server topic is refused like a PUBLISH is', async ({ peer }, t) => {
  const { reasonCode } = await peer().connect({ will: will({ topic: '$SYS/forged' }) })
  t.equal(reasonCode, 0x87)
})

scenarios(
  versions,
  'a will that may not be published refuses the CONNECT',
  {
    hooks: {
      authorizePublish({ will: isWill }: { will: boolean }, store: { valid: boolean }) {
        store.valid = !isWill
      }
    }
  },
  async ({ peer }, t, version) => {
    const one = peer(version)
    const { returnCode, reasonCode } = await one.connect({ will: will() })
    t.equal(reasonCode ?? returnCode, version === 5 ? 0x87 : 5)
    t.equal(await one.ending(), 'closed')
  }
)
