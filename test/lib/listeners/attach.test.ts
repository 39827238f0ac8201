import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { createServer as createSecureServer, request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type WebSocket, WebSocketServer } from 'ws'
import { createBroker } from '../../../lib/index.js'
import { ca, server as identity } from '../../support/certs.js'
import { refusal, webSocket, wsPeer } from '../../support/net-peer.js'

async function listening(t: Test, server: Server): Promise<number> {
  server.listen(0, 'localhost')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function echo(socket: WebSocket): void {
  socket.on('message', data => socket.send(data))
}

async function body(asked: ReturnType<typeof request>): Promise<string> {
  asked.end()
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return text
}

t.test('MQTT and the requests of an HTTP server share a port', async t => {
  const server = createServer((_request, response) => response.end('my page'))
  const port = await listening(t, server)
  await using broker = createBroker()
  await broker.start()
  const listener = broker.attach(server)
  t.match(listener, { name: 'ws', protocol: 'ws', port, url: `ws://localhost:${port}/mqtt` })
  t.ok(broker.listeners.includes(listener))
  const peer = await wsPeer(listener.url)
  t.equal((await peer.connect()).reasonCode, 0)
  t.match(broker.clients.get('peer')!.info, { listener: 'ws', transport: 'ws', local: true })
  t.equal(await body(request({ port, path: '/mqtt' })), 'my page')
  t.same(await refusal(`ws://localhost:${port}/other`), { status: 404, text: 'MQTT is at /mqtt\n' })
})

t.test('an HTTPS server makes it WSS', async t => {
  const server = createSecureServer(identity, (_request, response) => response.end('my page'))
  const port = await listening(t, server)
  await using broker = createBroker()
  await broker.start()
  const listener = broker.attach(server, { path: '/broker' })
  t.match(listener, { name: 'wss', protocol: 'wss', url: `wss://localhost:${port}/broker` })
  const peer = await wsPeer(listener.url, { ca })
  t.equal((await peer.connect()).reasonCode, 0)
  t.match(broker.clients.get('peer')!.info, { listener: 'wss', transport: 'wss' })
  t.equal(await body(secureRequest({ port, ca })), 'my page')
})

t.test('another WebSocket server keeps its path, whoever came first', async t => {
  for (const first of ['broker', 'other']) {
    const server = createServer()
    const port = await listening(t, server)
    await using broker = createBroker()
    await broker.start()
    const attach = () => broker.attach(server, { name: first })
    const other = () => new WebSocketServer({ server, path: '/chat' }).on('connection', echo)
    for (const make of first === 'broker' ? [attach, other] : [other, attach]) make()
    const peer = await wsPeer(`ws://localhost:${port}/mqtt`)
    t.equal((await peer.connect()).reasonCode, 0, `${first} came first`)
    t.equal(broker.clients.get('peer')!.info.listener, first)
    const chat = await webSocket(`ws://localhost:${port}/chat`, [])
    chat.send('hi')
    t.equal(String((await once(chat, 'message'))[0]), 'hi')
    t.equal(
      (await refusal(`ws://localhost:${port}/nothing`)).status,
      400,
      'the other one answers as it likes'
    )
    await peer.nothing()
    chat.terminate()
  }
})

t.test('two brokers share a server, each on its path and with its own rules', async t => {
  const server = createServer()
  const port = await listening(t, server)
  await using open = createBroker()
  await using closed = createBroker({ allowAnonymous: false })
  await Promise.all([open.start(), closed.start()])
  const [first, second] = [open.attach(server, { path: '/open' }), closed.attach(server, { path: '/closed' })]
  t.equal((await (await wsPeer(first.url)).connect()).reasonCode, 0)
  t.equal((await (await wsPeer(second.url)).connect()).reasonCode, 0x87)
  t.equal((await refusal(`ws://localhost:${port}/nothing`)).status, 404)
  await first.close()
  t.equal((await refusal(first.url)).status, 404)
  t.equal((await (await wsPeer(second.url)).connect()).reasonCode, 0x87)
})

t.test('an attached broker leaves the server as it was', async t => {
  const server = createServer((_request, response) => response.end('my page'))
  const { emit } = server
  const port = await listening(t, server)
  const broker = createBroker()
  await broker.start()
  const { url } = broker.attach(server)
  const peer = await wsPeer(url)
  await peer.connect()
  await broker.close()
  t.equal((await peer.next('disconnect')).reasonCode, 0x8b)
  await peer.end()
  t.ok(server.listening)
  t.equal(server.listenerCount('upgrade'), 0)
  t.equal(server.emit, emit)
  t.equal(await body(request({ port })), 'my page')
})

t.test('before the broker has started, an attached path answers 503', async t => {
  const server = createServer()
  const port = await listening(t, server)
  await using broker = createBroker()
  const { url } = broker.attach(server)
  t.same(await refusal(url), { status: 503, text: 'the broker is not running\n' })
  await broker.start()
  const peer = await wsPeer(`ws://localhost:${port}/mqtt`)
  t.equal((await peer.connect()).reasonCode, 0)
})

t.test('attach() has its own few options', async t => {
  await using broker = createBroker()
  const options = { pth: '/x' } as object
  t.throws(() => broker.attach(createServer(), options), {
    code: 'STACK_INVALID_OPTIONS',
    problems: ["'pth' is no option of attach(): did you mean 'path'?"]
  })
  const server = createServer()
  await listening(t, server)
  await broker.start()
  const { url } = broker.attach(server, { allowAnonymous: false, maxConnections: 1, name: 'mine' })
  const peer = await wsPeer(url)
  t.equal((await peer.connect()).reasonCode, 0x87)
})
