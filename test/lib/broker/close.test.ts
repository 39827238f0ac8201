import { once } from 'node:events'
import net from 'node:net'
import t from 'tap'
import { createBroker } from '../../../lib/index.js'
import { tcpPeer, wsPeer } from '../../support/net-peer.js'
import { Peer } from '../../support/peer.js'

const closed = {
  code: 'STACK_NOT_STARTED',
  message: '[STACK_NOT_STARTED] the broker is closed: make a new one'
}

t.test('close() says goodbye with 0x8B to MQTT 5, and ends the others', async t => {
  const broker = createBroker()
  const [tcp, ws] = await broker.listen(0, 'ws://localhost:0')
  const five = await tcpPeer({ port: tcp!.port }, 5)
  await five.connect({ clientId: 'five' })
  const web = await wsPeer(ws!.url)
  await web.connect({ clientId: 'web' })
  const four = await tcpPeer({ port: tcp!.port }, 4)
  await four.connect({ clientId: 'four' })
  const silent = net.connect(tcp!.port)
  await once(silent, 'connect')
  const hungUp = once(silent.resume(), 'close')
  await broker.close()
  t.equal((await five.next('disconnect')).reasonCode, 0x8b)
  t.equal((await web.next('disconnect')).reasonCode, 0x8b)
  for (const peer of [five, web, four]) await peer.end()
  await hungUp
  t.same(four.packets, [])
  t.same(broker.listeners, [])
  t.equal(broker.clients.size, 0)
  const late = net.connect(tcp!.port)
  t.equal((await once(late, 'error').catch(err => [err]))[0].code, 'ECONNREFUSED')
})

t.test('close() publishes wills by the usual rules', async t => {
  const broker = createBroker()
  await broker.start()
  const heard: string[] = []
  await broker.subscribe('#', packet => heard.push(packet.topic))
  const will = { payload: Buffer.from('x'), qos: 0 as const, retain: false }
  const now = new Peer(broker.stack, 5)
  await now.connect({ clientId: 'now', will: { ...will, topic: 'now' } })
  const polite = new Peer(broker.stack, 5)
  await polite.connect({ clientId: 'polite', will: { ...will, topic: 'never' } })
  polite.send({ cmd: 'disconnect' })
  await polite.end()
  const later = new Peer(broker.stack, 5)
  await later.connect({
    clientId: 'later',
    will: { ...will, topic: 'later', properties: { willDelayInterval: 60 } },
    properties: { sessionExpiryInterval: 60 }
  })
  await broker.close()
  t.same(heard, ['now'], 'a delayed one waits for the next start, a polite client has none')
})

t.test('what is under way may finish', async t => {
  const broker = createBroker()
  let letGo = () => {}
  let reached = () => {}
  const there = new Promise<void>(resolve => {
    reached = resolve
  })
  let finished = false
  broker.use({
    async publish() {
      reached()
      await new Promise<void>(resolve => {
        letGo = resolve
      })
      finished = true
    }
  })
  await broker.start()
  const peer = new Peer(broker.stack, 4)
  await peer.connect()
  peer.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false })
  await there
  const ended = broker.close()
  t.notOk(finished)
  letGo()
  await ended
  t.ok(finished)
})

t.test('close() twice is once, and before the start it is fine too', async t => {
  const broker = createBroker()
  await broker.listen(0)
  const first = broker.close()
  t.equal(broker.close(), first)
  await first
  const idle = createBroker()
  await idle.close()
  await t.rejects(idle.start(), closed)
})

t.test('await using closes', async t => {
  let port = 0
  let outside: ReturnType<typeof createBroker>
  {
    await using broker = createBroker()
    outside = broker
    port = (await broker.listen(0))[0]!.port
  }
  t.equal(outside.stack.status, 'stopped')
  const late = net.connect(port)
  t.equal((await once(late, 'error').catch(err => [err]))[0].code, 'ECONNREFUSED')
})

t.test('a broker that is closed stays closed', async t => {
  const broker = createBroker()
  await broker.listen(0)
  await broker.close()
  await t.rejects(broker.listen(0), closed)
  await t.rejects(broker.start(), closed)
  await t.rejects(broker.publish('a', 'x'), closed)
  await t.rejects(
    broker.subscribe('a', () => {}),
    closed
  )
  await t.rejects(broker.retained.set('a', 'x'), closed)
  await t.rejects(broker.retained.get('a'), closed)
  t.throws(() => broker.attach({} as never), closed)
  t.throws(() => broker.use({ connect: () => {} }), { code: 'STACK_NOT_STARTED' })
})

t.test('close() while listen() is under way leaves nothing open', async t => {
  const broker = createBroker()
  await broker.start()
  const opening = broker.listen(
    { port: 0, host: '127.0.0.1' },
    { protocol: 'ws', port: 0, host: '127.0.0.1' }
  )
  const refused = t.rejects(opening, { code: /STACK_LISTEN|STACK_NOT_STARTED/ })
  await broker.close()
  await refused
  t.same(broker.listeners, [])
})
