import assert from 'node:assert/strict'
import type { StoredSession } from '../../lib/index.js'
import { NEVER } from '../../lib/index.js'
import { type BackendCase, type GroupCases, readAll, type Use } from './case.js'

function session(clientId: string, rest: Partial<StoredSession> = {}): StoredSession {
  return { clientId, expiryInterval: 300, expiresAt: null, ...rest }
}

async function find(use: Use, name: string): Promise<StoredSession | undefined> {
  const found = await use.run('lookupSession', { clientId: use.own(name) }, {})
  return found.session && { ...found.session }
}

function readSessions(use: Use, limit: number, between?: () => Promise<void>): Promise<StoredSession[]> {
  const lookup = (limit: number, cursor: unknown) =>
    use.run('lookupSessions', { limit, cursor }, { items: [] })
  return readAll(lookup, limit, between)
}

const many = Array.from({ length: 25 }, (_, i) => `s${i}`)
/** Ids that keys made without care would mix up. */
const odd = ['a', 'a/b', 'a/', '/a', 'A', 'ä', '😀', 'a!', 'a#', 'a ', 'a%2Fb', 'x'.repeat(300)]

const cases: BackendCase[] = [
  {
    name: 'an id that is not known is no error',
    async write(use) {
      use.removeSession('nobody')
    },
    async read(use) {
      assert.equal(await find(use, 'nobody'), undefined)
    }
  },
  {
    name: 'a session comes back as it was stored',
    async write(use) {
      await use.run('storeSession', { session: session(use.own('online')) }, undefined)
      const offline = session(use.own('offline'), { expiresAt: 1_700_000_300_123 })
      await use.run('storeSession', { session: offline }, undefined)
      const forever = session(use.own('forever'), { expiryInterval: NEVER })
      await use.run('storeSession', { session: forever }, undefined)
    },
    async read(use) {
      assert.deepEqual(await find(use, 'online'), session(use.own('online')))
      assert.deepEqual(
        await find(use, 'offline'),
        session(use.own('offline'), { expiresAt: 1_700_000_300_123 })
      )
      assert.deepEqual(await find(use, 'forever'), session(use.own('forever'), { expiryInterval: NEVER }))
    }
  },
  {
    name: 'the last of several stores of one id counts, in the order of the calls',
    async write(use) {
      const stores = [1, 2, 3].map(expiryInterval =>
        use.run('storeSession', { session: session(use.own('c'), { expiryInterval }) }, undefined)
      )
      await Promise.all(stores)
    },
    async read(use) {
      assert.equal((await find(use, 'c'))?.expiryInterval, 3)
    }
  },
  {
    name: 'a session that is removed is gone, the others stay, and it can be stored again',
    async write(use) {
      for (const name of ['a', 'b', 'again']) {
        await use.run('storeSession', { session: session(use.own(name)) }, undefined)
      }
      use.removeSession('a')
      use.removeSession('again')
      await use.run('storeSession', { session: session(use.own('again'), { expiryInterval: 7 }) }, undefined)
    },
    async read(use) {
      assert.equal(await find(use, 'a'), undefined)
      assert.deepEqual(await find(use, 'b'), session(use.own('b')))
      assert.equal((await find(use, 'again'))?.expiryInterval, 7)
    }
  },
  {
    name: 'ids are compared as they are',
    async write(use) {
      for (const [i, name] of odd.entries()) {
        await use.run(
          'storeSession',
          { session: session(use.own(name), { expiryInterval: i + 1 }) },
          undefined
        )
      }
      use.removeSession('a')
    },
    async read(use) {
      const found = await Promise.all(odd.map(name => find(use, name)))
      assert.deepEqual(
        found.map(one => one?.expiryInterval),
        odd.map((_, i) => (i === 0 ? undefined : i + 1))
      )
    }
  },
  {
    name: 'all sessions are looked up page by page, each once',
    async write(use) {
      for (const name of many) {
        await use.run('storeSession', { session: session(use.own(name)) }, undefined)
      }
    },
    async read(use) {
      const wanted = many.map(name => use.own(name)).sort()
      for (const limit of [1, 10, 25, 1000]) {
        const ids = (await readSessions(use, limit)).map(({ clientId }) => clientId)
        assert.deepEqual(ids.filter(id => wanted.includes(id)).sort(), wanted)
      }
    }
  },
  {
    name: 'a session removed between two pages does not disturb the lookup of the others',
    async write(use) {
      for (const name of many) {
        await use.run('storeSession', { session: session(use.own(name)) }, undefined)
      }
    },
    async read(use) {
      const wanted = many.filter(name => name !== 's3').map(name => use.own(name))
      const found = await readSessions(use, 10, async () => use.removeSession('s3'))
      const ids = found.map(({ clientId }) => clientId).filter(id => wanted.includes(id))
      assert.deepEqual(ids.sort(), wanted.sort())
    }
  }
]

export const sessions: GroupCases = {
  group: 'sessions',
  callbacks: ['storeSession', 'lookupSession', 'lookupSessions', 'removeSession'],
  cases
}
