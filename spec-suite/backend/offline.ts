import assert from 'node:assert/strict'
import type { PublishPacket, StoredMessage } from '../../lib/index.js'
import { type BackendCase, type GroupCases, readAll, type Use } from './case.js'
import { everything, messageEssence, outgoingMessage, plain, publish } from './packets.js'

function store(use: Use, name: string, ...packets: PublishPacket[]): Promise<unknown> {
  const clientId = use.own(name)
  return Promise.all(
    packets.map(packet =>
      use.run('storeOfflineMessage', { clientId, message: outgoingMessage(packet) }, { refused: false })
    )
  )
}

function usage(use: Use, name: string): Promise<{ count: number; bytes: number }> {
  return use.run('lookupOfflineUsage', { clientId: use.own(name) }, { count: 0, bytes: 0 })
}

function numbered(count: number): PublishPacket[] {
  return Array.from({ length: count }, (_, i) => plain({ topic: 't', qos: 1, payload: Buffer.from(`${i}`) }))
}

async function page(use: Use, name: string, limit: number, cursor?: unknown) {
  const ctx = { clientId: use.own(name), limit, cursor }
  return use.run('lookupOfflineMessages', ctx, { items: [] as StoredMessage[] })
}

function remove(use: Use, name: string, items: StoredMessage[]): Promise<unknown> {
  const keys = items.map(({ key }) => key)
  return use.run('removeOfflineMessages', { clientId: use.own(name), keys }, undefined)
}

/** What is queued, as the numbers in the payloads. */
async function numbers(use: Use, name: string, limit = 1000): Promise<number[]> {
  const items = await readAll((limit, cursor) => page(use, name, limit, cursor), limit)
  return items.map(numberOf)
}

const numberOf = ({ message }: StoredMessage) => Number(message.packet.payload.toString())
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

const cases: BackendCase[] = [
  {
    name: 'an id or a key that is not known is no error',
    async write(use) {
      await use.run('clearOfflineMessages', { clientId: use.own('nobody') }, undefined)
      use.removeSession('nobody')
      await store(use, 'c', ...numbered(2))
      const { items } = await page(use, 'c', 1)
      await remove(use, 'nobody', items)
      await remove(use, 'c', items)
      await remove(use, 'c', items)
    },
    async read(use) {
      assert.deepEqual(await numbers(use, 'nobody'), [])
      assert.deepEqual(await numbers(use, 'c'), [1])
    }
  },
  ...(['plain', 'publish'] as const).map(
    (kind): BackendCase => ({
      name: `a message comes back as it was stored, from ${kind === 'plain' ? 'a plain object' : 'a Publish'}`,
      async write(use) {
        const made = { topic: 'a/b', qos: 2, retain: true, ...everything } as const
        const packet = kind === 'plain' ? plain(made) : publish(made)
        const message = outgoingMessage(packet, { qos: 2, retain: true, identifiers: [3, 3, 1] })
        const stored = { refused: false }
        await use.run('storeOfflineMessage', { clientId: use.own('c'), message }, stored)
        assert.equal(stored.refused, false)
      },
      async read(use) {
        const packet = plain({ topic: 'a/b', qos: 2, retain: true, ...everything })
        const wanted = outgoingMessage(packet, { qos: 2, retain: true, identifiers: [3, 3, 1] })
        const { items } = await page(use, 'c', 10)
        assert.deepEqual(
          items.map(({ message }) => messageEssence(message)),
          [messageEssence(wanted)]
        )
      }
    })
  ),
  {
    name: 'messages come in the order they were stored, page by page, under keys that sort like them',
    async write(use) {
      await store(use, 'c', ...numbered(120))
    },
    async read(use) {
      for (const limit of [1, 7, 120, 1000, Number.POSITIVE_INFINITY]) {
        assert.deepEqual(await numbers(use, 'c', limit), upTo(120), `${limit}`)
      }
      const keys = (await page(use, 'c', 1000)).items.map(({ key }) => key)
      assert.deepEqual(
        [...keys].sort((a, b) => (a < b ? -1 : 1)),
        keys
      )
    }
  },
  {
    name: 'who removes what was read finds what is next at the beginning',
    async write(use) {
      await store(use, 'c', ...numbered(20))
    },
    async read(use) {
      const seen: number[] = []
      for (let at = 0; at < 4; at++) {
        const { items } = await page(use, 'c', 5)
        seen.push(...items.map(numberOf))
        await remove(use, 'c', items)
        if (at === 1) await store(use, 'c', ...numbered(1))
      }
      assert.deepEqual(seen, upTo(20))
      assert.deepEqual(await numbers(use, 'c'), [0])
    }
  },
  {
    name: 'what is removed between two pages does not disturb the lookup of the others',
    async write(use) {
      await store(use, 'c', ...numbered(20))
    },
    async read(use) {
      const lookup = (limit: number, cursor: unknown) => page(use, 'c', limit, cursor)
      const items = await readAll(lookup, 5, async read => {
        await remove(use, 'c', read)
      })
      assert.deepEqual(items.map(numberOf), upTo(20))
      assert.deepEqual(await numbers(use, 'c'), [])
    }
  },
  {
    name: 'calls take effect in the order they are made',
    async write(use) {
      await store(use, 'c', ...numbered(10))
      const { items } = await page(use, 'c', 9)
      await Promise.all([remove(use, 'c', items), store(use, 'c', ...numbered(2))])
    },
    async read(use) {
      assert.deepEqual(await numbers(use, 'c'), [9, 0, 1])
    }
  },
  {
    name: 'one packet can wait for many clients: each has its own queue',
    async write(use) {
      const packets = numbered(3)
      for (const name of ['c', 'd', 'e']) await store(use, name, ...packets)
      await remove(use, 'd', (await page(use, 'd', 2)).items)
      await use.run('clearOfflineMessages', { clientId: use.own('e') }, undefined)
    },
    async read(use) {
      assert.deepEqual(await numbers(use, 'c'), [0, 1, 2])
      assert.deepEqual(await numbers(use, 'd'), [2])
      assert.deepEqual(await numbers(use, 'e'), [])
    }
  },
  ...(['clearOfflineMessages', 'removeSession'] as const).map(
    (callback): BackendCase => ({
      name: `${callback} takes all of one client and nothing of the others`,
      async write(use) {
        for (const name of ['c', 'ca', 'c/a', 'b']) await store(use, name, ...numbered(2))
        if (callback === 'removeSession') use.removeSession('c')
        else await use.run(callback, { clientId: use.own('c') }, undefined)
        await store(use, 'b', ...numbered(1))
      },
      async read(use) {
        assert.deepEqual(await numbers(use, 'c'), [])
        assert.deepEqual(await numbers(use, 'ca'), [0, 1])
        assert.deepEqual(await numbers(use, 'c/a'), [0, 1])
        assert.deepEqual(await numbers(use, 'b'), [0, 1, 0])
      }
    })
  ),
  {
    name: 'what waits is counted, with the bytes of its payloads',
    async write(use) {
      await store(use, 'c', ...numbered(12))
      assert.deepEqual(await usage(use, 'c'), { count: 12, bytes: 14 })
      const { items } = await page(use, 'c', 3)
      await remove(use, 'c', items)
      await remove(use, 'c', items)
      await store(use, 'gone', ...numbered(2))
      await store(use, 'cleared', ...numbered(2))
      use.removeSession('gone')
      await use.run('clearOfflineMessages', { clientId: use.own('cleared') }, undefined)
    },
    async read(use) {
      assert.deepEqual(await usage(use, 'c'), { count: 9, bytes: 11 })
      for (const name of ['gone', 'cleared', 'nobody']) {
        assert.deepEqual(await usage(use, name), { count: 0, bytes: 0 }, name)
      }
      await remove(use, 'c', (await page(use, 'c', 100)).items)
      assert.deepEqual(await usage(use, 'c'), { count: 0, bytes: 0 })
    }
  },
  {
    name: 'what is stored later comes after what was there, also when some of that is gone',
    async write(use) {
      await store(use, 'c', ...numbered(6))
      await remove(use, 'c', (await page(use, 'c', 2)).items)
      await use.commit()
      await store(use, 'c', ...numbered(1))
    },
    async read(use) {
      await store(use, 'c', ...numbered(2))
      assert.deepEqual(await numbers(use, 'c', 3), [2, 3, 4, 5, 0, 0, 1])
      const { items } = await page(use, 'c', 100)
      const keys = items.map(({ key }) => key)
      assert.deepEqual(
        [...keys].sort((a, b) => (a < b ? -1 : 1)),
        keys
      )
    }
  },
  {
    name: 'keys from the middle of a queue can be removed, read before or not',
    async write(use) {
      await store(use, 'c', ...numbered(10))
      const { items } = await page(use, 'c', 10)
      await remove(use, 'c', [items[7]!, items[2]!])
      await use.commit()
    },
    async read(use) {
      const { items } = await page(use, 'c', 8)
      await remove(use, 'c', [items[5]!, items[7]!, items[0]!])
      assert.deepEqual(await numbers(use, 'c', 2), [1, 3, 4, 5, 8])
      assert.deepEqual(await usage(use, 'c'), { count: 5, bytes: 5 })
    }
  },
  {
    name: 'a message of many clients lives as long as one of them has it, in flight or waiting',
    async write(use) {
      const packet = plain({ topic: 't', qos: 1, payload: Buffer.alloc(2000, '7') })
      const names = ['c', 'd', 'e', 'f']
      for (const name of names) await store(use, name, packet)
      await use.commit()
      const { items } = await page(use, 'd', 1)
      await remove(use, 'd', items)
      use.removeSession('e')
      await use.commit()
    },
    async read(use) {
      await use.run('clearOfflineMessages', { clientId: use.own('f') }, undefined)
      await use.commit()
      const { items } = await page(use, 'c', 2)
      assert.equal(items.length, 1)
      assert.deepEqual(items[0]!.message.packet.payload, Buffer.alloc(2000, '7'))
      // What was read is stored for somebody else before it is removed: it moves.
      await store(use, 'g', items[0]!.message.packet)
      await remove(use, 'c', items)
      await use.commit()
      const moved = await page(use, 'g', 2)
      assert.deepEqual(
        moved.items.map(({ message }) => message.packet.payload.length),
        [2000]
      )
      for (const name of ['c', 'd', 'e', 'f']) assert.deepEqual(await numbers(use, name), [], name)
    }
  },
  {
    name: 'what was removed does not come back with a session of the same id',
    async write(use) {
      await store(use, 'c', ...numbered(5))
      await use.commit()
      use.removeSession('c')
      await store(use, 'c', ...numbered(1))
      await use.commit()
    },
    async read(use) {
      assert.deepEqual(await numbers(use, 'c'), [0])
      use.removeSession('c')
      assert.deepEqual(await numbers(use, 'c'), [])
    }
  },
  {
    name: 'a lookup begun before removeSession still finds what was there',
    async write(use) {
      await store(use, 'c', ...numbered(3))
    },
    async read(use) {
      const looking = page(use, 'c', Number.POSITIVE_INFINITY)
      use.removeSession('c')
      assert.deepEqual((await looking).items.map(numberOf), [0, 1, 2])
      assert.deepEqual(await numbers(use, 'c'), [])
    }
  }
]

export const offline: GroupCases = {
  group: 'offline',
  callbacks: [
    ...(['storeOfflineMessage', 'lookupOfflineMessages'] as const),
    ...(['removeOfflineMessages', 'clearOfflineMessages', 'lookupOfflineUsage', 'removeSession'] as const)
  ],
  cases
}
