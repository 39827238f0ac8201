import t from 'tap'
import { type Client, type Hooks, MqttError, Reason, type ReasonName } from '../../lib/index.js'
import { rawConnect, rawPublish } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { hosted } from '../support/hosted.js'
import { Peer } from '../support/peer.js'
import { SlowStream } from '../support/slow-stream.js'

/** Counts how often it is told that a client is gone, and with what. */
function gone(): { hooks: Hooks; ends: Array<{ id: string; state: string; by: string | null }> } {
  const ends: Array<{ id: string; state: string; by: string | null }> = []
  return {
    ends,
    hooks: {
      name: 'Gone',
      uninstall: ({ id, state, closedBy }) => ends.push({ id, state, by: closedBy?.message ?? null })
    }
  }
}

t.test('close() says why to connected peers of MQTT 5 only, with a reason that is legal there', async t => {
  const { stack, join } = await hosted()
  const { peer, client } = await join(5, 'five')
  const err = new MqttError('ServerMoved', 'elsewhere', {
    serverReference: 'other:1883',
    userProperties: [['k', 'v']]
  })
  client.close(err)
  t.match(await peer.next('disconnect'), {
    reasonCode: 0x9d,
    properties: { reasonString: 'elsewhere', serverReference: 'other:1883', userProperties: { k: 'v' } }
  })
  await peer.end()
  for (const version of [3, 4] as const) {
    const old = await join(version, `v${version}`)
    old.client.close('KeepAliveTimeout')
    await old.peer.end()
    t.strictSame(old.peer.packets, [], `level ${version}`)
  }
  const fresh = new Peer(stack, 5)
  fresh.client!.close('ServerShuttingDown')
  await fresh.end()
  t.equal(fresh.bytes.length, 0, 'not connected')
  const silent = await join(5, 'silent')
  silent.client.close()
  await silent.peer.end()
  t.strictSame(silent.peer.packets, [], 'without a reason there is none to tell')
  await stack.stop()
})

t.test('whatever the reason, DISCONNECT carries one of its own table', async t => {
  const { stack, join } = await hosted()
  const legal = new Set([
    ...[0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96],
    ...[0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2]
  ])
  for (const [name, code] of Object.entries(Reason)) {
    const { peer, client } = await join(5, name)
    client.close(name as ReasonName)
    const { reasonCode } = await peer.next('disconnect')
    t.equal(reasonCode, legal.has(code) ? code : 0x80, name)
    await peer.end()
  }
  await stack.stop()
})

t.test('a reason text is cut to what can be sent', async t => {
  const { stack, join, errors } = await hosted()
  const { peer, client } = await join()
  client.close(new MqttError('QuotaExceeded', `a\0${'é'.repeat(70_000)}`))
  const text = (await peer.next('disconnect')).properties!.reasonString!
  t.ok(text.startsWith('aéé') && text.length < 2000, `${text.length} characters`)
  t.strictSame(errors, [])
  await stack.stop()
})

for (const [title, end] of [
  ['close()', ({ client }) => client.close('KeepAliveTimeout')],
  ['drop()', ({ client }) => client.drop(new MqttError('KeepAliveTimeout'))],
  ['a broken stream', ({ peer }) => peer.cut()],
  ['the end of the stream', ({ peer }) => peer.stream.end()],
  ['bytes that are no packet', ({ peer }) => peer.raw([0x00, 0x00])]
] as Array<[string, (one: { peer: Peer; client: Client }) => void]>) {
  t.test(`${title} ends it exactly once`, async t => {
    const { hooks, ends } = gone()
    const { stack, join } = await hosted([hooks])
    const one = await join(5, 'x')
    let closes = 0
    one.client.on('close', err => {
      closes++
      t.equal(err, one.client.closedBy)
    })
    end(one)
    await turn()
    one.client.close('QuotaExceeded')
    one.client.drop(new MqttError('QuotaExceeded'))
    one.client.destroy()
    await turn()
    t.equal(closes, 1)
    t.equal(one.client.state, 'closed')
    t.equal(ends.length, 1)
    t.not(ends[0]!.by, 'Quota exceeded')
    t.equal(stack.connections.size, 0)
    await stack.stop()
    t.equal(ends.length, 1)
  })
}

t.test('an error of the stream is why it closed', async t => {
  const { hooks, ends } = gone()
  const { stack } = await hosted([hooks])
  const stream = new SlowStream(false)
  const client = stack.handler()(stream)!
  const reset = new Error('read ECONNRESET')
  stream.destroy(reset)
  await turn()
  t.equal(client.closedBy, reset)
  t.strictSame(ends, [{ id: '', state: 'closed', by: 'read ECONNRESET' }])
  stream.emit('error', new Error('another one'))
  t.equal(client.closedBy, reset)
  await stack.stop()
})

t.test('what comes after close() is read and thrown away', async t => {
  const seen: string[] = []
  const { stack, join } = await hosted([{ publish: (_client, packet) => void seen.push(packet.topic) }])
  const { peer, client } = await join()
  peer.raw(rawPublish(5, 'before'))
  await turn()
  client.close('QuotaExceeded')
  const { bytesReceived } = stack.counters
  for (let i = 0; i < 50; i++) peer.raw(rawPublish(5, 'after', { payload: Buffer.alloc(50_000) }))
  await peer.end()
  await turn()
  t.strictSame(seen, ['before'])
  t.ok(stack.counters.bytesReceived > bytesReceived, 'it was read')
  await stack.stop()
})

t.test('close() within a packet: the rest of the chunk is not handled', async t => {
  const seen: string[] = []
  const { stack, join } = await hosted([
    {
      publish(client, packet) {
        seen.push(packet.topic)
        if (packet.topic === 'close') client.close('AdministrativeAction')
      }
    }
  ])
  const { peer } = await join()
  peer.raw(Buffer.concat(['a', 'close', 'b'].map(topic => rawPublish(5, topic))))
  t.equal((await peer.next('disconnect')).reasonCode, 0x98)
  await peer.end()
  t.strictSame(seen, ['a', 'close'])
  await stack.stop()
})

t.test('closed while its packet waits, or while it is held, it is still read to the end', async t => {
  for (const hold of [false, true]) {
    let settle = () => {}
    const { stack, join } = await hosted([
      {
        publish(client) {
          if (hold) client.hold()
          client.close('AdministrativeAction')
          if (hold) return
          return new Promise<void>(resolve => {
            settle = resolve
          })
        }
      }
    ])
    const { peer, client } = await join()
    peer.raw(rawPublish(5, 'a'))
    await peer.next('disconnect')
    // It closes when the peer has: for that its end has to be read.
    await peer.end()
    await turn()
    t.equal(client.state, 'closed')
    settle()
    client.release()
    await turn()
    await stack.stop()
  }
})

t.test('the last bytes go out also to a peer that has said its last', async t => {
  const { stack } = await hosted()
  const stream = new SlowStream()
  const client = stack.handler()(stream)!
  stream.push(rawConnect(5, { flags: 3 }))
  stream.push(null)
  await turn()
  t.equal(client.state, 'closing')
  t.equal(stream.destroyed, false)
  stream.drain()
  await turn()
  t.equal(stream.bytes[0], 0x20, 'a CONNACK')
  t.equal(stream.ended, true)
  t.equal(client.state, 'closed')
  await stack.stop()
})

t.test('a fault of ours is reported as it is and ends that connection only', async t => {
  const bug = new RangeError('a bug')
  const { stack, errors, join } = await hosted()
  // Below what the kernel catches.
  const receive = stack.receive.bind(stack)
  stack.receive = (client, packet, type) => {
    if (packet.cmd === 'pingreq') throw bug
    return receive(client, packet, type)
  }
  const other = await join(5, 'other')
  const { peer, client } = await join(5, 'broken')
  peer.send({ cmd: 'pingreq' })
  const said = await peer.next('disconnect')
  t.equal(said.reasonCode, 0x80)
  t.notMatch(said.properties?.reasonString, /bug/)
  t.equal(errors.length, 1)
  t.equal(errors[0]!.err, bug)
  t.equal(errors[0]!.client, client)
  stack.receive = receive
  await other.peer.nothing()
  t.equal(errors.length, 1)
  await stack.stop()
})
