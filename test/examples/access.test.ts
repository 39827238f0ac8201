import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import net from 'node:net'
import mqttPacket from 'mqtt-packet'
import t, { type Test } from 'tap'
import { connect, nextMessage, portOf, runExample } from '../support/example.js'

/** The reason code a promise of MQTT.js is rejected with, 0 when it is not. */
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 0,
    err => (err as { packet?: { granted?: number[] } }).packet?.granted?.[0] ?? (err as { code: number }).code
  )

t.test('authentication: the right password is let in, all others are not', async t => {
  const example = await runExample(t, 'authentication')
  t.ok((await connect(t, example, { username: 'ada', password: 'lovelace' })).connected)
  t.equal(await codeOf(connect(t, example, { username: 'ada', password: 'byron' })), 0x86)
  t.equal(await codeOf(connect(t, example, { username: 'eve', password: 'lovelace' })), 0x86)
  t.equal(await codeOf(connect(t, example, { username: 'ada', password: 'byron', protocolVersion: 4 })), 4)
  t.equal(await codeOf(connect(t, example)), 0x87, 'nobody is anonymous here')
  t.match(example.lines, [/127\.0\.0\.1 is not let in as ada$/, /is not let in as eve$/])
})

t.test('authorization: a user publishes and subscribes at home, and reads the news', async t => {
  const example = await runExample(t, 'authorization')
  const ada = await connect(t, example, { username: 'ada' })
  const editor = await connect(t, example, { username: 'editor' })
  const [home, news] = [
    await ada.subscribeAsync('home/ada/#', { qos: 2 }),
    await ada.subscribeAsync('news', { qos: 2 })
  ]
  t.match([home[0], news[0]], [{ qos: 2 }, { qos: 0 }], 'the news come with QoS 0')
  t.equal(await codeOf(ada.subscribeAsync('home/+/door')), 0x87)
  t.equal(await codeOf(ada.publishAsync('home/editor/door', 'open', { qos: 1 })), 0x87)
  t.equal(await codeOf(ada.publishAsync('news', 'mine', { qos: 2 })), 0x87)
  const message = nextMessage(ada)
  await editor.publishAsync('news', 'extra', { qos: 2 })
  t.equal(await message, 'news extra', 'and nothing that was refused came before')
  const will = { topic: 'news', payload: Buffer.from('gone'), qos: 0 as const }
  t.equal(await codeOf(connect(t, example, { username: 'ada', will })), 0x87)
})

t.test('enhanced-authentication: the client proves its secret in a second round', async t => {
  const example = await runExample(t, 'enhanced-authentication')
  const port = portOf(example)
  t.equal((await prove(t, port, 'HMAC-SHA256', 'open sesame')).reasonCode, 0)
  t.equal((await prove(t, port, 'HMAC-SHA256', 'open barley')).reasonCode, 0x87)
  t.equal((await prove(t, port, 'SCRAM-SHA-1', 'open sesame')).reasonCode, 0x8c)
  t.equal(await codeOf(connect(t, example, { clientId: 'device-1' })), 0x87)
})

/** Connects with mqtt-packet, answers the challenge, and gives back the CONNACK. */
async function prove(
  t: Test,
  port: number,
  method: string,
  secret: string
): Promise<mqttPacket.IConnackPacket> {
  const socket = net.connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const parser = mqttPacket.parser({ protocolVersion: 5 })
  socket.on('data', chunk => parser.parse(chunk))
  const send = (packet: mqttPacket.Packet) =>
    socket.write(mqttPacket.generate(packet, { protocolVersion: 5 }))
  send({
    ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 5, clean: true, keepalive: 0 },
    clientId: 'device-1',
    properties: { authenticationMethod: method }
  } as mqttPacket.IConnectPacket)
  const [first] = (await once(parser, 'packet')) as [mqttPacket.Packet]
  if (first.cmd !== 'auth') return first as mqttPacket.IConnackPacket
  t.match(first, { reasonCode: 0x18, properties: { authenticationMethod: method } })
  const proof = createHmac('sha256', secret).update(first.properties!.authenticationData!).digest()
  const properties = { authenticationMethod: method, authenticationData: proof }
  send({ cmd: 'auth', reasonCode: 0x18, properties } as mqttPacket.IAuthPacket)
  const [connack] = (await once(parser, 'packet')) as [mqttPacket.IConnackPacket]
  return connack
}
