import t from 'tap'
import { messages, publish, Restarts } from '../lib/broker/restarts.js'

t.test('a session that was offline has the time it had left, whatever the restart took', async t => {
  const world = await Restarts.begin(t)
  for (const [id, expiry] of [
    ['short', 50],
    ['long', 100],
    ['back', 100]
  ] as const) {
    const peer = await world.join(id, { expiry })
    peer.cut()
  }
  await world.restart(60_000)
  t.equal(world.broker.stats().sessions, 3, 'nobody looked yet')
  await world.later(1000)
  t.equal(world.broker.stats().sessions, 2)
  t.notOk((await world.join('short', { clean: false })).present)
  t.ok((await world.join('back')).present)
  await world.later(38_000)
  t.ok(world.broker.stack.sessions.has('long'))
  await world.later(2000)
  t.notOk(world.broker.stack.sessions.has('long'))
  await world.restart()
  t.notOk(world.broker.stack.sessions.has('long'))
  t.ok(world.broker.stack.sessions.has('back'))
})

t.test('a crash leaves sessions that look connected: their time runs from the start, once', async t => {
  const world = await Restarts.begin(t)
  await world.join('c', { expiry: 100 })
  await world.join('d', { expiry: 100 })
  await world.later(500_000)
  await world.crash(1_000_000)
  await world.later(60_000)
  t.ok((await world.join('d', { expiry: 100 })).present)
  await world.crash()
  await world.later(39_000)
  t.ok(world.broker.stack.sessions.has('c'))
  await world.later(2000)
  t.same([...world.broker.stack.sessions.keys()], ['d'])
})

t.test('sessions that end with their connection are not there after a crash, the others are', async t => {
  const world = await Restarts.begin(t)
  await world.join('ends', { expiry: 0 })
  await world.join('clean-3', { version: 4, clean: true })
  await world.join('kept-3', { version: 4 })
  await world.join('kept-5')
  await world.settled()
  await world.crash(1_000_000_000)
  await world.later(1000)
  t.same([...world.broker.stack.sessions.keys()].sort(), ['kept-3', 'kept-5'])
  t.ok((await world.join('kept-3', { version: 4 })).present)
  t.notOk((await world.join('clean-3', { version: 4 })).present)
})

t.test('what DISCONNECT and a clean start have changed holds after a crash', async t => {
  const world = await Restarts.begin(t)
  const shorter = await world.join('shorter', { expiry: 100 })
  shorter.send({ cmd: 'disconnect', properties: { sessionExpiryInterval: 10 } })
  await shorter.end()
  const left = await world.join('again')
  await left.subscribe('a/#', { qos: 1 })
  left.cut()
  await world.publish('a/b', ['for the old one'])
  const again = await world.join('again', { clean: true })
  t.notOk(again.present)
  await world.settled(again)
  await world.crash(11_000)
  await world.later(1000)
  t.notOk(world.broker.stack.sessions.has('shorter'))
  const back = await world.join('again')
  t.ok(back.present)
  t.equal(world.broker.stats().subscriptions, 0)
  await back.nothing()
})

t.test('subscriptions come back with all their options, and nothing retained comes with them', async t => {
  const world = await Restarts.begin(t)
  const peer = await world.join('c')
  await peer.subscribe('plain/+', { qos: 1 })
  await peer.subscribe('own/#', { qos: 2, nl: true })
  await peer.subscribe('kept/#', { qos: 1, rap: true }, { subscriptionIdentifier: 7 })
  await peer.subscribe('gone/#', { qos: 1 })
  await peer.subscribe('plain/+', { qos: 2 })
  peer.send({ cmd: 'unsubscribe', messageId: 9, unsubscriptions: ['gone/#'] })
  await peer.next('unsuback')
  await world.publish('kept/a', ['retained'], 1, { retain: true })
  await peer.next('publish')
  peer.send({ cmd: 'puback', messageId: 1 })
  await world.settled(peer)
  await world.crash()
  const back = await world.join('c')
  await back.nothing()
  t.equal(world.broker.stats().subscriptions, 3)
  for (const topic of ['gone/x', 'own/x']) back.send(publish(topic, 'no', { messageId: 5 }))
  t.equal((await back.next('puback')).reasonCode, 0x10)
  await back.next('puback')
  await world.publish('kept/b', ['k'], 1, { retain: true })
  t.match(await back.next('publish'), { retain: true, properties: { subscriptionIdentifier: 7 } })
  await world.publish('plain/b', ['p'], 2, { retain: true })
  t.match(await back.next('publish'), { retain: false, qos: 2 })
})

t.test('a shared subscription is shared as before', async t => {
  const world = await Restarts.begin(t)
  for (const id of ['a', 'b']) {
    const peer = await world.join(id)
    await peer.subscribe('$share/group/job', { qos: 1 })
    peer.cut()
  }
  await world.crash()
  const [a, b] = [await world.join('a'), await world.join('b')]
  await world.publish('job', ['1', '2', '3', '4'])
  const found = [...(await messages(a, 2)), ...(await messages(b, 2))].map(text => text.slice(2))
  t.same(found.sort(), ['1', '2', '3', '4'], 'each once, half of them for each')
  await Promise.all([a.nothing(), b.nothing()])
})
