import t from 'tap'
import { publish, Restarts } from '../lib/broker/restarts.js'

const retain = true

t.test('retained messages come back as they were, with the time they had left', async t => {
  const world = await Restarts.begin(t)
  const userProperties = { b: '2', a: ['1', '3'] }
  const properties = { messageExpiryInterval: 100, contentType: 'text/x', userProperties }
  await world.publish('r/long', ['1'], 2, { retain, properties })
  await world.publish('r/short', ['1'], 1, { retain, properties: { messageExpiryInterval: 30 } })
  await world.publish('r/changed', ['old', 'new'], 0, { retain })
  await world.publish('r/removed', ['1', ''], 1, { retain })
  await world.restart(60_000)
  t.equal(world.broker.stats().retained.messages, 3, 'without those that were removed')
  const peer = await world.join('c')
  await peer.subscribe('r/#', { qos: 2 })
  const found = [await peer.next('publish'), await peer.next('publish')]
  const [changed, long] = found.sort((a, b) => (a.topic < b.topic ? -1 : 1))
  t.match(changed, { topic: 'r/changed', qos: 0, retain, payload: Buffer.from('new') })
  t.match(long, { topic: 'r/long', qos: 2, retain, properties: { contentType: 'text/x', userProperties } })
  t.equal(long!.properties?.messageExpiryInterval, 40)
  await peer.nothing()
  await world.later(1000)
  t.equal(world.broker.stats().retained.messages, 2, 'the one that had expired is swept')
  await world.later(40_000)
  t.equal(world.broker.stats().retained.messages, 1)
  await world.crash()
  t.equal(world.broker.stats().retained.messages, 1, 'for good')
  t.same(world.errors, [])
})

t.test('what is retained counts against the limits after a restart', async t => {
  const world = await Restarts.begin(t, { maximumRetainedMessages: 2, maximumRetainedBytes: 20 })
  await world.publish('r/a', ['1234'], 1, { retain })
  await world.publish('r/b', ['1234'], 1, { retain })
  await world.crash()
  t.same(world.broker.stats().retained, { messages: 2, bytes: 14 })
  const peer = await world.join('p')
  const codes: number[] = []
  for (const [topic, payload] of [
    ['r/c', 'too many'],
    ['r/a', 'too many bytes'],
    ['r/a', '123456789'],
    ['r/b', ''],
    ['r/c', '12345']
  ] as const) {
    peer.send(publish(topic, payload, { retain }))
    codes.push((await peer.next('puback')).reasonCode!)
  }
  t.same(codes, [0x97, 0x97, 0x10, 0x10, 0x10])
  await world.restart()
  t.same(world.broker.stats().retained, { messages: 2, bytes: 20 })
})

t.test('the program sees what was retained before', async t => {
  const world = await Restarts.begin(t)
  await world.broker.retained.set('state/$x', 'on', { ttl: 10 })
  await world.broker.retained.set('$hidden', 'too')
  await world.restart(5000)
  t.match(await world.broker.retained.get('state/$x'), { payload: Buffer.from('on') })
  t.match(await world.broker.retained.get('$hidden'), { payload: Buffer.from('too') })
  await world.restart(6000)
  t.notOk(await world.broker.retained.get('state/$x'))
})
