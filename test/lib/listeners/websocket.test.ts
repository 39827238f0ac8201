import { once } from 'node:events'
import mqtt from 'mqtt-packet'
import t from 'tap'
import type { WebSocket } from 'ws'
import { createBroker } from '../../../lib/index.js'
import { ca, client, server } from '../../support/certs.js'
import { turn } from '../../support/fake-clock.js'
import { refusal, webSocket, wsPeer } from '../../support/net-peer.js'
import { told } from '../../support/told.js'

const connect = mqtt.generate({
  cmd: 'connect',
  clientId: 'raw',
  keepalive: 0,
  protocolVersion: 4,
  clean: true
})
const subscribe = mqtt.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 0 }] })

/** Collects what the broker sends; its frames have to be binary [5.0 MQTT-6.0.0-1]. */
function collect(socket: WebSocket): (bytes: number) => Promise<string> {
  let all = ''
  let text = false
  socket.on('message', (data: Buffer, isBinary) => {
    all += data.toString('hex')
    text ||= !isBinary
  })
  return async bytes => {
    while (all.length < bytes * 2) await once(socket, 'message')
    if (text) throw new Error('a text frame came')
    return all
  }
}

const connackAndSuback = '200200009003000100'

t.test('MQTT over WebSocket and over WSS', async t => {
  await using broker = createBroker()
  const tls = { ...server, ca, requestCert: true, rejectUnauthorized: false }
  const [ws, wss] = await broker.listen({ protocol: 'ws', port: 0 }, { protocol: 'wss', port: 0, tls })
  t.match(ws, { protocol: 'ws', url: `ws://localhost:${ws!.port}/mqtt` })
  t.match(wss, { protocol: 'wss', url: `wss://localhost:${wss!.port}/mqtt` })
  const plain = await wsPeer(ws!.url)
  t.equal((await plain.connect({ clientId: 'plain' })).reasonCode, 0)
  t.match(broker.clients.get('plain')!.info, { listener: 'ws', transport: 'ws', local: true })
  const secure = await wsPeer(wss!.url, { ca, ...client })
  t.equal((await secure.connect({ clientId: 'secure' })).reasonCode, 0)
  t.match(broker.clients.get('secure')!.info, { listener: 'wss', transport: 'wss', local: true })
  t.equal(broker.clients.get('secure')!.info.certificate?.subject.CN, 'sensor-1')
})

t.test(
  'the subprotocol mqtt is chosen from those offered [5.0 MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4]',
  async t => {
    await using broker = createBroker()
    const [listener] = await broker.listen('ws://localhost:0')
    for (const [offered, chosen] of [
      [['foo', 'mqtt'], 'mqtt'],
      [['mqtt'], 'mqtt'],
      [['mqttv3.1'], 'mqttv3.1'],
      [['mqttv3.1', 'mqtt'], 'mqtt']
    ] as const) {
      const socket = await webSocket(listener!.url, [...offered])
      t.equal(socket.protocol, chosen, offered.join())
    }
  }
)

t.test('without the subprotocol mqtt there is no WebSocket', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  for (const offered of [[], ['foo']]) {
    const { status, text } = await refusal(listener!.url, offered)
    t.equal(status, 400)
    t.equal(text, 'offer the subprotocol mqtt\n')
  }
  t.equal(broker.stats().clients.total, 0)
})

t.test('a text frame closes the connection [5.0 MQTT-6.0.0-1] [3.1.1 MQTT-6.0.0-1]', async t => {
  await using broker = createBroker()
  const tls = server
  const both = await broker.listen({ protocol: 'ws', port: 0 }, { protocol: 'wss', port: 0, tls })
  for (const { url } of both) {
    const socket = await webSocket(url, ['mqtt'], { ca })
    const closed = once(socket, 'close')
    socket.send(connect.toString('latin1'))
    const [code] = await closed
    t.equal(code, 1003, url)
  }
  t.equal(broker.clients.size, 0)
})

t.test('a text frame after CONNECT ends the client, its will is published', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const will = { topic: 'gone', payload: Buffer.from('x'), qos: 0 as const, retain: false }
  const socket = await webSocket(listener!.url)
  const received = collect(socket)
  socket.send(mqtt.generate({ cmd: 'connect', clientId: 'raw', keepalive: 0, clean: true, will }))
  await received(4)
  const published = told(broker, 'publish')
  const gone = told(broker, 'disconnect')
  socket.send('text')
  t.equal((await published).packet.topic, 'gone')
  t.match(await gone, { clean: false })
})

t.test('packets may come byte by byte, a frame each [5.0 MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2]', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const socket = await webSocket(listener!.url)
  const received = collect(socket)
  for (const byte of Buffer.concat([connect, subscribe])) socket.send(Buffer.of(byte))
  t.equal(await received(9), connackAndSuback)
})

t.test('several packets may be in one frame [5.0 MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2]', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const socket = await webSocket(listener!.url)
  const received = collect(socket)
  socket.send(Buffer.concat([connect, subscribe]))
  t.equal(await received(9), connackAndSuback)
})

t.test('a message may be in several fragments, with a ping between them', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const socket = await webSocket(listener!.url)
  const received = collect(socket)
  const pong = once(socket, 'pong')
  socket.send(connect.subarray(0, 5), { fin: false })
  socket.ping('are you there')
  socket.send(connect.subarray(5), { fin: false })
  socket.send(Buffer.alloc(0), { fin: false })
  socket.send(subscribe, { fin: true })
  t.equal(String((await pong)[0]), 'are you there')
  t.equal(await received(9), connackAndSuback)
})

t.test('a frame that no packet could fill is refused before it is buffered', async t => {
  await using broker = createBroker({ maximumPacketSize: 1000 })
  const [listener] = await broker.listen('ws://localhost:0')
  const socket = await webSocket(listener!.url)
  const closed = once(socket, 'close')
  socket.on('error', () => {})
  socket.send(Buffer.alloc(1_048_576 + 1001))
  t.equal((await closed)[0], 1009)
})

t.test('what was sent before the WebSocket was closed still counts', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  // Authorization that takes its time: the packets behind it wait while the WebSocket is closed.
  let letGo = () => {}
  const waiting = new Promise<void>(resolve => {
    letGo = resolve
  })
  broker.use({ subscribe: () => waiting })
  const will = { topic: 'gone', payload: Buffer.from('x'), qos: 0 as const, retain: false }
  const socket = await webSocket(listener!.url)
  const connected = told(broker, 'connect')
  socket.send(mqtt.generate({ cmd: 'connect', clientId: 'raw', keepalive: 0, clean: true, will }))
  await connected
  const gone = told(broker, 'disconnect')
  socket.send(subscribe)
  socket.send(mqtt.generate({ cmd: 'disconnect' }))
  socket.close()
  await once(socket, 'close')
  // The broker's end closes in the same turn or the next.
  await turn()
  letGo()
  t.match(await gone, { clean: true })
})
