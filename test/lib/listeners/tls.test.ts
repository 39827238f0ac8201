import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import t from 'tap'
import { createBroker } from '../../../lib/index.js'
import * as certs from '../../support/certs.js'
import { tcpPeer, tlsPeer } from '../../support/net-peer.js'

const { ca, server, client, stranger } = certs

t.test('MQTT over TLS, with the certificate of the server', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen({ port: 0, tls: server })
  t.match(listener, { protocol: 'tls', url: `mqtts://localhost:${listener!.port}` })
  const peer = await tlsPeer({ port: listener!.port, ca })
  t.equal((await peer.connect()).reasonCode, 0)
  t.match(broker.clients.get('peer')!.info, { listener: 'tls', transport: 'tls', local: true })
  t.equal(broker.clients.get('peer')!.info.certificate, undefined)
  t.equal((peer.socket as tls.TLSSocket).getPeerCertificate().subject.CN, 'localhost')
})

t.test('a verified client certificate says who the client is', async t => {
  await using broker = createBroker()
  const tls = { ...server, ca, requestCert: true, rejectUnauthorized: false }
  const [listener] = await broker.listen({ port: 0, tls })
  const { port } = listener!
  const known = await tlsPeer({ port, ca, ...client })
  await known.connect({ clientId: 'known' })
  t.equal(broker.clients.get('known')!.info.certificate?.subject.CN, 'sensor-1')
  const unknown = await tlsPeer({ port, ca, ...stranger })
  await unknown.connect({ clientId: 'unknown' })
  t.equal(broker.clients.get('unknown')!.info.certificate, undefined, 'nobody vouches for it')
  const bare = await tlsPeer({ port, ca })
  await bare.connect({ clientId: 'bare' })
  t.equal(broker.clients.get('bare')!.info.certificate, undefined)
})

t.test('a TLS session that is resumed has the certificate too', async t => {
  await using broker = createBroker()
  const [listener] = await broker.listen({ port: 0, tls: { ...server, ca, requestCert: true } })
  const { port } = listener!
  const first = await tlsPeer({ port, ca, ...client })
  const ticket = once(first.socket, 'session')
  await first.connect({ clientId: 'first' })
  const [session] = await ticket
  const second = await tlsPeer({ port, ca, ...client, session })
  t.ok((second.socket as tls.TLSSocket).isSessionReused())
  await second.connect({ clientId: 'second' })
  t.equal(broker.clients.get('second')!.info.certificate?.subject.CN, 'sensor-1')
})

t.test('an authenticator can let in by certificate', async t => {
  await using broker = createBroker()
  broker.use({
    authenticateConnection({ client }, store) {
      store.valid = client.info.certificate?.subject.CN === client.id
    }
  })
  const tls = { ...server, ca, requestCert: true }
  const [listener] = await broker.listen({ port: 0, host: 'localhost', tls })
  const { port } = listener!
  const right = await tlsPeer({ port, ca, ...client })
  t.equal((await right.connect({ clientId: 'sensor-1' })).reasonCode, 0)
  const wrong = await tlsPeer({ port, ca, ...client })
  t.equal((await wrong.connect({ clientId: 'sensor-2' })).reasonCode, 0x87)
})

t.test('a handshake that fails disturbs nobody', async t => {
  const errors: Error[] = []
  await using broker = createBroker({ onError: err => errors.push(err) })
  const [listener] = await broker.listen({ port: 0, tls: { ...server, ca, requestCert: true } })
  const { port } = listener!
  const witness = await tlsPeer({ port, ca, ...client })
  await witness.connect({ clientId: 'witness' })

  const plain = await tcpPeer({ port }, 4)
  plain.raw('100e00044d5154540402000000027231')
  await plain.end()

  const untrusted = tls.connect({ port, ca, servername: 'localhost', ...stranger })
  untrusted.on('error', () => {})
  untrusted.resume()
  await once(untrusted, 'close')

  const reset = net.connect(port)
  await once(reset, 'connect')
  reset.write(Buffer.from('160301', 'hex'))
  reset.resetAndDestroy()
  await once(reset, 'close')

  await witness.nothing()
  const late = await tlsPeer({ port, ca, ...client })
  t.equal((await late.connect({ clientId: 'late' })).reasonCode, 0)
  t.equal(broker.stats().clients.total, 2)
  t.same(errors, [])
})

t.test('a certificate that cannot be used is a clear error', async t => {
  await using broker = createBroker()
  const mixed = { cert: server.cert, key: client.key }
  for (const protocol of ['tls', 'wss'] as const) {
    const opened = broker.listen({ port: 0, protocol, tls: mixed, name: 'secure' })
    await t.rejects(opened, {
      code: 'STACK_LISTEN',
      message: /the certificate or the key of listener 'secure' cannot be used: .*key values mismatch/i
    })
  }
  t.same(broker.listeners, [])
})

t.test('half a handshake counts against maxConnections and ends with the listener', async t => {
  const broker = createBroker()
  const [listener] = await broker.listen({ port: 0, tls: server, maxConnections: 1 })
  const { port } = listener!
  const half = net.connect(port)
  await once(half, 'connect')
  const refused = net.connect(port)
  refused.on('error', () => {})
  await once(refused, 'close')
  t.notOk(half.destroyed)
  const ended = once(half.resume(), 'close')
  half.on('error', () => {})
  await broker.close()
  await ended
  t.equal(broker.stats().clients.total, 0)
})
