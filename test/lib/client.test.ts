import { setFlagsFromString } from 'node:v8'
import t from 'tap'
import { type Client, DONE, type Hooks, MqttError, type Packet } from '../../lib/index.js'
import { packet, rawConnect, rawPublish } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { hosted } from '../support/hosted.js'
import { Peer } from '../support/peer.js'

t.test('a client goes from new to connected, closing and closed', async t => {
  const { stack } = await hosted()
  const peer = new Peer(stack, 5)
  const client = peer.client!
  t.equal(client.state, 'new')
  t.equal(client.isOpen, true)
  await peer.connect()
  t.equal(client.state, 'connected')
  t.equal(client.isOpen, true)
  client.close()
  t.equal(client.state, 'closing')
  t.equal(client.isOpen, false)
  await peer.end()
  await turn()
  t.equal(client.state, 'closed')
  t.equal(stack.connections.size, 0)
  await stack.stop()
})

t.test('it counts packets and bytes in both directions', async t => {
  const { stack, join } = await hosted()
  const { peer, client } = await join()
  t.equal(client.packetsReceived, 1)
  t.equal(client.bytesWritten, peer.bytes.length)
  await peer.nothing()
  t.equal(client.packetsReceived, 2)
  t.equal(client.bytesWritten, peer.bytes.length)
  t.equal(stack.counters.bytesSent, peer.bytes.length)
  t.equal(stack.counters.connections, 1)
  const before = stack.counters.bytesReceived
  peer.raw([0x30])
  await turn()
  t.equal(stack.counters.bytesReceived, before + 1)
  await stack.stop()
})

t.test('only whole packets move the time of the last one', async t => {
  const { stack, clock, join } = await hosted()
  const { peer, client } = await join()
  const start = client.lastPacketAt
  t.equal(client.connectedAt, start)
  clock.advance(1000)
  const wire = rawPublish(5, 'a')
  peer.raw(wire.subarray(0, 1))
  await turn()
  peer.raw(wire.subarray(1, wire.length - 1))
  await turn()
  t.equal(client.lastPacketAt, start, 'half a packet is none')
  clock.advance(1000)
  peer.raw(wire.subarray(wire.length - 1))
  await turn()
  t.equal(client.lastPacketAt, start + 2000)
  await stack.stop()
})

t.test('write() tells once what became of the packet', async t => {
  const dropPings: Hooks = { outgoing: (_client, packet) => (packet.cmd === 'pingresp' ? null : packet) }
  const { stack, join } = await hosted([dropPings])
  const { peer, client } = await join()
  const told: unknown[] = []
  const done = (err?: Error | null) => told.push(err instanceof MqttError ? err.reasonName : err)
  t.equal(client.write({ cmd: 'puback', messageId: 1, reasonCode: 0 }, done), true)
  t.strictSame(told, [null])
  t.equal(client.write({ cmd: 'pingresp' }, done), true)
  t.strictSame(told, [null, null], 'a hook dropped it')
  client.maximumPacketSize = 5
  client.write({ cmd: 'suback', messageId: 1, granted: [0] }, done)
  t.strictSame(told, [null, null, 'PacketTooLarge'])
  t.equal((await peer.next('puback')).messageId, 1)
  client.close()
  t.equal(client.write({ cmd: 'puback', messageId: 2, reasonCode: 0 }, done), false)
  t.equal(told.length, 4)
  t.equal(told[3], 'UnspecifiedError')
  t.equal(client.write({ cmd: 'pingresp' }), false, 'also when nobody asks')
  client.acknowledge(0x40, 3)
  await peer.end()
  t.strictSame(peer.packets, [], 'nothing comes after the end')
  await stack.stop()
})

t.test('an acknowledgement is four bytes, and none for who takes no four [5.0 MQTT-3.1.2-24]', async t => {
  const { stack, join } = await hosted()
  const { peer, client } = await join()
  client.acknowledge(0x40, 0x1234)
  t.match(await peer.next('puback'), { messageId: 0x1234, reasonCode: 0 })
  client.maximumPacketSize = 3
  client.acknowledge(0x40, 7)
  client.maximumPacketSize = 4
  client.acknowledge(0x62, 8)
  t.equal((await peer.next('pubrel')).messageId, 8)
  await stack.stop()
})

t.test('a packet that cannot be encoded ends the connection and no process', async t => {
  const { stack, errors, join } = await hosted()
  const { peer, client } = await join()
  const told: unknown[] = []
  client.write({ cmd: 'puback', messageId: 99_999, reasonCode: 0 }, err => told.push(err))
  t.equal(told.length, 1)
  t.ok(told[0] instanceof RangeError)
  t.equal((await peer.next('disconnect')).reasonCode, 0x80)
  t.equal(errors.length, 1)
  t.equal(errors[0]!.err, told[0])
  t.equal(errors[0]!.client, client)
  await peer.end()
  await stack.stop()
})

t.test('a hook that throws, or that closes, ends the connection once', async t => {
  const bug = new TypeError('bug')
  let fail: (client: Client, packet: Packet) => void = () => {}
  const outgoing: Hooks = {
    outgoing(client, packet) {
      fail(client, packet)
      return packet
    }
  }
  const { stack, errors, join } = await hosted([outgoing])
  const first = await join(5, 'a')
  fail = () => {
    throw bug
  }
  first.client.write({ cmd: 'pingresp' }, err => t.equal(err, bug))
  t.equal(first.client.state, 'closing')
  t.strictSame(
    errors.map(({ err }) => err),
    [bug, bug],
    'for the packet and for the DISCONNECT that should have said so'
  )
  await first.peer.end()
  t.strictSame(first.peer.packets, [])

  fail = () => {}
  const second = await join(5, 'b')
  fail = client => client.close('QuotaExceeded')
  second.client.write({ cmd: 'pingresp' }, err => t.match(err, { name: 'MqttError' }))
  t.equal((await second.peer.next('disconnect')).reasonCode, 0x97)
  await second.peer.end()
  t.strictSame(second.peer.packets, [], 'no PINGRESP after DISCONNECT')
  fail = () => {}
  await stack.stop()
})

t.test('congested while more waits than the mark, and told when it has drained', async t => {
  const seen: string[] = []
  const { stack, join } = await hosted([
    {
      clientCongested: ({ client }) => void seen.push(`congested ${client.id}`),
      clientDrained: ({ client }) => void seen.push(`drained ${client.id}`)
    }
  ])
  const { peer, client } = await join()
  peer.stream.pause()
  client.on('drain', () => seen.push('drain'))
  const payload = Buffer.alloc(200_000)
  const message = { cmd: 'publish' as const, topic: 't', payload, qos: 0 as const, retain: false, dup: false }
  const big = { ...message, messageId: 0, properties: undefined }
  t.equal(client.write(big), true)
  await turn()
  client.write(big)
  await turn()
  t.equal(client.congested, true)
  t.equal(client.write({ cmd: 'pingresp' }), false)
  t.strictSame(seen, ['congested c'])
  peer.stream.resume()
  for (let i = 0; i < 2; i++) await peer.next('publish')
  await turn()
  t.equal(client.congested, false)
  t.strictSame(seen, ['congested c', 'drained c', 'drain'])
  await stack.stop()
})

t.test('a second CONNECT does not change the version that is spoken', async t => {
  const { stack } = await hosted([{ name: 'Auth', connect: () => DONE }])
  const peer = new Peer(stack, 5)
  peer.raw(rawConnect(5))
  await turn()
  t.equal(peer.client!.version, 5)
  peer.raw(rawConnect(3))
  await turn()
  t.equal(peer.client!.version, 5)
  await stack.stop()
})

t.test('a CONNECT of MQTT 5 with a length longer than needed is malformed [5.0 MQTT-1.5.5-1]', async t => {
  const { stack } = await hosted()
  const wire = rawConnect(5)
  const padded = Buffer.concat([Buffer.from([0x10, wire[1]! | 0x80, 0]), wire.subarray(2)])
  const peer = new Peer(stack, 5)
  peer.raw(padded)
  t.equal((await peer.next('connack')).reasonCode, 0x81)
  await peer.end()
  const old = rawConnect(4)
  const lenient = new Peer(stack, 4)
  lenient.raw(Buffer.concat([Buffer.from([0x10, old[1]! | 0x80, 0]), old.subarray(2)]))
  t.equal((await lenient.next('connack')).returnCode, 0)
  await stack.stop()
})

t.test('a packet above the limit is refused by its header', async t => {
  const { stack, join } = await hosted([], { maximumPacketSize: 100 })
  const { peer } = await join()
  peer.raw([0x30, 99])
  t.equal((await peer.next('disconnect')).reasonCode, 0x95)
  await peer.end()
  await stack.stop()
})

t.test('all clients have one shape, whatever became of them', async t => {
  setFlagsFromString('--allow-natives-syntax')
  const sameShape = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: object, b: object) => boolean
  const { stack, join } = await hosted()
  const used = (await join(5, 'used')).client
  used.username = 'u'
  used.keepalive = 60
  used.maximumPacketSize = 1000
  used.on('drain', () => {})
  const old = (await join(4, 'old')).client
  const fresh = new Peer(stack, 5).client!
  const closed = await join(5, 'closed')
  closed.client.close('KeepAliveTimeout')
  await closed.peer.end()
  await turn()
  for (const client of [old, fresh, closed.client]) t.equal(sameShape(used, client), true, client.id)
  t.equal(sameShape(used, { ...used }), false, 'another one is told apart')
  await stack.stop()
})

t.test('bytes that are no MQTT are answered with nothing', async t => {
  const { stack, errors } = await hosted()
  const peer = new Peer(stack, 5)
  peer.raw(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  await peer.end()
  t.equal(peer.bytes.length, 0)
  t.equal(errors.length, 1)
  const other = new Peer(stack, 5)
  other.raw(packet(0xc0))
  await other.end()
  t.equal(other.bytes.length, 0)
  await stack.stop()
})
