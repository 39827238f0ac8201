import assert from 'node:assert/strict'
import type { PublishPacket, StoredWill } from '../../lib/index.js'
import { type BackendCase, type GroupCases, readAll, type Use } from './case.js'
import { essence, everything, plain, publish } from './packets.js'

function will(clientId: string, rest: Partial<StoredWill> = {}): StoredWill {
  const packet = plain({ topic: 'will', qos: 1, payload: Buffer.from(clientId) })
  return { clientId, packet, delay: 0, dueAt: null, ...rest }
}

function store(use: Use, will: StoredWill): Promise<unknown> {
  return use.run('storeWill', { will }, undefined)
}

/** The wills of this caller, by client id. */
async function find(use: Use, names: readonly string[], limit = 1000): Promise<StoredWill[]> {
  const ids = new Set(names.map(name => use.own(name)))
  const page = (limit: number, cursor: unknown) =>
    use.run('lookupWills', { limit, cursor }, { items: [] as StoredWill[] })
  const all = await readAll(page, limit)
  const own = all.filter(({ clientId }) => ids.has(clientId))
  return own.sort((a, b) => (a.clientId < b.clientId ? -1 : 1))
}

function willEssence({ clientId, packet, delay, dueAt }: StoredWill): object {
  return { clientId, packet: essence(packet), delay, dueAt }
}

const many = Array.from({ length: 25 }, (_, i) => `w${i}`)

const cases: BackendCase[] = [
  {
    name: 'an id that is not known is no error',
    async write(use) {
      await use.run('removeWill', { clientId: use.own('nobody') }, undefined)
    },
    async read(use) {
      assert.deepEqual(await find(use, ['nobody']), [])
    }
  },
  ...(['plain', 'publish'] as const).map(
    (kind): BackendCase => ({
      name: `a will comes back as it was stored, from ${kind === 'plain' ? 'a plain object' : 'a Publish'}`,
      async write(use) {
        const made = { topic: 'a/b', qos: 2, retain: true, ...everything } as const
        const packet: PublishPacket = kind === 'plain' ? plain(made) : publish(made)
        await store(use, will(use.own('now'), { packet }))
        await store(use, will(use.own('late'), { packet, delay: 0xffff_fffe, dueAt: 1_700_000_000_456 }))
      },
      async read(use) {
        const packet = plain({ topic: 'a/b', qos: 2, retain: true, ...everything })
        const wanted = [
          will(use.own('late'), { packet, delay: 0xffff_fffe, dueAt: 1_700_000_000_456 }),
          will(use.own('now'), { packet })
        ]
        assert.deepEqual((await find(use, ['now', 'late'])).map(willEssence), wanted.map(willEssence))
      }
    })
  ),
  {
    name: 'a client has one will, the one stored last',
    async write(use) {
      await Promise.all([1, 2, 3].map(delay => store(use, will(use.own('c'), { delay }))))
    },
    async read(use) {
      assert.deepEqual(
        (await find(use, ['c'])).map(({ delay }) => delay),
        [3]
      )
    }
  },
  {
    name: 'a will that is removed is gone, the others stay, and it can be stored again',
    async write(use) {
      for (const name of ['a', 'ab', 'again']) await store(use, will(use.own(name)))
      await use.run('removeWill', { clientId: use.own('a') }, undefined)
      await use.run('removeWill', { clientId: use.own('again') }, undefined)
      await store(use, will(use.own('again'), { delay: 9 }))
    },
    async read(use) {
      const found = await find(use, ['a', 'ab', 'again'])
      assert.deepEqual(
        found.map(({ clientId, delay }) => [clientId, delay]),
        [
          [use.own('ab'), 0],
          [use.own('again'), 9]
        ]
      )
    }
  },
  {
    name: 'all wills are looked up page by page, each once',
    async write(use) {
      for (const name of many) await store(use, will(use.own(name)))
    },
    async read(use) {
      const wanted = many.map(name => use.own(name)).sort()
      for (const limit of [1, 10, 25, 1000]) {
        const ids = (await find(use, many, limit)).map(({ clientId }) => clientId)
        assert.deepEqual(ids, wanted, `${limit}`)
      }
    }
  }
]

export const wills: GroupCases = {
  group: 'wills',
  callbacks: ['storeWill', 'removeWill', 'lookupWills'],
  cases
}
