import assert from 'node:assert/strict'
import type { Subscription } from '../../lib/index.js'
import type { BackendCase, GroupCases, Use } from './case.js'

function subscription(topic: string, rest: Partial<Subscription> = {}): Subscription {
  return { topic, qos: 1, nl: false, rap: false, rh: 0, ...rest }
}

function store(use: Use, name: string, ...subscriptions: Subscription[]): Promise<unknown> {
  const clientId = use.own(name)
  return Promise.all(
    subscriptions.map(subscription => use.run('storeSubscription', { clientId, subscription }, undefined))
  )
}

async function remove(use: Use, name: string, topic: string): Promise<boolean> {
  const ctx = { clientId: use.own(name), topic }
  return (await use.run('removeSubscription', ctx, { existed: false })).existed
}

/** Those of a client, by topic filter. */
async function find(use: Use, name: string): Promise<Subscription[]> {
  const ctx = { clientId: use.own(name) }
  const { subscriptions } = await use.run('lookupSubscriptions', ctx, { subscriptions: [] })
  return subscriptions.map(one => ({ ...one })).sort((a, b) => (a.topic < b.topic ? -1 : 1))
}

const full = subscription('b/#', { qos: 2, nl: true, rap: true, rh: 2, identifier: 268_435_455 })

const cases: BackendCase[] = [
  {
    name: 'an id or a filter that is not known is no error',
    async write(use) {
      await use.run('clearSubscriptions', { clientId: use.own('nobody') }, undefined)
      use.removeSession('nobody')
      assert.equal(await remove(use, 'nobody', 'a'), false)
      await store(use, 'c', subscription('a'))
      assert.equal(await remove(use, 'c', 'b'), false)
    },
    async read(use) {
      assert.deepEqual(await find(use, 'nobody'), [])
      assert.deepEqual(await find(use, 'c'), [subscription('a')])
    }
  },
  {
    name: 'subscriptions come back as they were stored',
    async write(use) {
      await store(use, 'c', full, subscription('a/+/c', { qos: 0 }), subscription('$share/g/#'))
    },
    async read(use) {
      assert.deepEqual(await find(use, 'c'), [
        subscription('$share/g/#'),
        subscription('a/+/c', { qos: 0 }),
        full
      ])
    }
  },
  {
    name: 'the same filter is replaced, in the order of the calls',
    async write(use) {
      await store(use, 'c', full, subscription('b/#', { qos: 0 }))
    },
    async read(use) {
      assert.deepEqual(await find(use, 'c'), [subscription('b/#', { qos: 0 })])
    }
  },
  {
    name: 'removing takes one filter of one client and says whether it was there',
    async write(use) {
      await store(use, 'c', subscription('a'), subscription('a/b'), subscription('a/#'))
      await store(use, 'd', subscription('a'))
      assert.equal(await remove(use, 'c', 'a'), true)
      assert.equal(await remove(use, 'c', 'a'), false)
    },
    async read(use) {
      assert.deepEqual(await find(use, 'c'), [subscription('a/#'), subscription('a/b')])
      assert.deepEqual(await find(use, 'd'), [subscription('a')])
    }
  },
  ...(['clearSubscriptions', 'removeSession'] as const).map(
    (callback): BackendCase => ({
      name: `${callback} takes all of one client and nothing of the others`,
      async write(use) {
        for (const name of ['c', 'ca', 'c/a', 'b'])
          await store(use, name, subscription('a'), subscription('b'))
        if (callback === 'removeSession') use.removeSession('c')
        else await use.run(callback, { clientId: use.own('c') }, undefined)
      },
      async read(use) {
        assert.deepEqual(await find(use, 'c'), [])
        for (const name of ['ca', 'c/a', 'b']) {
          assert.deepEqual(await find(use, name), [subscription('a'), subscription('b')])
        }
      }
    })
  ),
  {
    name: 'what is stored after the session was removed stays',
    async write(use) {
      await store(use, 'c', subscription('old'))
      use.removeSession('c')
      await store(use, 'c', subscription('new'))
    },
    async read(use) {
      assert.deepEqual(await find(use, 'c'), [subscription('new')])
    }
  }
]

export const subscriptions: GroupCases = {
  group: 'subscriptions',
  callbacks: [
    'storeSubscription',
    'removeSubscription',
    'clearSubscriptions',
    'lookupSubscriptions',
    'removeSession'
  ],
  cases
}
