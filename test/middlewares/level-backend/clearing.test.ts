import t from 'tap'
import type { StoredMessage } from '../../../lib/index.js'
import { Hosted, message, publish } from './hosted.js'

const dataOf = ({ db }: Hosted) => [...db.entries.keys()].filter(key => !key.startsWith('!')).sort()

async function busySession() {
  const hosted = await Hosted.on()
  await hosted.run('storeSession', { session: { clientId: 'c', expiryInterval: 5, expiresAt: null } })
  const subscription = { topic: 'a/#', qos: 1, nl: false, rap: false, rh: 0 } as const
  await hosted.run('storeSubscription', { clientId: 'c', subscription })
  for (let i = 0; i < 1200; i++) hosted.queue('c', publish(`${i}`))
  hosted.send('c', message(publish('sent'), { messageId: 1, qos: 2 }))
  await hosted.commit()
  hosted.send('c', message(publish('sent'), { messageId: 1, qos: 2, released: true }))
  await hosted.run('storeIncoming', { clientId: 'c', messageId: 2 })
  await hosted.commit()
  return hosted
}

t.test('a session that is removed leaves nothing', async t => {
  const hosted = await busySession()
  hosted.removeSession('c')
  hosted.queue('c', publish('of the next one'))
  await hosted.cleared()
  t.same(
    dataOf(hosted).map(key => key[0]),
    ['c', 'q', 'z']
  )
  t.same(await hosted.payloads('c'), ['of the next one'])
  await hosted.stack.stop()
})

t.test('what was not cleared away before a crash is after it', async t => {
  const hosted = await busySession()
  hosted.removeSession('c')
  await hosted.commit()
  t.equal(hosted.db.keys('x').length, 1)
  const again = await Hosted.on(hosted.crashed())
  again.queue('c', publish('new'))
  await again.cleared()
  t.same(
    dataOf(again).map(key => key[0]),
    ['c', 'q', 'z']
  )
  t.same(await again.payloads('c'), ['new'])
  await hosted.stack.stop()
  await again.stack.stop()
})

t.test('a stop does not wait for it, the next start goes on', async t => {
  const hosted = await busySession()
  await hosted.run('clearOfflineMessages', { clientId: 'c' })
  hosted.queue('c', publish('later'))
  await hosted.stack.stop()
  const again = await Hosted.on(hosted.crashed())
  await again.cleared()
  t.same(again.db.keys('x'), [])
  t.equal(again.db.keys('q').length, 1)
  t.same(await again.payloads('c'), ['later'])
  await again.stack.stop()
})

t.test('an error in between is tried again', async t => {
  const hosted = await busySession()
  hosted.removeSession('c')
  hosted.db.fault = new Error('no')
  await hosted.commit()
  await new Promise(resolve => setImmediate(resolve))
  hosted.db.fault = null
  const { clearing } = hosted.backend.store
  let idle = false
  const done = clearing.idle.then(() => {
    idle = true
  })
  while (!idle) {
    hosted.clock.advance(1000)
    await new Promise(resolve => setImmediate(resolve))
  }
  await done
  await hosted.commit()
  t.same(dataOf(hosted), [])
  await hosted.stack.stop()
})

t.test('a session without messages is removed in one batch', async t => {
  const hosted = await Hosted.on()
  await hosted.run('storeSession', { session: { clientId: 'c', expiryInterval: 5, expiresAt: null } })
  await hosted.commit()
  hosted.removeSession('c')
  await hosted.commit()
  t.same(dataOf(hosted), [])
  await hosted.stack.stop()
})

t.test('what is removed from the front is not passed over again by the next search', async t => {
  const hosted = await busySession()
  const items = await hosted.queued('c', 1000)
  hosted.unqueue(
    'c',
    items.map(({ key }) => key)
  )
  await hosted.commit()
  const { ranges } = hosted.db
  await hosted.queued('c', 10)
  t.ok(ranges.at(-1)!.gte > hosted.db.keys('q')[0]!.slice(0, 7), 'begins at a number')
  t.equal(ranges.at(-1)!.gte <= hosted.db.keys('q')[0]!, true)
  const again = await Hosted.on(hosted.crashed())
  await again.queued('c', 10)
  t.ok(again.db.ranges.at(-1)!.gte > `${again.db.keys('q')[0]!.slice(0, 7)}---------`, 'also after a crash')
  t.equal((await again.queued('c')).length, 200)
  await hosted.stack.stop()
  await again.stack.stop()
})

t.test('what is removed while it is being read counts once', async t => {
  const first = await Hosted.on()
  for (const payload of ['1', '2', '3']) first.queue('c', publish(payload))
  const [item] = await first.queued('c')
  const hosted = await Hosted.on(first.crashed())
  let go!: () => void
  hosted.db.reading = new Promise(resolve => {
    go = resolve
  })
  const reading = hosted.queued('c')
  hosted.unqueue('c', [item!.key])
  await hosted.commit()
  go()
  t.equal((await reading).length, 3, 'it was there')
  hosted.unqueue('c', [item!.key])
  t.same(await hosted.run('lookupOfflineUsage', { clientId: 'c' }, { count: 0, bytes: 0 }), {
    ...{ count: 2, bytes: 2 }
  })
  t.same(await hosted.payloads('c'), ['2', '3'])
  await first.stack.stop()
  await hosted.stack.stop()
})

t.test('who reads from the middle can remove from the beginning', async t => {
  const first = await Hosted.on()
  for (const payload of ['1', '2', '3', '4']) first.queue('c', publish(payload))
  const items = await first.queued('c')
  const hosted = await Hosted.on(first.crashed())
  const begun: { items: StoredMessage[]; cursor?: unknown } = { items: [] }
  await hosted.run('lookupOfflineMessages', { clientId: 'c', limit: 2 }, begun)
  const page = { items: [] }
  await hosted.run('lookupOfflineMessages', { clientId: 'c', limit: 10, cursor: begun.cursor }, page)
  t.equal(page.items.length, 2)
  hosted.unqueue('c', [items[0]!.key])
  t.same(await hosted.payloads('c'), ['2', '3', '4'])
  await first.stack.stop()
  await hosted.stack.stop()
})

t.test('what is acknowledged while what is in flight is being read is not known afterwards', async t => {
  const first = await Hosted.on()
  for (const messageId of [1, 2]) first.send('c', message(publish(`${messageId}`), { messageId }))
  await first.commit()
  const hosted = await Hosted.on(first.crashed())
  hosted.db.onRead = ({ gte }) => {
    if (gte.startsWith('i')) t.ok(hosted.acknowledge('c', 1))
  }
  await hosted.run('lookupInflight', { clientId: 'c' }, { messages: [] })
  await hosted.commit()
  t.notOk(hosted.acknowledge('c', 1))
  t.ok(hosted.acknowledge('c', 2))
  await first.stack.stop()
  await hosted.stack.stop()
})

t.test('who has begun to read the queue of a session that is removed comes to its end', async t => {
  const hosted = await Hosted.on()
  for (let i = 0; i < 900; i++) hosted.queue('c', publish(`${i}`))
  await hosted.commit()
  const page: { items: StoredMessage[]; cursor?: unknown } = { items: [] }
  const reading = hosted.run('lookupOfflineMessages', { clientId: 'c', limit: 100 }, page)
  hosted.stack.chain('removeSession').tell({ clientId: 'c' }, undefined)
  await reading
  let read = page.items.length
  while (page.cursor !== undefined) {
    const next: { items: StoredMessage[]; cursor?: unknown } = { items: [] }
    await hosted.run('lookupOfflineMessages', { clientId: 'c', limit: 100, cursor: page.cursor }, next)
    read += next.items.length
    page.cursor = next.cursor
  }
  t.equal(read, 900)
  await hosted.backend.store.clearing.idle
  t.same(hosted.db.keys('q'), [], 'then it is cleared away')
  await hosted.stack.stop()
})

t.test('a page ends after a megabyte', async t => {
  const hosted = await Hosted.on()
  for (let i = 0; i < 5; i++) hosted.queue('c', publish('x'.repeat(600_000)))
  await hosted.commit()
  const page: { items: StoredMessage[]; cursor?: unknown } = { items: [] }
  await hosted.run('lookupOfflineMessages', { clientId: 'c', limit: 100 }, page)
  t.equal(page.items.length, 2)
  t.ok(page.cursor)
  await hosted.stack.stop()
})

t.test('messages whose content is missing are told of, and out of the way', async t => {
  const first = await Hosted.on()
  const shared = publish('gone')
  for (let i = 0; i < 3; i++) first.queue('c', shared)
  await first.commit()
  first.queue('c', publish('there'))
  await first.commit()
  const db = first.crashed()
  for (const key of db.keys('m')) db.entries.delete(key)
  const hosted = await Hosted.on(db)
  t.same(await hosted.payloads('c'), ['there'])
  t.equal(hosted.errors.length, 1)
  t.same(await hosted.payloads('c'), ['there'])
  t.equal(hosted.errors.length, 1, 'once')
  const usage = await hosted.run('lookupOfflineUsage', { clientId: 'c' }, { count: 0, bytes: 0 })
  t.same(usage, { count: 1, bytes: 5 })
  await first.stack.stop()
  await hosted.stack.stop()
})
