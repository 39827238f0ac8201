import net from 'node:net'
import t from 'tap'
import { createBroker, type Listenable } from '../../../lib/index.js'
import { tcpPeer, wsPeer } from '../../support/net-peer.js'

const lock = { authenticateConnection: () => {} }

function addressOf(port: number): Promise<string[]> {
  const reachable = ['127.0.0.1', '127.0.0.2'].map(
    host =>
      new Promise<string[]>(resolve => {
        const socket = net.connect({ port, host })
        socket.on('connect', () => socket.destroy() && resolve([host]))
        socket.on('error', () => resolve([]))
      })
  )
  return Promise.all(reachable).then(found => found.flat())
}

t.test('a broker that lets everybody in stays on this machine', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen(0)
  t.equal(listener!.url, `mqtt://localhost:${listener!.port}`)
  t.same(await addressOf(listener!.port), ['127.0.0.1'], 'not on all addresses')
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.0.0.1.example.org']) {
    await t.rejects(broker.listen({ port: 0, host }), {
      code: 'STACK_LISTEN',
      message:
        `[STACK_LISTEN] ${host} is open to other machines and nobody authenticates clients: ` +
        'add an authenticateConnection hook, or say allowAnonymous: true'
    })
  }
})

t.test('with an authenticator, or when it is said, it is open to all', async t => {
  for (const [options, hooks] of [
    [{}, lock],
    [{}, { authenticateExchange: () => {} }],
    [{ allowAnonymous: true }, {}],
    [{ allowAnonymous: false }, {}]
  ] as const) {
    await using broker = createBroker(options)
    broker.use(hooks)
    const [listener] = await broker.listen(0)
    t.equal(listener!.url, `mqtt://0.0.0.0:${listener!.port}`)
    t.same(await addressOf(listener!.port), ['127.0.0.1', '127.0.0.2'])
  }
})

t.test('several listeners at once, each with its own rules', async t => {
  await using broker = createBroker()
  broker.use({
    authenticateConnection({ username, password }, store) {
      if (username !== undefined) store.valid = String(password) === 'secret'
    }
  })
  const [open, locked, web] = await broker.listen(
    { port: 0, host: 'localhost', name: 'open', allowAnonymous: true },
    { port: 0, host: 'localhost', name: 'locked' },
    { protocol: 'ws', port: 0, host: 'localhost', name: 'web', allowAnonymous: false }
  )
  t.same(
    broker.listeners.map(({ name }) => name),
    ['open', 'locked', 'web']
  )
  const first = await tcpPeer({ port: open!.port })
  t.equal((await first.connect({ clientId: 'first' })).reasonCode, 0)
  t.equal(broker.clients.get('first')!.info.listener, 'open')
  const second = await tcpPeer({ port: locked!.port })
  t.equal((await second.connect({ clientId: 'second' })).reasonCode, 0x87)
  const third = await wsPeer(web!.url)
  t.equal((await third.connect({ clientId: 'third' })).reasonCode, 0x87)
  const known = { clientId: 'fourth', username: 'u', password: Buffer.from('secret') }
  const fourth = await wsPeer(web!.url)
  t.equal((await fourth.connect(known)).reasonCode, 0)
  const unknown = { ...known, clientId: 'fifth', password: Buffer.from('wrong') }
  const fifth = await tcpPeer({ port: open!.port })
  t.equal((await fifth.connect(unknown)).reasonCode, 0x86, 'also where anonymous clients are let in')
})

t.test('listen() without arguments opens the option listeners', async t => {
  await using broker = createBroker({ listeners: [0, 'ws://localhost:0/broker'] })
  const opened = await broker.listen()
  t.same(
    opened.map(({ protocol }) => protocol),
    ['tcp', 'ws']
  )
  t.match(opened[1]!.url, /^ws:\/\/localhost:\d+\/broker$/)
})

t.test('a listener that cannot be opened is a clear error, and none of its company stays open', async t => {
  await using first = createBroker()
  const [{ port } = { port: 0 }] = await first.listen('mqtt://127.0.0.1:0')
  await using broker = createBroker()
  const company: Listenable = { protocol: 'ws', port: 0 }
  const failing: Array<[Listenable, string | RegExp]> = [
    [
      { port, host: '127.0.0.1' },
      `[STACK_LISTEN] 127.0.0.1, port ${port} is taken: another program listens there; stop it or choose another port`
    ],
    ['mqtt://127.0.0.1:99999', /its host or its port is wrong/],
    ['mqtt://localhost:0/path', /a tcp listener has no path/]
  ]
  for (const [listenable, message] of failing) {
    await t.rejects(broker.listen(company, listenable), { message })
    t.same(broker.listeners, [])
  }
  await using open = createBroker({ allowAnonymous: true })
  await t.rejects(open.listen({ port: 0, host: '192.0.2.1' }), {
    code: 'STACK_LISTEN',
    message: '[STACK_LISTEN] 192.0.2.1, port 0 is no address of this machine'
  })
  await t.rejects(open.listen({ port: 0, host: 'no-such-host.invalid' }), {
    code: 'STACK_LISTEN',
    message: /^\[STACK_LISTEN\] no-such-host\.invalid, port 0 is no address: the name is unknown/,
    cause: { code: /ENOTFOUND|EAI_AGAIN/ }
  })
})

t.test('a port that this user may not open is a clear error', async t => {
  const { listen } = net.Server.prototype
  t.teardown(() => {
    net.Server.prototype.listen = listen
  })
  // Root may open all: the system's answer is put in its place.
  net.Server.prototype.listen = function (this: net.Server) {
    process.nextTick(() => this.emit('error', Object.assign(new Error('listen EACCES'), { code: 'EACCES' })))
    return this
  } as never
  await using broker = createBroker()
  await t.rejects(broker.listen({ port: 80, host: '127.0.0.1' }), {
    code: 'STACK_LISTEN',
    message:
      '[STACK_LISTEN] 127.0.0.1, port 80 may not be opened by this user: ' +
      'ports below 1024 and some paths need more rights'
  })
})

t.test('an open listener that meets a fault reports it and stays open', async t => {
  const errors: string[] = []
  await using broker = createBroker({ onError: err => errors.push(err.message) })
  const servers: net.Server[] = []
  const { listen } = net.Server.prototype
  net.Server.prototype.listen = function (this: net.Server, ...args: never[]) {
    servers.push(this)
    return Reflect.apply(listen, this, args)
  } as never
  t.teardown(() => {
    net.Server.prototype.listen = listen
  })
  const opened = await broker.listen(
    { port: 0, host: '127.0.0.1' },
    { protocol: 'ws', port: 0, host: '127.0.0.1' }
  )
  for (const server of servers) server.emit('error', new Error('accept EMFILE'))
  t.same(errors, ['accept EMFILE', 'accept EMFILE'])
  const peer = await tcpPeer({ port: opened[0]!.port })
  t.equal((await peer.connect()).reasonCode, 0)
})

t.test('a listener can be closed alone: its clients stay', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('mqtt://127.0.0.1:0')
  const peer = await tcpPeer({ port: listener!.port })
  await peer.connect()
  await listener!.close()
  t.same(await addressOf(listener!.port), [])
  await peer.nothing()
  const [again] = await broker.listen({ port: listener!.port, host: '127.0.0.1' })
  t.equal(again!.port, listener!.port)
})
