import { once } from 'node:events'
import net from 'node:net'
import t, { type Test } from 'tap'
import { createBroker } from '../../../lib/index.js'
import { hasV6, loopbacks, tcpPeer } from '../../support/net-peer.js'
import { told } from '../../support/told.js'

t.test('port 0 takes a free port and says which', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen(0)
  t.ok(listener!.port > 0)
  t.match(listener, { name: 'tcp', protocol: 'tcp', url: `mqtt://localhost:${listener!.port}` })
  t.same(broker.listeners, [listener])
  const peer = await tcpPeer({ port: listener!.port, host: '127.0.0.1' })
  t.equal((await peer.connect()).reasonCode, 0)
})

t.test('localhost is both loopback addresses on one port', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen('mqtt://localhost:0')
  const { port } = listener!
  for (const [i, host] of loopbacks.entries()) {
    const peer = await tcpPeer({ port, host })
    t.equal((await peer.connect({ clientId: `c${i}` })).reasonCode, 0, host)
    t.match(broker.clients.get(`c${i}`)!.info, {
      ...{ listener: 'tcp', transport: 'tcp', remoteAddress: host, local: true, certificate: undefined }
    })
    t.equal(broker.clients.get(`c${i}`)!.info.remotePort, (peer.socket as net.Socket).localPort)
  }
})

const onBoth = async (t: Test) => {
  // On a machine with few free ports the first try may be taken on ::1: here each one is, once.
  const holders: net.Server[] = []
  const { listen } = net.Server.prototype
  let held = 0
  net.Server.prototype.listen = function (this: net.Server, ...args: never[]) {
    const where = args[0] as unknown as net.ListenOptions
    if (where.host !== '::1' || held >= 3) return Reflect.apply(listen, this, args)
    held++
    const holder = net.createServer()
    holders.push(holder)
    Reflect.apply(listen, holder, [{ ...where }, () => Reflect.apply(listen, this, args)])
    return this
  } as never
  t.teardown(() => {
    net.Server.prototype.listen = listen
    for (const holder of holders) holder.close()
  })
  await using broker = createBroker()
  const [listener] = await broker.listen(0)
  t.equal(held, 3)
  for (const host of loopbacks) {
    const peer = await tcpPeer({ port: listener!.port, host })
    t.equal((await peer.connect({ clientId: host })).reasonCode, 0)
  }
}
if (hasV6) t.test('port 0 on localhost is free on both addresses, whatever others hold', onBoth)
else t.comment('no IPv6 here: a port that is taken on ::1 is not tested')

t.test(
  'maxConnections counts all addresses of a listener, and a place that was left is free again',
  async t => {
    await using broker = createBroker()
    const [listener] = await broker.listen({ port: 0, host: 'localhost', maxConnections: 2 })
    const { port } = listener!
    const first = await tcpPeer({ port, host: '127.0.0.1' })
    await first.connect({ clientId: 'first' })
    const second = await tcpPeer({ port, host: loopbacks.at(-1)! })
    await second.connect({ clientId: 'second' })
    const third = net.connect({ port, host: '127.0.0.1' })
    third.on('error', () => {})
    await once(third, 'close')
    t.equal(broker.stack.connections.size, 2)
    t.equal(broker.stats().clients.total, 2)
    const gone = told(broker, 'disconnect')
    first.cut()
    await gone
    const fourth = await tcpPeer({ port, host: '127.0.0.1' })
    t.equal((await fourth.connect({ clientId: 'fourth' })).reasonCode, 0)
  }
)

t.test('a connection that breaks disturbs nobody', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen(0)
  const { port } = listener!
  const witness = await tcpPeer({ port })
  await witness.connect({ clientId: 'witness' })
  const reset = net.connect(port)
  await once(reset, 'connect')
  const connected = told(broker, 'connect')
  reset.write(Buffer.from('100e00044d5154540402000000027231', 'hex'))
  await connected
  const gone = told(broker, 'disconnect')
  reset.resetAndDestroy()
  await gone
  await witness.nothing()
  t.same([...broker.clients.keys()], ['witness'])
})
