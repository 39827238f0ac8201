import { once } from 'node:events'
import { request } from 'node:http'
import net from 'node:net'
import t from 'tap'
import { createBroker } from '../../../lib/index.js'
import { refusal, webSocket, wsPeer } from '../../support/net-peer.js'
import { told } from '../../support/told.js'

t.test('a wrong path is 404, and says where MQTT is', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen({ protocol: 'ws', port: 0, path: '/broker' })
  const { port } = listener!
  t.same(await refusal(`ws://localhost:${port}/mqtt`), { status: 404, text: 'MQTT is at /broker\n' })
  const peer = await wsPeer(`ws://localhost:${port}/broker?token=x`)
  t.equal((await peer.connect()).reasonCode, 0, 'what follows ? is no part of the path')
})

t.test('a plain HTTP request gets a 426 that helps', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const asked = request({ port: listener!.port, path: '/mqtt' })
  asked.end()
  const [response] = await once(asked, 'response')
  t.equal(response.statusCode, 426)
  t.match(response.headers, { upgrade: 'websocket', connection: 'upgrade', 'content-type': 'text/plain' })
  let text = ''
  for await (const chunk of response) text += chunk
  t.equal(text, 'This is an MQTT broker: connect by WebSocket, subprotocol mqtt, path /mqtt\n')
})

t.test('beyond maxConnections a WebSocket gets 503, and a place that was left is free again', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen({ protocol: 'ws', port: 0, maxConnections: 1 })
  const { url } = listener!
  const first = await wsPeer(url)
  await first.connect({ clientId: 'first' })
  t.same(await refusal(url), { status: 503, text: 'too many connections\n' })
  const gone = told(broker, 'disconnect')
  first.send({ cmd: 'disconnect' })
  await gone
  await once(first.socket, 'close')
  const second = await wsPeer(url)
  t.equal((await second.connect({ clientId: 'second' })).reasonCode, 0)
})

t.test('MQTT without HTTP on a WebSocket port disturbs nobody', async t => {
  const errors: Error[] = []
  await using broker = createBroker({ onError: err => errors.push(err) })
  const [listener] = await broker.listen('ws://localhost:0')
  const witness = await wsPeer(listener!.url)
  await witness.connect()
  const socket = net.connect(listener!.port)
  socket.write(Buffer.from('100e00044d5154540402000000027231', 'hex'))
  socket.resume().on('error', () => {})
  await once(socket, 'close')
  await witness.nothing()
  t.same(errors, [])
})

t.test('a reader that is slow holds its own messages back, and gets all of them in order', async t => {
  await using broker = createBroker({ slowTimeout: 3_600_000 })
  const [listener] = await broker.listen('ws://localhost:0')
  const slow = await wsPeer(listener!.url)
  await slow.connect({ clientId: 'slow' })
  await slow.subscribe('big/#', { qos: 1 })
  const { client } = { client: broker.clients.get('slow')! }
  slow.stream.pause()
  const payload = Buffer.alloc(200_000)
  let sent = 0
  // Until the kernel and the WebSocket take no more: the broker has to see it.
  while (!client.congested && sent < 500) {
    payload.writeUInt32BE(sent++)
    await broker.publish('big/one', payload, { qos: 1 })
    await new Promise(resolve => setImmediate(resolve))
  }
  t.ok(client.congested, 'the broker has seen that the reader is slow')
  t.ok(client.writer.pending > 0)
  slow.stream.resume()
  for (let i = 0; i < sent; i++) {
    const message = await slow.next('publish')
    if ((message.payload as Buffer).readUInt32BE() !== i) t.fail(`message ${i} is out of order`)
    slow.send({ cmd: 'puback', messageId: message.messageId! })
  }
  await slow.nothing()
  t.notOk(client.congested)
})

t.test('a page of another site and what a proxy passes on are not this machine', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const { url } = listener!
  const codes: Record<string, number> = {}
  for (const [name, headers] of Object.entries({
    none: {},
    local: { origin: 'http://localhost:3000' },
    loopback: { origin: 'https://[::1]' },
    foreign: { origin: 'https://example.org' },
    sandboxed: { origin: 'null' },
    forwarded: { forwarded: 'for=192.0.2.1' },
    proxied: { 'x-forwarded-for': '192.0.2.1' }
  })) {
    const peer = await wsPeer(url, { headers })
    codes[name] = (await peer.connect({ clientId: name })).reasonCode!
  }
  const [welcome, refused] = [0, 0x87]
  t.same(codes, {
    ...{ none: welcome, local: welcome, loopback: welcome },
    ...{ foreign: refused, sandboxed: refused, forwarded: refused, proxied: refused }
  })
})

t.test('listeners that say allowAnonymous let pages of other sites in', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen({ protocol: 'ws', port: 0, host: 'localhost', allowAnonymous: true })
  const peer = await wsPeer(listener!.url, { headers: { origin: 'https://example.org' } })
  t.equal((await peer.connect()).reasonCode, 0)
  t.equal(broker.clients.get('peer')!.info.local, false)
})

t.test('a WebSocket that is cut is a client that is gone', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('ws://localhost:0')
  const socket = await webSocket(listener!.url)
  const connected = told(broker, 'connect')
  socket.send(Buffer.from('100e00044d5154540402000000027231', 'hex'))
  await connected
  const gone = told(broker, 'disconnect')
  socket.terminate()
  t.match(await gone, { clean: false })
  t.equal(broker.clients.size, 0)
})
