import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { RecoveringDb } from '../../../middlewares/level-backend/recovering-db.js'
import { FakeClock } from '../../support/fake-clock.js'
import { FakeDb } from './fake-db.js'

/** Counts how often it is opened, and can fail to. */
class ReopenedDb extends FakeDb {
  opens = 0
  openFault: Error | null = null

  override async open(): Promise<void> {
    if (this.openFault) throw this.openFault
    this.opens++
    await super.open()
  }
}

async function opened(directory: string) {
  const db = new ReopenedDb()
  const clock = new FakeClock()
  const own = new RecoveringDb(db, directory, () => clock.now())
  await own.open()
  const write = (key: string) => {
    const batch = own.batch()
    batch.put(key, Buffer.from(key))
    batch.del('gone')
    return batch.write({ sync: false })
  }
  return { db, clock, own, write }
}

t.test('after a failed write it is opened anew, once, and the next one goes through', async t => {
  const directory = t.testdir({})
  const { db, clock, own, write } = await opened(directory)
  await write('a')
  db.fault = new Error('full')
  await t.rejects(write('b'), { message: 'full' })
  t.equal(db.opens, 1)
  db.fault = null
  await write('c')
  t.equal(db.opens, 2)
  t.equal(db.opened, 1, 'and closed before')
  clock.advance(1000)
  await write('d')
  t.equal(db.opens, 2)
  t.same([...db.entries.keys()], ['a', 'c', 'd'])
  t.same(readdirSync(directory), [], 'what looked for room is gone')
  await own.close()
  t.equal(db.opened, 0)
})

t.test('while there is no room it stays open for readers, and does not look for it all the time', async t => {
  const { db, clock, own, write } = await opened('/nowhere/at/all')
  t.notOk(existsSync('/nowhere'))
  await write('a')
  db.fault = new Error('full')
  await t.rejects(write('b'), { message: 'full' })
  db.fault = null
  await t.rejects(write('c'), { code: 'ENOENT' })
  await t.rejects(write('d'), { message: 'full' }, 'too early to look again')
  clock.advance(500)
  await t.rejects(write('e'), { code: 'ENOENT' })
  t.equal(db.opened, 1)
  t.same(own.getSync('a')?.toString(), 'a')
  await own.close()
})

t.test('when it cannot be opened it is tried again', async t => {
  const { db, clock, own, write } = await opened(t.testdir({}))
  db.fault = new Error('full')
  await t.rejects(write('a'), { message: 'full' })
  db.fault = null
  db.openFault = new Error('still full')
  await t.rejects(write('b'), { message: 'still full' })
  db.openFault = null
  clock.advance(500)
  await write('c')
  t.same([...db.entries.keys()], ['c'])
  await own.close()
  await t.rejects(async () => {
    db.fault = new Error('full')
    await write('d')
  })
  await t.rejects(write('e'), { message: 'full' }, 'closed, it is not opened again')
})
