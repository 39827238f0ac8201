import t from 'tap'
import { messages, Restarts } from '../lib/broker/restarts.js'

const ways = ['crash', 'restart'] as const

for (const way of ways) {
  t.test(`QoS 1 and 2 towards a client go on where they were after a ${way}`, async t => {
    const world = await Restarts.begin(t)
    const peer = await world.join('c')
    await peer.subscribe('one', { qos: 1 })
    await peer.subscribe('two', { qos: 2 })
    await world.publish('two', ['sent'], 2)
    await world.publish('one', ['sent', 'acknowledged'], 1)
    await world.publish('two', ['received', 'released', 'completed'], 2)
    t.same(await messages(peer, 6), [
      ...['1 sent', '2 sent', '3 acknowledged', '4 received', '5 released', '6 completed']
    ])
    peer.send({ cmd: 'puback', messageId: 3 })
    for (const messageId of [4, 5, 6]) {
      peer.send({ cmd: 'pubrec', messageId })
      t.equal((await peer.next('pubrel')).messageId, messageId)
    }
    peer.send({ cmd: 'pubcomp', messageId: 6 })
    await world.settled(peer)
    await world[way]()

    const back = await world.join('c')
    t.ok(back.present)
    t.same(await messages(back, 2), ['1 sent!', '2 sent!'], 'with their ids, in their order')
    t.equal((await back.next('pubrel')).messageId, 4, 'never the message again [5.0 MQTT-4.3.3-6]')
    t.equal((await back.next('pubrel')).messageId, 5)
    await back.nothing()
    await world.publish('one', ['new'])
    t.same(await messages(back, 1), ['6 new'], 'an identifier that is free')
    back.send({ cmd: 'puback', messageId: 2 }, { cmd: 'pubrec', messageId: 1 })
    await back.next('pubrel')
    for (const messageId of [1, 4, 5]) back.send({ cmd: 'pubcomp', messageId })
    await world.settled(back)
    await world[way]()

    const third = await world.join('c')
    t.same(await messages(third, 1), ['6 new!'])
    await third.nothing()
    t.same(
      world.errors.filter(({ message }) => !/connection|shutting/i.test(message)),
      []
    )
  })
}

t.test('a PUBLISH of QoS 2 and its PUBREL are on disk before they are sent', async t => {
  const world = await Restarts.begin(t)
  const peer = await world.join('c')
  await peer.subscribe('two', { qos: 2 })
  const publisher = await world.join('p')
  publisher.send({
    cmd: 'publish',
    topic: 'two',
    payload: 'x',
    qos: 2,
    messageId: 1,
    dup: false,
    retain: false
  })
  t.same(await messages(peer, 1), ['1 x'])
  await world.crash()
  const back = await world.join('c')
  t.same(await messages(back, 1), ['1 x!'])
  back.send({ cmd: 'pubrec', messageId: 1 })
  await back.next('pubrel')
  await world.crash()
  const third = await world.join('c')
  t.equal((await third.next('pubrel')).messageId, 1)
  await third.nothing()
})

t.test('what is sent again keeps to the new window, and what waits comes behind it', async t => {
  const world = await Restarts.begin(t)
  const peer = await world.join('c', { properties: { receiveMaximum: 3 } })
  await peer.subscribe('one', { qos: 1 })
  await world.publish('one', ['a', 'b', 'c', 'd', 'e'])
  t.same(await messages(peer, 3), ['1 a', '2 b', '3 c'])
  await world.settled(peer)
  await world.crash()
  const back = await world.join('c', { properties: { receiveMaximum: 2 } })
  t.same(await messages(back, 2), ['1 a!', '2 b!'])
  await back.nothing()
  back.send({ cmd: 'puback', messageId: 1 }, { cmd: 'puback', messageId: 2 })
  t.same(await messages(back, 2), ['3 c!', '4 d'])
  back.send({ cmd: 'puback', messageId: 3 })
  t.same(await messages(back, 1), ['5 e'])
})

t.test('MQTT 3.1.1 resumes a flow, too', async t => {
  const world = await Restarts.begin(t)
  const peer = await world.join('c', { version: 4 })
  await peer.subscribe('two', { qos: 2 })
  await world.publish('two', ['a', 'b'], 2)
  t.same(await messages(peer, 2), ['1 a', '2 b'])
  peer.send({ cmd: 'pubrec', messageId: 1 })
  await peer.next('pubrel')
  await world.settled(peer)
  await world.crash()
  const back = await world.join('c', { version: 4 })
  t.ok(back.present)
  t.equal((await back.next('pubrel')).messageId, 1)
  t.same(await messages(back, 1), ['2 b!'])
})
