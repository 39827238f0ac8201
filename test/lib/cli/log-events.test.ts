import t from 'tap'
import { createLog, type LogLevel } from '../../../lib/cli/log.js'
import { logEvents } from '../../../lib/cli/log-events.js'
import { type BrokerOptions, createBroker } from '../../../lib/index.js'
import { FakeClock, turn } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'

async function setUp(level: LogLevel = 'info', options: BrokerOptions = {}) {
  const written: string[] = []
  const clock = new FakeClock()
  const broker = createBroker({ clock, ...options })
  const log = createLog({ level, format: 'json' }, { write: (line: string) => written.push(line) })
  const flush = logEvents(broker, log)
  await broker.start()
  const lines = () =>
    written.splice(0).map(line => {
      const { time, ...rest } = JSON.parse(line)
      return rest
    })
  return { broker, clock, flush, lines }
}

t.test('says who came, from where and how', async t => {
  const { broker, lines } = await setUp()
  t.teardown(() => broker.close())
  const peer = new Peer(broker.stack, 5, {
    ...{ local: true, listener: 'tcp', remoteAddress: '::1', remotePort: 9 }
  })
  await peer.connect({ clientId: 'c', keepalive: 30 })
  t.same(lines(), [
    {
      ...{ level: 30, msg: 'client connected', client: 'c', listener: 'tcp', address: '::1 9' },
      ...{ version: 5, keepalive: 30, clean: true, sessionPresent: false }
    }
  ])
})

t.test('says who went, and why', async t => {
  const { broker, lines } = await setUp()
  t.teardown(() => broker.close())
  const left = async (end: (peer: Peer) => void) => {
    const peer = new Peer(broker.stack, 5)
    await peer.connect({ clientId: 'c' })
    lines()
    end(peer)
    await turn()
    return lines().filter(({ msg }) => msg === 'client disconnected')
  }
  const gone = { level: 30, msg: 'client disconnected', client: 'c' }
  t.same(await left(peer => peer.send({ cmd: 'disconnect', reasonCode: 0 })), [
    { ...gone, clean: true, reason: 'it said DISCONNECT' }
  ])
  t.same(await left(peer => peer.send({ cmd: 'disconnect', reasonCode: 4 })), [
    { ...gone, clean: false, reason: 'it said DISCONNECT and asked for its will' }
  ])
  t.same(await left(peer => peer.cut()), [{ ...gone, clean: false, reason: 'it went without DISCONNECT' }])
  t.same(await left(peer => peer.raw([0x00, 0x00])), [
    { ...gone, clean: false, reason: 'packet type 0 does not exist in protocol level 5' }
  ])
})

t.test('refusals of a kind are told at most once a second, with their count', async t => {
  const { broker, clock, lines } = await setUp('warn')
  t.teardown(() => broker.close())
  const refused = async (clientId: string) => {
    const peer = new Peer(broker.stack, 5, { local: false, listener: 'tcp' })
    await peer.connect({ clientId })
  }
  for (const id of ['a', 'b', 'c']) await refused(id)
  const line = { level: 40, msg: 'refused', listener: 'tcp', reason: 'NotAuthorized' }
  const detail = 'anonymous clients are not allowed here'
  t.same(lines(), [{ ...line, client: 'a', detail, count: 1 }])
  clock.advance(1000)
  t.same(lines(), [{ ...line, client: 'c', detail, count: 2 }])
})

t.test('messages that are lost are told at most once a second for each reason', async t => {
  const { broker, flush, lines } = await setUp('warn', { maximumQueuedMessages: 1 })
  t.teardown(() => broker.close())
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c', clean: false, properties: { sessionExpiryInterval: 100 } })
  await peer.subscribe('a/#', { qos: 1 })
  peer.send({ cmd: 'disconnect', reasonCode: 0 })
  await peer.end()
  for (let i = 0; i < 4; i++) await broker.publish(`a/${i}`, 'GEHEIM', { qos: 1 })
  const line = { level: 40, msg: 'message dropped', client: 'c', reason: 'queue-full' }
  t.same(lines(), [{ ...line, topic: 'a/1', count: 1 }])
  flush()
  t.same(lines(), [{ ...line, topic: 'a/3', count: 2 }])
})

t.test('our own faults are errors with a stack', async t => {
  const { broker, lines } = await setUp('error')
  t.teardown(() => broker.close())
  broker.use({
    publish() {
      throw new TypeError('boom')
    }
  })
  await broker.stack.whenReady()
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c' })
  peer.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId: 1, dup: false, retain: false })
  await peer.end()
  const [line, ...more] = lines()
  t.same(more, [])
  t.match(line, {
    level: 50,
    msg: 'internal error',
    client: 'c',
    count: 1,
    err: { type: 'TypeError', message: 'boom' }
  })
  t.match(line.err.stack, /log-events\.test\.ts/)
})

t.test('what is not logged is not listened to', async t => {
  const listening = async (level: LogLevel) => {
    const { broker } = await setUp(level)
    await broker.close()
    return (['connect', 'disconnect', 'dropped', 'error'] as const).filter(
      event => broker.events.listenerCount(event) > 0
    )
  }
  t.same(await listening('info'), ['connect', 'disconnect', 'dropped', 'error'])
  t.same(await listening('warn'), ['dropped', 'error'])
  t.same(await listening('error'), ['error'])
  t.same(await listening('silent'), [])
})
