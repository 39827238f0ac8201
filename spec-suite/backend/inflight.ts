import assert from 'node:assert/strict'
import type { OutgoingMessage } from '../../lib/index.js'
import type { BackendCase, GroupCases, Use } from './case.js'
import { everything, messageEssence, outgoingMessage, plain, publish } from './packets.js'

function message(messageId: number, rest: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return outgoingMessage(plain({ topic: 't', qos: 2, payload: Buffer.from(`${messageId}`) }), {
    ...{ messageId, qos: 2 },
    ...rest
  })
}

function store(use: Use, name: string, ...messages: OutgoingMessage[]): Promise<unknown> {
  const clientId = use.own(name)
  return Promise.all(messages.map(message => use.run('storeInflight', { clientId, message }, undefined)))
}

async function remove(use: Use, name: string, messageId: number): Promise<boolean> {
  return (await use.run('removeInflight', { clientId: use.own(name), messageId }, { existed: false })).existed
}

async function find(use: Use, name: string): Promise<OutgoingMessage[]> {
  return (await use.run('lookupInflight', { clientId: use.own(name) }, { messages: [] })).messages
}

async function ids(use: Use, name: string): Promise<number[]> {
  return (await find(use, name)).map(({ messageId }) => messageId)
}

function take(use: Use, name: string, ...messageIds: number[]): Promise<unknown> {
  const clientId = use.own(name)
  return Promise.all(
    messageIds.map(messageId => use.run('storeIncoming', { clientId, messageId }, undefined))
  )
}

async function release(use: Use, name: string, messageId: number): Promise<boolean> {
  return (await use.run('removeIncoming', { clientId: use.own(name), messageId }, { existed: false })).existed
}

async function taken(use: Use, name: string): Promise<number[]> {
  const found = await use.run('lookupIncoming', { clientId: use.own(name) }, { messageIds: [] })
  return [...found.messageIds].sort((a, b) => a - b)
}

const full = { qos: 1, retain: true, identifiers: [1, 268_435_455, 1], messageId: 65_535 } as const

const cases: BackendCase[] = [
  {
    name: 'an id that is not known is no error',
    async write(use) {
      assert.equal(await remove(use, 'nobody', 1), false)
      assert.equal(await release(use, 'nobody', 1), false)
      use.removeSession('nobody')
    },
    async read(use) {
      assert.deepEqual(await ids(use, 'nobody'), [])
      assert.deepEqual(await taken(use, 'nobody'), [])
    }
  },
  ...(['plain', 'publish'] as const).map(
    (kind): BackendCase => ({
      name: `a message comes back as it was stored, from ${kind === 'plain' ? 'a plain object' : 'a Publish'}`,
      async write(use) {
        const made = { topic: 'a/b', qos: 2, ...everything } as const
        await store(use, 'c', outgoingMessage(kind === 'plain' ? plain(made) : publish(made), full))
      },
      async read(use) {
        const wanted = outgoingMessage(plain({ topic: 'a/b', qos: 2, ...everything }), full)
        assert.deepEqual((await find(use, 'c')).map(messageEssence), [messageEssence(wanted)])
      }
    })
  ),
  {
    name: 'messages come back in the order of their first sending, whatever their identifiers',
    async write(use) {
      await store(use, 'c', ...[65_534, 65_535, 1, 2, 10, 9].map(id => message(id)))
    },
    async read(use) {
      assert.deepEqual(await ids(use, 'c'), [65_534, 65_535, 1, 2, 10, 9])
    }
  },
  {
    name: 'a message that is stored again keeps its place and is what it is now',
    async write(use) {
      await store(use, 'c', message(1), message(2), message(3))
      await store(use, 'c', message(2, { released: true }))
      await store(use, 'c', message(1))
    },
    async read(use) {
      const found = await find(use, 'c')
      assert.deepEqual(
        found.map(({ messageId, released }) => [messageId, released]),
        [
          [1, false],
          [2, true],
          [3, false]
        ]
      )
    }
  },
  {
    name: 'what was released stays so, and its identifier can be used anew',
    async write(use) {
      await store(use, 'c', message(1), message(2), message(3))
      await use.commit()
      await store(use, 'c', message(1, { released: true }), message(3, { released: true }))
      await use.commit()
    },
    async read(use) {
      assert.deepEqual(
        (await find(use, 'c')).map(({ messageId, released }) => [messageId, released]),
        [
          [1, true],
          [2, false],
          [3, true]
        ]
      )
      assert.equal(await remove(use, 'c', 1), true)
      await use.commit()
      await store(use, 'c', message(1))
      await use.commit()
      assert.deepEqual(
        (await find(use, 'c')).map(({ messageId, released }) => [messageId, released]),
        [
          [2, false],
          [3, true],
          [1, false]
        ]
      )
    }
  },
  {
    name: 'what is in flight can be acknowledged and added to before anybody looks it up',
    async write(use) {
      await store(use, 'c', message(5), message(4), message(3))
      await use.commit()
    },
    async read(use) {
      assert.equal(await remove(use, 'c', 4), true)
      assert.equal(await remove(use, 'c', 4), false)
      await store(use, 'c', message(5, { released: true }))
      await store(use, 'c', message(1), message(4))
      assert.deepEqual(
        (await find(use, 'c')).map(({ messageId, released }) => [messageId, released]),
        [
          [5, true],
          [3, false],
          [1, false],
          [4, false]
        ]
      )
      assert.equal(await remove(use, 'c', 3), true)
      assert.deepEqual(await ids(use, 'c'), [5, 1, 4])
    }
  },
  {
    name: 'an identifier that is used anew is a new message at the end',
    async write(use) {
      await store(use, 'c', message(1), message(2))
      assert.equal(await remove(use, 'c', 1), true)
      assert.equal(await remove(use, 'c', 1), false)
      await store(use, 'c', message(1))
    },
    async read(use) {
      assert.deepEqual(await ids(use, 'c'), [2, 1])
    }
  },
  {
    name: 'calls take effect in the order they are made',
    async write(use) {
      const made = []
      for (let id = 1; id <= 100; id++) {
        made.push(store(use, 'c', message(id)))
        if (id > 3) made.push(remove(use, 'c', id - 3))
      }
      await Promise.all(made)
    },
    async read(use) {
      assert.deepEqual(await ids(use, 'c'), [98, 99, 100])
    }
  },
  {
    name: 'incoming identifiers are a set of each client, apart from the outgoing ones',
    async write(use) {
      await store(use, 'c', message(7))
      await take(use, 'c', 1, 65_535, 1, 5)
      await take(use, 'd', 5)
      assert.equal(await release(use, 'c', 5), true)
      assert.equal(await release(use, 'c', 5), false)
      assert.equal(await release(use, 'c', 7), false)
    },
    async read(use) {
      assert.deepEqual(await taken(use, 'c'), [1, 65_535])
      assert.deepEqual(await taken(use, 'd'), [5])
      assert.deepEqual(await ids(use, 'c'), [7])
    }
  },
  {
    name: 'removeSession takes both directions of one client and nothing of the others',
    async write(use) {
      for (const name of ['c', 'ca', 'c/a']) {
        await store(use, name, message(1))
        await take(use, name, 2)
      }
      use.removeSession('c')
    },
    async read(use) {
      assert.deepEqual(await ids(use, 'c'), [])
      assert.deepEqual(await taken(use, 'c'), [])
      for (const name of ['ca', 'c/a']) {
        assert.deepEqual(await ids(use, name), [1])
        assert.deepEqual(await taken(use, name), [2])
      }
    }
  },
  {
    name: 'a lookup begun before removeSession still finds what was there',
    async write(use) {
      await store(use, 'c', message(1), message(2))
    },
    async read(use) {
      const looking = ids(use, 'c')
      use.removeSession('c')
      assert.deepEqual(await looking, [1, 2])
      assert.deepEqual(await ids(use, 'c'), [])
    }
  }
]

export const inflight: GroupCases = {
  group: 'inflight',
  callbacks: [
    ...(['storeInflight', 'removeInflight', 'lookupInflight'] as const),
    ...(['storeIncoming', 'removeIncoming', 'lookupIncoming', 'removeSession'] as const)
  ],
  cases
}
