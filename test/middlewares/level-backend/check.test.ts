import t from 'tap'
import { check } from '../../../middlewares/level-backend/tools/check.js'
import type { FakeDb } from './fake-db.js'
import { Hosted, message, publish } from './hosted.js'

async function filled(): Promise<FakeDb> {
  const hosted = await Hosted.on()
  await hosted.run('storeSession', { session: { clientId: 'c', expiryInterval: 5, expiresAt: null } })
  const shared = publish('shared')
  for (const name of ['c', 'd']) hosted.queue(name, shared)
  hosted.queue('c', publish('own'))
  hosted.send('c', message(publish('sent'), { messageId: 1 }))
  await hosted.run('storeRetainedMessage', { packet: publish('kept') }, { replaced: null })
  await hosted.commit()
  await hosted.stack.stop()
  return hosted.db
}

t.test('a store that is well is counted', async t => {
  t.same(await check(await filled()), {
    ...{ problems: [], sessions: 1, subscriptions: 0, retained: 1, queued: 3, inflight: 1, wills: 0 }
  })
})

t.test('what does not fit together is told', async t => {
  const cases: Array<[kind: string, change: 'remove' | 'spoil', text: RegExp]> = [
    ['c', 'remove', /belongs to no session/],
    ['m', 'spoil', /^$/],
    ['k', 'remove', /is missing/],
    ['q', 'remove', /messages wait, there are/],
    ['q', 'spoil', /cannot be read/],
    ['z', 'remove', /not counted/],
    ['t', 'remove', /not listed/],
    ['r', 'remove', /retained message of t is missing/]
  ]
  for (const [kind, change, text] of cases) {
    const db = await filled()
    const key = db.keys(kind)[0]!
    if (change === 'remove') db.entries.delete(key)
    else db.entries.set(key, Buffer.from([0xff]))
    const { problems } = await check(db)
    t.match(problems.join('\n'), text, kind)
  }
  const db = await filled()
  for (const key of db.keys('q')) db.entries.delete(key)
  t.match((await check(db)).problems.join('\n'), /nothing refers to/)
})
