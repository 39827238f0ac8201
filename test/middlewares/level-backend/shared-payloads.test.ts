import t from 'tap'
import type { Publish } from '../../../lib/index.js'
import { Hosted, message, publish } from './hosted.js'

const names = Array.from({ length: 20 }, (_, i) => `client-${i}`)

async function fanOut(payload = 'x'.repeat(500)) {
  const hosted = await Hosted.on()
  const packet = publish(payload)
  for (const name of names) hosted.queue(name, packet)
  await hosted.commit()
  return hosted
}

const bytesOf = ({ db }: Hosted) => [...db.entries.values()].reduce((sum, value) => sum + value.length, 0)
const shared = ({ db }: Hosted) => [...db.keys('m'), ...db.keys('k')].length

t.test('one payload for many sessions, gone with the last of them', async t => {
  const hosted = await fanOut()
  t.equal(shared(hosted), 2)
  t.ok(bytesOf(hosted) < 500 + names.length * 60, `${bytesOf(hosted)}`)
  for (const name of names.slice(1)) {
    const items = await hosted.queued(name)
    t.equal(items[0]!.message.packet.payload.length, 500)
    hosted.unqueue(name, [items[0]!.key])
    await hosted.commit()
    t.equal(shared(hosted), 2)
  }
  hosted.removeSession(names[0]!)
  await hosted.cleared()
  t.equal(shared(hosted), 0)
  t.same(
    [...hosted.db.entries.keys()].filter(key => 'qzikmx'.includes(key[0]!)),
    []
  )
  await hosted.stack.stop()
})

t.test(
  'a message of one session is in its record, and so is one that was stored in another batch',
  async t => {
    const hosted = await Hosted.on()
    const packet = publish('once')
    hosted.queue('a', packet)
    await hosted.commit()
    hosted.queue('b', packet)
    await hosted.commit()
    t.equal(shared(hosted), 0)
    t.same([await hosted.payloads('a'), await hosted.payloads('b')], [['once'], ['once']])
    await hosted.stack.stop()
  }
)

t.test('after a crash the count goes on where it was, and moving in flight moves the reference', async t => {
  const first = await fanOut('moved')
  const hosted = await Hosted.on(first.crashed())
  for (const [i, name] of names.entries()) {
    const [item] = await hosted.queued(name)
    hosted.send(name, { ...item!.message, messageId: i + 1 })
    hosted.unqueue(name, [item!.key])
  }
  await hosted.commit()
  t.equal(hosted.db.keys('i').length, names.length)
  t.equal(hosted.db.keys('q').length, 0)
  t.equal(shared(hosted), 2)
  t.ok(hosted.db.getSync(hosted.db.keys('i')[0]!)!.length < 25, 'a reference')
  const again = await Hosted.on(hosted.crashed())
  for (const [i, name] of names.entries()) {
    // Without a lookup before it, too.
    if (i % 2 === 0) {
      const { messages } = await again.run('lookupInflight', { clientId: name }, { messages: [] })
      t.equal(messages[0]!.packet.payload.toString(), 'moved')
    }
    t.ok(again.acknowledge(name, i + 1))
  }
  await again.commit()
  t.equal(shared(again), 0)
  t.same([...again.db.keys('i'), ...again.db.keys('q')], [])
  for (const one of [first, hosted, again]) await one.stack.stop()
})

t.test('what was shared and is gone is written again when it is stored again', async t => {
  const hosted = await Hosted.on()
  const packet = publish('again')
  for (const name of ['a', 'b']) hosted.queue(name, packet)
  await hosted.commit()
  for (const name of ['a', 'b']) hosted.unqueue(name, [(await hosted.queued(name))[0]!.key])
  await hosted.commit()
  t.equal(shared(hosted), 0)
  for (const name of ['a', 'b']) hosted.queue(name, packet)
  await hosted.commit()
  const after = await Hosted.on(hosted.crashed())
  t.same([await after.payloads('a'), await after.payloads('b')], [['again'], ['again']])
  await hosted.stack.stop()
  await after.stack.stop()
})

t.test('another session that gets it later counts, too', async t => {
  const first = await fanOut('more')
  const hosted = await Hosted.on(first.crashed())
  const [item] = await hosted.queued(names[0]!)
  hosted.queue('later', item!.message.packet as Publish)
  await hosted.commit()
  const again = await Hosted.on(hosted.crashed())
  for (const name of names) again.removeSession(name)
  await again.cleared()
  t.same(await again.payloads('later'), ['more'])
  again.removeSession('later')
  await again.cleared()
  t.equal(shared(again), 0)
  for (const one of [first, hosted, again]) await one.stack.stop()
})

t.test('what is being read is not cleared away before it was', async t => {
  const first = await fanOut('read')
  const hosted = await Hosted.on(first.crashed())
  let go!: () => void
  hosted.db.fetching = new Promise(resolve => {
    go = resolve
  })
  const reading = hosted.payloads(names[0]!)
  for (const name of names) hosted.removeSession(name)
  for (let turns = 0; turns < 100; turns++) await new Promise(resolve => setImmediate(resolve))
  go()
  t.same(await reading, ['read'])
  await hosted.cleared()
  t.equal(shared(hosted), 0)
  await first.stack.stop()
  await hosted.stack.stop()
})

t.test('references that come and go before they are written are not counted', async t => {
  const hosted = await Hosted.on()
  const packet: Publish = publish('1')
  for (const [i, name] of ['a', 'b', 'c'].entries()) hosted.send(name, message(packet, { messageId: i + 1 }))
  hosted.acknowledge('a', 1)
  hosted.acknowledge('b', 2)
  await hosted.commit()
  t.equal(shared(hosted), 0, 'one is left: it is in its record')
  t.equal(hosted.db.keys('i').length, 1)
  await hosted.stack.stop()
})

t.test('a message that is missing is an error and keeps nobody else from theirs', async t => {
  const first = await fanOut('lost')
  first.queue(names[0]!, publish('there'))
  await first.commit()
  const db = first.crashed()
  for (const key of [...db.keys('m'), ...db.keys('k')]) db.entries.delete(key)
  const hosted = await Hosted.on(db)
  t.same(await hosted.payloads(names[0]!), ['there'])
  t.match(hosted.errors[0], /missing/)
  await first.stack.stop()
  await hosted.stack.stop()
})
