import t from 'tap'
import { createLog } from '../../../lib/cli/log.js'
import { PacketLog } from '../../../lib/cli/log-packets.js'
import { createBroker } from '../../../lib/index.js'
import { turn } from '../../support/fake-clock.js'
import { Peer } from '../../support/peer.js'

async function setUp() {
  const written: string[] = []
  const log = createLog({ level: 'debug', format: 'json' }, { write: (line: string) => written.push(line) })
  const broker = createBroker()
  broker.stack.insert({ before: 'Connection' }, new PacketLog(log))
  await broker.start()
  const lines = () =>
    written.splice(0).map(line => {
      const { level, time, ...rest } = JSON.parse(line)
      return rest
    })
  return { broker, written, lines }
}

const inbound = (client: string, cmd: string) => ({ client, direction: 'in', cmd, msg: '→' })
const outbound = (client: string, cmd: string) => ({ client, direction: 'out', cmd, msg: '←' })

t.test('a line for every packet, in and out, in order', async t => {
  const { broker, lines } = await setUp()
  t.teardown(() => broker.close())
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c', username: undefined, keepalive: 30 })
  t.same(lines(), [
    { ...inbound('c', 'connect'), version: 5, keepalive: 30, clean: true },
    { ...outbound('c', 'connack'), reason: 0, sessionPresent: false }
  ])

  await peer.subscribe('a/+', { qos: 1 })
  t.same(lines(), [
    { ...inbound('c', 'subscribe'), mid: 60_000, filters: ['a/+ (1)'] },
    { ...outbound('c', 'suback'), mid: 60_000, granted: [1] }
  ])

  peer.send({ cmd: 'publish', topic: 'a/b', payload: 'hello', qos: 1, messageId: 7, dup: true, retain: true })
  const { messageId } = await peer.next('publish')
  await peer.next('puback')
  peer.send({ cmd: 'puback', messageId: messageId!, reasonCode: 0 })
  peer.send({ cmd: 'pingreq' })
  await peer.next('pingresp')
  t.same(lines(), [
    { ...inbound('c', 'publish'), topic: 'a/b', qos: 1, mid: 7, retain: true, dup: true, size: 5 },
    { ...outbound('c', 'publish'), topic: 'a/b', qos: 1, mid: messageId, size: 5 },
    { ...outbound('c', 'puback'), mid: 7, reason: 0 },
    { ...inbound('c', 'puback'), mid: messageId, reason: 0 },
    inbound('c', 'pingreq'),
    outbound('c', 'pingresp')
  ])

  peer.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['a/+'] })
  await peer.next('unsuback')
  peer.send({ cmd: 'disconnect', reasonCode: 4 })
  await peer.end()
  t.same(lines(), [
    { ...inbound('c', 'unsubscribe'), mid: 3, filters: ['a/+'] },
    { ...outbound('c', 'unsuback'), mid: 3, granted: [0] },
    { ...inbound('c', 'disconnect'), reason: 4 }
  ])
})

t.test('QoS 0 has no packet identifier; the four packets of QoS 2 have the same', async t => {
  const { broker, lines } = await setUp()
  t.teardown(() => broker.close())
  const peer = new Peer(broker.stack, 4)
  await peer.connect({ clientId: 'c' })
  lines()
  peer.send({ cmd: 'publish', topic: 'a', payload: '', qos: 0, dup: false, retain: false })
  peer.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 2, messageId: 9, dup: false, retain: false })
  await peer.next('pubrec')
  peer.send({ cmd: 'pubrel', messageId: 9 })
  await peer.next('pubcomp')
  t.same(lines(), [
    { ...inbound('c', 'publish'), topic: 'a', qos: 0, size: 0 },
    { ...inbound('c', 'publish'), topic: 'a', qos: 2, mid: 9, size: 1 },
    { ...outbound('c', 'pubrec'), mid: 9, reason: 0 },
    { ...inbound('c', 'pubrel'), mid: 9, reason: 0 },
    { ...outbound('c', 'pubcomp'), mid: 9, reason: 0 }
  ])
})

t.test('neither passwords nor payloads are written', async t => {
  const { broker, written } = await setUp()
  t.teardown(() => broker.close())
  broker.use({
    authenticateConnection(_ctx, store) {
      store.valid = true
    }
  })
  await broker.stack.whenReady()
  const peer = new Peer(broker.stack, 5)
  const will = { topic: 'w', payload: Buffer.from('GEHEIM'), qos: 0 as const, retain: false }
  await peer.connect({ clientId: 'c', username: 'ada', password: Buffer.from('GEHEIM'), will })
  await peer.subscribe('#')
  peer.send({ cmd: 'publish', topic: 'a', payload: 'GEHEIM', qos: 0, dup: false, retain: false })
  await peer.next('publish')
  peer.cut()
  await turn()
  const text = written.join('')
  t.match(text, /"username":"ada","will":"w"/)
  t.notMatch(text, /GEHEIM|R0VIRUlN|71,69,72/)
})

t.test('a packet that is refused is seen too', async t => {
  const { broker, lines } = await setUp()
  t.teardown(() => broker.close())
  const peer = new Peer(broker.stack, 4, { local: false })
  await peer.connect({ clientId: 'c' })
  t.same(lines(), [
    { ...inbound('c', 'connect'), version: 4, keepalive: 0, clean: true },
    { ...outbound('c', 'connack'), reason: 5, sessionPresent: false }
  ])
})

t.test('what the server says to a stopped client is seen', async t => {
  const { broker, lines } = await setUp()
  const peer = new Peer(broker.stack, 5)
  await peer.connect({ clientId: 'c' })
  lines()
  await broker.close()
  t.same(lines(), [{ ...outbound('c', 'disconnect'), reason: 0x8b }])
})
