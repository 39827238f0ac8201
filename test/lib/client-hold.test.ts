import t from 'tap'
import type { Hooks, PublishPacket } from '../../lib/index.js'
import { rawPublish } from '../../spec-suite/protocol/bytes.js'
import { turn } from '../support/fake-clock.js'
import { hosted } from '../support/hosted.js'
import { gate } from '../support/tiny.js'

/** Records topics, and does what a test wants with them. */
function recording(): { hooks: Hooks; seen: string[]; on: Map<string, () => unknown> } {
  const seen: string[] = []
  const on = new Map<string, () => unknown>()
  return {
    seen,
    on,
    hooks: {
      name: 'Recording',
      publish(_client, { topic }: PublishPacket) {
        seen.push(topic)
        return on.get(topic)?.() as undefined
      }
    }
  }
}

function publishes(...topics: string[]): Buffer {
  return Buffer.concat(topics.map(topic => rawPublish(5, topic)))
}

t.test('one packet at a time: what waits keeps back those behind it', async t => {
  const { hooks, seen, on } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  const wait = gate()
  on.set('wait', () => wait.promise)
  peer.raw(publishes('a', 'wait', 'b', 'c'))
  await turn()
  peer.raw(publishes('d'))
  await turn()
  t.strictSame(seen, ['a', 'wait'])
  t.equal(client.isHeld, true)
  wait.open()
  await turn()
  t.strictSame(seen, ['a', 'wait', 'b', 'c', 'd'])
  t.equal(client.isHeld, false)
  await stack.stop()
})

t.test('hold() stops reading at once, until as many release() calls', async t => {
  const { hooks, seen } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  client.hold()
  client.hold()
  t.equal(client.isHeld, true)
  peer.raw(publishes('a', 'b'))
  await turn()
  t.strictSame(seen, [])
  client.release()
  await turn()
  t.strictSame(seen, [])
  client.release()
  t.strictSame(seen, [], 'it goes on in a turn of its own')
  await turn()
  t.strictSame(seen, ['a', 'b'])
  client.release()
  client.hold()
  t.equal(client.isHeld, true, 'one release() too many does no harm')
  client.release()
  peer.raw(publishes('c'))
  await turn()
  t.strictSame(seen, ['a', 'b', 'c'])
  await stack.stop()
})

t.test('held within a packet: that one is the last', async t => {
  const { hooks, seen, on } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  on.set('hold', () => client.hold())
  on.set('both', () => {
    client.hold()
    client.release()
  })
  peer.raw(publishes('a', 'hold', 'b', 'both', 'c'))
  await turn()
  t.strictSame(seen, ['a', 'hold'])
  client.release()
  t.strictSame(seen, ['a', 'hold'], 'it goes on in a turn of its own')
  await turn()
  t.strictSame(seen, ['a', 'hold', 'b', 'both', 'c'], 'nothing is lost or doubled')
  await stack.stop()
})

t.test('held while a packet waits: both have to be over', async t => {
  const { hooks, seen, on } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  for (const first of ['packet', 'hold']) {
    const wait = gate()
    on.set('wait', () => wait.promise)
    peer.raw(publishes('wait', 'next'))
    await turn()
    client.hold()
    const steps = [() => wait.open(), () => client.release()]
    if (first === 'hold') steps.reverse()
    steps[0]!()
    await turn()
    t.equal(seen.at(-1), 'wait')
    t.equal(client.isHeld, true)
    steps[1]!()
    await turn()
    t.equal(seen.at(-1), 'next', `${first} first`)
  }
  await stack.stop()
})

t.test('held again before the turn of release() comes', async t => {
  const { hooks, seen } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  client.hold()
  peer.raw(publishes('a'))
  await turn()
  client.release()
  client.hold()
  await turn()
  t.strictSame(seen, [])
  client.release()
  await turn()
  t.strictSame(seen, ['a'])
  await stack.stop()
})

t.test('what was read while held moves the time of the last packet', async t => {
  const { hooks } = recording()
  const { stack, clock, join } = await hosted([hooks])
  const { peer, client } = await join()
  const start = client.lastPacketAt
  client.hold()
  peer.raw(publishes('a'))
  await turn()
  clock.advance(500)
  client.release()
  await turn()
  t.equal(client.lastPacketAt, start + 500)
  client.hold()
  clock.advance(500)
  client.release()
  await turn()
  t.equal(client.lastPacketAt, start + 500, 'nothing came')
  await stack.stop()
})

t.test('a client that releases another goes on alone: no packet is handled inside another', async t => {
  const { hooks, seen, on } = recording()
  const { stack, join } = await hosted([hooks])
  const first = await join(5, 'first')
  const second = await join(5, 'second')
  let inside = 0
  on.set('release', () => {
    inside++
    second.client.release()
    inside--
  })
  on.set('released', () => {
    t.equal(inside, 0)
  })
  on.set('hold', () => second.client.hold())
  second.peer.raw(publishes('hold', 'released'))
  await turn()
  first.peer.raw(publishes('release'))
  await turn()
  t.strictSame(seen, ['hold', 'release', 'released'])
  await stack.stop()
})

t.test('releasing one that is gone does nothing', async t => {
  const { hooks, seen } = recording()
  const { stack, join } = await hosted([hooks])
  const { peer, client } = await join()
  client.hold()
  peer.raw(publishes('a'))
  await turn()
  client.close('QuotaExceeded')
  client.release()
  await peer.end()
  await turn()
  t.strictSame(seen, [])
  t.equal(client.state, 'closed')
  await stack.stop()
})
