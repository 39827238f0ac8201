import type { Packet } from 'mqtt-packet'
import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'

async function started(options: Parameters<typeof createBroker>[0] = {}) {
  const clock = new FakeClock()
  const broker = createBroker({ clock, ...options })
  await broker.start()
  t.teardown(() => broker.close())
  const connect = async (clientId: string, connect: object = {}, version: 3 | 4 | 5 = 5) => {
    const peer = new Peer(broker.stack, version)
    await peer.connect({ clientId, ...connect })
    return peer
  }
  return { broker, clock, connect }
}

const publish = (qos: 0 | 1 | 2, payload: string, messageId = 1, rest: object = {}): Packet =>
  ({ cmd: 'publish', topic: 'a/b', qos, payload, messageId, retain: false, dup: false, ...rest }) as Packet
const ack = (cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', messageId: number) =>
  ({ cmd, messageId, reasonCode: 0 }) as Packet
const durable = { clean: false, properties: { sessionExpiryInterval: 300 } }

for (const version of [3, 4, 5] as const) {
  t.test(`a message of each QoS goes all the way, MQTT level ${version}`, async t => {
    const { connect } = await started()
    const publisher = await connect('publisher', {}, version)
    const subscriber = await connect('subscriber', {}, version)
    await subscriber.subscribe('a/+', { qos: 2 })
    publisher.send(publish(0, 'zero'))
    t.match(await subscriber.next('publish'), { qos: 0, payload: Buffer.from('zero') })
    publisher.send(publish(1, 'one', 11))
    t.match(await publisher.next('puback'), { messageId: 11 })
    const one = await subscriber.next('publish')
    t.match(one, { qos: 1, payload: Buffer.from('one'), dup: false })
    subscriber.send(ack('puback', one.messageId!))
    publisher.send(publish(2, 'two', 12))
    t.match(await publisher.next('pubrec'), { messageId: 12 })
    publisher.send(ack('pubrel', 12))
    t.match(await publisher.next('pubcomp'), { messageId: 12 })
    const two = await subscriber.next('publish')
    subscriber.send(ack('pubrec', two.messageId!))
    t.match(await subscriber.next('pubrel'), { messageId: two.messageId })
    subscriber.send(ack('pubcomp', two.messageId!))
    await subscriber.nothing()
    await publisher.nothing()
  })
}

t.test('a session that comes back gets what it had not acknowledged, then what it missed', async t => {
  const { connect } = await started()
  const publisher = await connect('publisher')
  const subscriber = await connect('subscriber', durable)
  await subscriber.subscribe('a/b', { qos: 2 })
  publisher.send(publish(1, 'open', 1), publish(2, 'received', 2))
  const open = await subscriber.next('publish')
  const received = await subscriber.next('publish')
  subscriber.send(ack('pubrec', received.messageId!))
  await subscriber.next('pubrel')
  subscriber.cut()
  await turn()
  publisher.send(publish(0, 'lost'), publish(1, 'missed', 3))
  for (const cmd of ['puback', 'pubrec', 'puback'] as const) await publisher.next(cmd)
  const again = new Peer(publisher.client!.stack)
  t.match(await again.connect({ clientId: 'subscriber', ...durable }), { sessionPresent: true })
  t.match(await again.next('publish'), { dup: true, messageId: open.messageId, payload: Buffer.from('open') })
  t.match(await again.next('pubrel'), { messageId: received.messageId })
  t.match(await again.next('publish'), { dup: false, payload: Buffer.from('missed') })
  await again.nothing()
})

t.test(
  'a publisher with more open than it may have is disconnected with 0x93 [5.0 MQTT-3.3.4-7]',
  async t => {
    const { connect } = await started({ receiveMaximum: 2 })
    const publisher = await connect('publisher')
    publisher.send(publish(2, 'm', 1), publish(2, 'm', 2), publish(2, 'm', 3))
    await publisher.next('pubrec')
    await publisher.next('pubrec')
    t.match(await publisher.next('disconnect'), { reasonCode: 0x93 })
    await publisher.end()
  }
)

t.test('what a member of a shared group had open goes to another when its session ends', async t => {
  const { clock, connect } = await started()
  const leaving = await connect('leaving', { ...durable, properties: { sessionExpiryInterval: 10 } })
  const staying = await connect('staying')
  await leaving.subscribe('$share/g/a/b', { qos: 2 })
  const publisher = await connect('publisher')
  publisher.send(publish(1, 'one', 1), publish(2, 'two', 2))
  t.match(await leaving.next('publish'), { payload: Buffer.from('one') })
  t.match(await leaving.next('publish'), { payload: Buffer.from('two') })
  await staying.subscribe('$share/g/a/b', { qos: 2 })
  leaving.cut()
  clock.advance(5000)
  await staying.nothing()
  clock.advance(10_000)
  t.match(await staying.next('publish'), { payload: Buffer.from('one'), dup: false, qos: 1 })
  await staying.nothing()
})

t.test('one retained message after the other reaches a window of five, and nothing comes twice', async t => {
  const { broker, connect } = await started()
  const count = 10_000
  for (let i = 0; i < count; i++) {
    await broker.stack.publish({ topic: `r/${i}`, payload: Buffer.from(`${i}`), qos: 1, retain: true })
  }
  const subscriber = await connect('subscriber', { properties: { receiveMaximum: 5 } })
  await subscriber.subscribe('r/#', { qos: 1 })
  const seen = new Set<string>()
  let open = 0
  for (let i = 0; i < count; i++) {
    const { payload, messageId, retain } = await subscriber.next('publish')
    seen.add(payload.toString())
    open++
    if (!retain) t.fail('a retained message has RETAIN 1')
    if (subscriber.packets.length > 5) t.fail('more than the window is open')
    if (i === 20) {
      // A live message in between goes behind what waits, and is not lost.
      await broker.stack.publish({ topic: 'r/live', payload: Buffer.from('live'), qos: 0 })
      t.match(
        (await subscriber.packets.find(packet => packet.cmd === 'publish' && packet.topic === 'r/live')) ??
          null,
        null
      )
    }
    subscriber.send(ack('puback', messageId!))
    if (i === 20) {
      await turn()
      const live = subscriber.packets.findIndex(
        packet => packet.cmd === 'publish' && packet.topic === 'r/live'
      )
      t.not(live, -1)
      subscriber.packets.splice(live, 1)
    }
  }
  t.equal(seen.size, count)
  t.equal(open, count)
  await subscriber.nothing()
})

t.test(
  'a subscriber that does not read slows its publisher down, then loses QoS 0, and holds nobody else',
  async t => {
    const { broker, clock, connect } = await started({ slowTimeout: 1000 })
    const dropped: string[] = []
    broker.on('dropped', ({ reason, clientId }) => dropped.push(`${clientId} ${reason}`))
    const slow = await connect('slow')
    const publisher = await connect('publisher')
    await slow.subscribe('a/b', { qos: 0 })
    slow.stream.pause()
    const large = 'x'.repeat(20_000)
    while (slow.client!.congested === false) {
      publisher.send(publish(0, large))
      await turn()
    }
    publisher.send(publish(0, large))
    await turn()
    t.equal(publisher.client!.isHeld, true)
    t.same(dropped, [])
    clock.advance(2000)
    t.equal(publisher.client!.isHeld, false)
    publisher.send(publish(0, large), publish(1, 'acknowledged', 7))
    t.match(await publisher.next('puback'), { messageId: 7 })
    t.same(dropped, ['slow slow-consumer', 'slow slow-consumer'], 'granted QoS 0, both are QoS 0 to it')
    slow.stream.resume()
    while (slow.client!.congested) await turn()
    slow.packets.length = 0
    publisher.send(publish(0, 'again'))
    t.match(await slow.next('publish'), { payload: Buffer.from('again') })
  }
)

t.test('a function of the process gets messages, and may unsubscribe while it does', async t => {
  const { broker, connect } = await started()
  const got: string[] = []
  const end = await broker.subscribe('a/#', packet => {
    got.push(packet.payload.toString())
    end()
  })
  const publisher = await connect('publisher')
  publisher.send(publish(1, 'one', 1), publish(1, 'two', 2))
  t.match(await publisher.next('puback'), { reasonCode: 0 })
  t.match(await publisher.next('puback'), { reasonCode: 0x10 })
  t.same(got, ['one'])
})

t.test('a retained message from before a subscription and a live one come in that order', async t => {
  const { connect } = await started()
  const publisher = await connect('publisher')
  publisher.send(publish(1, 'kept', 1, { retain: true }))
  await publisher.next('puback')
  const subscriber = await connect('subscriber')
  await subscriber.subscribe('a/#', { qos: 1 })
  publisher.send(publish(1, 'live', 2, { retain: true }))
  t.match(await subscriber.next('publish'), { payload: Buffer.from('kept'), retain: true })
  t.match(await subscriber.next('publish'), { payload: Buffer.from('live'), retain: false })
  await subscriber.nothing()
})
