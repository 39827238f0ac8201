import t from 'tap'
import { FakeDb } from './fake-db.js'
import { Hosted, message, publish } from './hosted.js'

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

t.test('what a turn writes is one batch, and commit is told after it', async t => {
  const hosted = await Hosted.on()
  t.equal(await hosted.commit(), null, 'nothing to wait for')
  t.equal(hosted.db.tries, 1, 'only the format was written')
  for (const name of ['a', 'b', 'c']) hosted.queue(name, publish(name))
  let settled = false
  hosted.stack.chain('commit').call({}, undefined, () => {
    settled = true
  })
  t.notOk(settled)
  await hosted.commit()
  t.ok(settled)
  t.equal(hosted.db.tries, 2)
  t.equal(hosted.db.keys('q').length, 3)
  await hosted.stack.stop()
  t.equal(hosted.db.opened, 0)
})

t.test('one batch at a time: what comes while one is written gathers for the next', async t => {
  const hosted = await Hosted.on()
  const { db } = hosted
  db.hold()
  const told: string[] = []
  const commit = (name: string) =>
    hosted.stack.chain('commit').call({}, undefined, () => {
      told.push(name)
    })
  hosted.queue('c', publish('1'))
  commit('first')
  await turn()
  t.equal(db.tries, 1, 'more may come')
  await turn()
  t.equal(db.tries, 2, 'a turn brought nothing')
  commit('nothing since')
  hosted.queue('c', publish('2'))
  commit('second')
  await turn()
  await turn()
  t.equal(db.tries, 2)
  t.same(told, [])
  db.release()
  await hosted.commit()
  t.same(told, ['first', 'nothing since', 'second'])
  t.equal(db.tries, 3)
  await hosted.stack.stop()
})

t.test('what is removed before its batch begins never reaches the disk', async t => {
  const hosted = await Hosted.on()
  hosted.send('c', message(publish('1'), { messageId: 1 }))
  await hosted.commit()
  const { length } = hosted.db.batches
  hosted.send('c', message(publish('2'), { messageId: 2 }))
  hosted.queue('c', publish('3'))
  t.ok(hosted.acknowledge('c', 2))
  t.notOk(hosted.acknowledge('c', 2))
  t.equal(await hosted.commit(), null)
  const [last] = hosted.db.batches.slice(length)
  t.same(
    last!.map(key => key.replace('-', '')[0]),
    ['q', 'z']
  )
  t.equal(hosted.db.keys('i').length, 1)
  // An identifier that is used again in the same turn is written anew, not forgotten.
  t.ok(hosted.acknowledge('c', 1))
  hosted.send('c', message(publish('4'), { messageId: 1 }))
  t.ok(hosted.acknowledge('c', 1))
  await hosted.commit()
  t.same(hosted.db.keys('i'), [])
  await hosted.stack.stop()
})

t.test('durability decides whether the disk is waited for', async t => {
  for (const durability of ['os', 'disk'] as const) {
    const hosted = await Hosted.on(new FakeDb(), { durability })
    t.equal(hosted.backend.durability, durability)
    hosted.queue('c', publish('1'))
    await hosted.commit()
    t.equal(hosted.db.synced.at(-1), durability === 'disk')
    await hosted.stack.stop()
  }
})

t.test('PUBREC writes a note and not the payload again', async t => {
  const hosted = await Hosted.on()
  const sent = message(publish('x'.repeat(1000)), { qos: 2, messageId: 9 })
  hosted.send('c', sent)
  await hosted.commit()
  hosted.send('c', { ...sent, released: true })
  await hosted.commit()
  t.same(
    hosted.db.batches.at(-1)!.map(key => key[0]),
    ['j']
  )
  const again = await Hosted.on(hosted.crashed())
  const { messages } = await again.run('lookupInflight', { clientId: 'c' }, { messages: [] })
  t.same(
    messages.map(({ messageId, released }) => [messageId, released]),
    [[9, true]]
  )
  t.ok(again.acknowledge('c', 9))
  await again.commit()
  t.same([...again.db.keys('i'), ...again.db.keys('j')], [])
  // Before its batch begins it is part of the message.
  again.send('c', { ...sent, released: false })
  again.send('c', { ...sent, released: true })
  await again.commit()
  t.same(again.db.keys('j'), [])
  const found = await again.run('lookupInflight', { clientId: 'c' }, { messages: [] })
  t.equal(found.messages[0]?.released, true)
  await hosted.stack.stop()
  await again.stack.stop()
})

t.test('a message that no bytes can be made of keeps nothing else from being written', async t => {
  const hosted = await Hosted.on()
  const bad = publish('bad')
  bad.properties = { contentType: 'x'.repeat(70_000) }
  hosted.queue('c', bad)
  hosted.queue('c', publish('good'))
  t.match(await hosted.commit(), Error)
  t.equal(hosted.errors.length, 1)
  t.same(await hosted.payloads('c'), ['good'])
  t.equal(await hosted.commit(), null)
  await hosted.stack.stop()
})

t.test('a batch that every turn adds to goes out after some milliseconds', async t => {
  const hosted = await Hosted.on()
  const { db } = hosted
  const add = async () => {
    hosted.queue('c', publish('1'))
    await turn()
  }
  for (let i = 0; i < 20; i++) await add()
  t.equal(db.tries, 1)
  hosted.clock.advance(3)
  await add()
  t.equal(db.tries, 2)
  t.equal(await hosted.commit(), null)
  await hosted.stack.stop()
})
