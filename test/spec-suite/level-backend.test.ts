import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { AnyMiddleware } from '../../lib/index.js'
import {
  LevelBackend,
  LevelInflight,
  LevelOffline,
  LevelRetained,
  LevelSessions,
  LevelSubscriptions,
  LevelWills
} from '../../middlewares/index.js'
import { type BackendSuiteOptions, backendSuite } from '../../spec-suite/index.js'
import { FakeDb } from '../middlewares/level-backend/fake-db.js'

/** Runs the tests of the suite whose titles match. */
async function judge<B extends AnyMiddleware>(
  t: Test,
  options: Omit<BackendSuiteOptions<B>, 'test'>,
  wanted = /./
): Promise<string[]> {
  const failed: string[] = []
  const tests: Array<[name: string, fn: () => Promise<void>]> = []
  await backendSuite({ ...options, test: (name, fn) => tests.push([name, fn]) })
  const chosen = tests.filter(([name]) => wanted.test(name))
  t.ok(chosen.length > 3, `${chosen.length} tests`)
  for (const [name, fn] of chosen) {
    await fn().catch(err => failed.push(`${name}: ${(err as Error).stack}`))
  }
  return failed
}

t.test('the whole LevelBackend on disk, after stop and start', async t => {
  const root = t.testdir({})
  const failed = await judge(
    t,
    {
      create: () => new LevelBackend({ data: mkdtempSync(join(root, 'data-')) }),
      reopen: ({ config }) => new LevelBackend({ data: config.data })
    },
    /after stop and start$/
  )
  t.same(failed, [])
})

t.test('the whole LevelBackend in every way, on a database that takes no time', async t => {
  const reopen = ({ config }: LevelBackend) => new LevelBackend({ db: config.db })
  t.same(await judge(t, { create: () => new LevelBackend({ db: new FakeDb() }), reopen }), [])
})

const parts = [LevelSessions, LevelSubscriptions, LevelRetained, LevelInflight, LevelOffline, LevelWills]

for (const Part of parts) {
  t.test(`${Part.name} alone, with a store of its own`, async t => {
    type Alone = InstanceType<typeof Part> & AnyMiddleware
    const create = (): Alone => new Part({ db: new FakeDb() })
    const reopen = ({ config }: Alone): Alone => new Part({ db: config.db })
    t.same(await judge(t, { create, reopen }), [])
  })
}
