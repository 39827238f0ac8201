import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Stack, StackError } from '../../../lib/index.js'
import { LevelBackend, LevelOffline, LevelSessions } from '../../../middlewares/index.js'
import { FakeDb } from './fake-db.js'
import { Hosted, publish } from './hosted.js'

async function start(data: string): Promise<Stack> {
  const stack = new Stack()
  stack.use(new LevelBackend({ data }))
  return stack.start()
}

t.test('a directory that another broker uses is refused, and free when that one stops', async t => {
  const data = join(t.testdir({}), 'deep', 'data')
  const first = await start(data)
  await t.rejects(start(data), { code: 'STACK_STORAGE', message: /in use by another broker.*stop/ })
  await first.stop()
  const second = await start(data)
  await second.stop()
})

t.test('what is damaged, no directory or not ours is refused with what to do', async t => {
  const dir = t.testdir({ file: 'x' })
  await t.rejects(start(join(dir, 'file')), { message: /cannot be opened.*check/ })
  const data = join(dir, 'data')
  await (await start(data)).stop()
  writeFileSync(join(data, 'CURRENT'), 'MANIFEST-999999\n')
  writeFileSync(join(data, 'MANIFEST-999999'), 'garbage')
  await t.rejects(start(data), { message: /is damaged.*restore it from a backup/ })
})

t.test('a format of a newer version and a foreign database are refused and closed', async t => {
  for (const [key, value, text] of [
    ['!format', 'stackmq 999', /newer version \(format 999/],
    ['!format', 'other 1', /another program/],
    ['user:1', '{}', /another program/]
  ] as const) {
    const db = new FakeDb()
    db.entries.set(key, Buffer.from(value))
    await t.rejects(Hosted.on(db), { message: text })
    t.equal(db.opened, 0)
    t.equal(db.entries.size, 1, 'untouched')
  }
})

t.test('records that cannot be read are damage', async t => {
  const db = new FakeDb()
  const hosted = await Hosted.on(db)
  await hosted.run('storeSession', { session: { clientId: 'c', expiryInterval: 5, expiresAt: null } })
  await hosted.stack.stop()
  db.entries.set(db.keys('e')[0]!, Buffer.from('x'))
  await t.rejects(Hosted.on(db), StackError)
  t.equal(db.opened, 0)
})

t.test('options are checked', async t => {
  const problems = (config: object) => new LevelBackend(config as never).check()
  t.same(problems({}), ['data is missing: give the directory to store in'])
  t.same(problems({ data: 'x', durability: 'paper' }), ["durability is paper: give 'os' or 'disk'"])
  t.same(problems({ data: 'x' }), [])
  t.same(new LevelOffline({ data: 'x', maximumStoredBytes: -1 }).check().length, 1)
})

t.test('parts can share a store, which is open from the first start to the last stop', async t => {
  const db = new FakeDb()
  const sessions = new LevelSessions({ db })
  const stack = new Stack()
  stack.use(sessions, new LevelOffline({ store: sessions.store }))
  await stack.start()
  t.equal(db.opened, 1)
  await stack.replace('LevelOffline', new LevelOffline({ store: sessions.store }))
  t.equal(db.opened, 1)
  await stack.stop()
  t.equal(db.opened, 0)
})

t.test('what was committed is there after a crash of the process', async t => {
  const dir = t.testdir({})
  const config = (name: string) => ({ data: join(dir, name), db: null })
  const hosted = await Hosted.on(undefined, config('living'))
  for (const payload of ['1', '2', '3']) hosted.queue('c', publish(payload))
  const shared = publish('shared')
  for (const name of ['c', 'd']) hosted.queue(name, shared)
  await hosted.commit()
  cpSync(join(dir, 'living'), join(dir, 'dead'), { recursive: true })
  const again = await Hosted.on(undefined, config('dead'))
  t.same(await again.payloads('c'), ['1', '2', '3', 'shared'])
  t.same(await again.payloads('d'), ['shared'])
  await hosted.stack.stop()
  await again.stack.stop()
})

t.test('sequence numbers go on after a crash, however many were used', async t => {
  let db = new FakeDb()
  const seen: number[] = []
  for (let round = 0; round < 3; round++) {
    const hosted = await Hosted.on(db)
    hosted.queue('c', publish(`${round}`))
    await hosted.commit()
    t.same(
      await hosted.payloads('c'),
      Array.from({ length: round + 1 }, (_, i) => `${i}`)
    )
    seen.push(hosted.backend.store.nextSeq())
    db = hosted.crashed()
    await hosted.stack.stop()
  }
  t.ok(seen[0]! < seen[1]! && seen[1]! < seen[2]!)
})

t.test('what came and went is dropped from the files now and then', async t => {
  const hosted = await Hosted.on()
  hosted.backend.store.compaction.count(99_999)
  t.equal(hosted.db.compacted, 0)
  hosted.backend.store.compaction.count(1)
  await hosted.stack.stop()
  t.ok(hosted.db.compacted > 0)
})
