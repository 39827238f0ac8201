import assert from 'node:assert/strict'
import type { PublishPacket, RetainedUsageEntry } from '../../lib/index.js'
import { type BackendCase, type GroupCases, readAll, type Use } from './case.js'
import { essence, everything, plain, publish } from './packets.js'

async function store(use: Use, packet: PublishPacket): Promise<number | null> {
  return (await use.run('storeRetainedMessage', { packet }, { replaced: null })).replaced
}

function retain(topic: string, payload: string): PublishPacket {
  return plain({ topic, payload: Buffer.from(payload), retain: true })
}

function lookup(use: Use, filter: string, limit = 1000, between?: (page: PublishPacket[]) => Promise<void>) {
  const page = (limit: number, cursor: unknown) =>
    use.run('lookupRetainedMessages', { filter, limit, cursor }, { items: [] as PublishPacket[] })
  return readAll(page, limit, between)
}

/** Topics that match, sorted. */
async function topics(use: Use, filter: string): Promise<string[]> {
  return (await lookup(use, filter)).map(({ topic }) => topic).sort()
}

async function usages(use: Use, limit: number, topics: readonly string[]): Promise<RetainedUsageEntry[]> {
  const page = (limit: number, cursor: unknown) =>
    use.run('lookupRetainedUsage', { limit, cursor }, { items: [] as RetainedUsageEntry[] })
  const found = (await readAll(page, limit)).filter(({ topic }) => topics.includes(topic))
  return found.sort((a, b) => (a.topic < b.topic ? -1 : 1))
}

const many = Array.from({ length: 25 }, (_, i) => `t${i}`)

const cases: BackendCase[] = [
  ...(['plain', 'publish'] as const).map(
    (kind): BackendCase => ({
      name: `a message comes back as it was stored, from ${kind === 'plain' ? 'a plain object' : 'a Publish'}`,
      async write(use) {
        const made = { topic: `${use.own('a')}/b`, qos: 2, retain: true, ...everything } as const
        const packet = kind === 'plain' ? plain(made) : publish(made)
        const before = essence(packet)
        assert.equal(await store(use, packet), null)
        assert.deepEqual(essence(packet), before, 'the packet handed in is not changed')
      },
      async read(use) {
        const topic = `${use.own('a')}/b`
        const [found, ...others] = await lookup(use, topic)
        assert.equal(others.length, 0)
        assert.deepEqual(essence(found!), essence(plain({ topic, qos: 2, retain: true, ...everything })))
      }
    })
  ),
  {
    name: 'a topic keeps its newest message, and the bytes of the one before are reported',
    async write(use) {
      const topic = use.own('ä')
      assert.equal(await store(use, retain(topic, 'first')), null)
      assert.equal(await store(use, retain(topic, 'second!')), Buffer.byteLength(topic) + 5)
      const stores = ['3', '4', '5'].map(payload => store(use, retain(topic, payload)))
      await Promise.all(stores)
    },
    async read(use) {
      const found = await lookup(use, use.own('ä'))
      assert.deepEqual(
        found.map(({ payload }) => payload.toString()),
        ['5']
      )
    }
  },
  {
    name: 'an empty payload removes, and is never kept itself [5.0 MQTT-3.3.1-6] [5.0 MQTT-3.3.1-7]',
    async write(use) {
      const topic = use.own('a')
      await store(use, retain(topic, 'there'))
      await store(use, retain(`${topic}/b`, 'stays'))
      assert.equal(await store(use, retain(topic, '')), Buffer.byteLength(topic) + 5)
      assert.equal(await store(use, retain(topic, '')), null)
      assert.equal(await store(use, retain(use.own('never'), '')), null)
    },
    async read(use) {
      assert.deepEqual(await topics(use, `${use.own('a')}/#`), [`${use.own('a')}/b`])
      assert.deepEqual(await topics(use, use.own('never')), [])
    }
  },
  {
    name: 'a topic that was emptied can be filled again',
    async write(use) {
      for (const payload of ['one', '', 'two']) await store(use, retain(use.own('a'), payload))
    },
    async read(use) {
      const [found] = await lookup(use, use.own('a'))
      assert.equal(found?.payload.toString(), 'two')
    }
  },
  {
    name: 'wildcards match as in subscriptions',
    async write(use) {
      const root = use.own('w')
      for (const rest of ['', '/', '/a', '/a/b', '/a/b/c', '/b/b', '/a/', 'x']) {
        await store(use, retain(`${root}${rest}`, 'm'))
      }
    },
    async read(use) {
      const root = use.own('w')
      const of = (...rests: string[]) => rests.map(rest => `${root}${rest}`).sort()
      assert.deepEqual(await topics(use, `${root}/#`), of('', '/', '/a', '/a/b', '/a/b/c', '/b/b', '/a/'))
      assert.deepEqual(await topics(use, `${root}/+`), of('/', '/a'))
      assert.deepEqual(await topics(use, `${root}/+/b`), of('/a/b', '/b/b'))
      assert.deepEqual(await topics(use, `${root}/a/+`), of('/a/b', '/a/'))
      assert.deepEqual(
        await topics(use, `+/a/#`).then(all => all.filter(one => one.startsWith(`${root}/`))),
        [...of('/a', '/a/b', '/a/b/c', '/a/')]
      )
      assert.deepEqual(await topics(use, root), [root])
      assert.deepEqual(await topics(use, `${root}/none/#`), [])
    }
  },
  {
    name: 'no wildcard in the first level matches a topic that begins with $ [5.0 MQTT-4.7.2-1]',
    async write(use) {
      await store(use, retain(`${use.own('$sys')}/a`, 'm'))
      await store(use, retain(`${use.own('sys')}/a`, 'm'))
    },
    async read(use) {
      const own = [`${use.own('$sys')}/a`, `${use.own('sys')}/a`]
      for (const filter of ['#', '+/a', '+/#']) {
        const found = (await topics(use, filter)).filter(topic => own.includes(topic))
        assert.deepEqual(found, [own[1]], filter)
      }
      assert.deepEqual(await topics(use, `${use.own('$sys')}/#`), [own[0]])
    }
  },
  {
    name: 'matches come page by page, each once',
    async write(use) {
      for (const topic of many) await store(use, retain(`${use.own('p')}/${topic}`, topic))
    },
    async read(use) {
      for (const limit of [1, 10, 25, 1000]) {
        const found = await lookup(use, `${use.own('p')}/#`, limit)
        assert.deepEqual(found.map(({ payload }) => payload.toString()).sort(), [...many].sort(), `${limit}`)
      }
    }
  },
  {
    name: 'topics that come and go between two pages do not disturb the lookup of the others',
    async write(use) {
      for (const topic of many) await store(use, retain(`${use.own('p')}/${topic}`, topic))
    },
    async read(use) {
      const root = use.own('p')
      let step = 0
      const found = await lookup(use, `${root}/+`, 10, async () => {
        step++
        await store(use, retain(`${root}/new${step}`, 'new'))
        await store(use, retain(`${root}/t3`, ''))
      })
      const stayed = many.filter(topic => topic !== 't3')
      const seen = found.map(({ payload }) => payload.toString()).filter(one => stayed.includes(one))
      assert.deepEqual(seen.sort(), stayed.sort())
    }
  },
  {
    name: 'what each takes up can be asked for without payloads, topics that begin with $ included',
    async write(use) {
      const names = ['$u/a', 'u', 'u/ä', 'u/b'].map(use.own.bind(use))
      for (const name of names) await store(use, retain(name, 'five!'))
      await store(use, { ...retain(names[2]!, 'longer'), expiresAt: 4_102_444_800_000 })
      await store(use, retain(names[3]!, ''))
    },
    async read(use) {
      const names = ['$u/a', 'u', 'u/ä', 'u/b'].map(use.own.bind(use))
      const wanted = [
        { topic: names[0], bytes: 5, expiresAt: 0 },
        { topic: names[1], bytes: 5, expiresAt: 0 },
        { topic: names[2], bytes: 6, expiresAt: 4_102_444_800_000 }
      ].sort((a, b) => (a.topic! < b.topic! ? -1 : 1))
      for (const limit of [1, 2, 1000]) assert.deepEqual(await usages(use, limit, names), wanted, `${limit}`)
    }
  },
  {
    name: 'a message that changes nothing but its expiry, or its bytes, is another one',
    async write(use) {
      const topic = use.own('e')
      await store(use, retain(topic, 'aaa'))
      await use.commit()
      await store(use, { ...retain(topic, 'bbb'), expiresAt: 4_102_444_800_001 })
    },
    async read(use) {
      const [found] = await lookup(use, use.own('e'))
      assert.equal(found?.payload.toString(), 'bbb')
      assert.equal(found?.expiresAt, 4_102_444_800_001)
      assert.equal((await usages(use, 10, [use.own('e')]))[0]?.expiresAt, 4_102_444_800_001)
    }
  },
  {
    name: 'a large payload and a long topic are kept whole',
    async write(use) {
      const payload = Buffer.alloc(200_000, 'large')
      await store(use, plain({ topic: `${use.own('l')}/${'x/'.repeat(2000)}`, payload, retain: true }))
    },
    async read(use) {
      const [found] = await lookup(use, `${use.own('l')}/#`)
      assert.ok(found?.payload.equals(Buffer.alloc(200_000, 'large')))
    }
  }
]

export const retained: GroupCases = {
  group: 'retained',
  callbacks: ['storeRetainedMessage', 'lookupRetainedMessages', 'lookupRetainedUsage'],
  cases
}
