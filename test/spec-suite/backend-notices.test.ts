import t from 'tap'
import type { AnyMiddleware, Ctx, OutgoingMessage, Store } from '../../lib/index.js'
import {
  MemoryBackend,
  MemoryInflight,
  MemoryOffline,
  MemoryRetained,
  MemorySessions
} from '../../middlewares/index.js'
import { type BackendSuiteOptions, backendSuite } from '../../spec-suite/index.js'

/** Runs the suite on its own and gives the titles of what failed. */
async function failures<B extends AnyMiddleware>(
  options: Omit<BackendSuiteOptions<B>, 'test'>
): Promise<string[]> {
  const tests: Array<{ name: string; fn: () => Promise<void> }> = []
  await backendSuite({ ...options, test: (name, fn) => tests.push({ name, fn }) })
  const failed: string[] = []
  for (const { name, fn } of tests) {
    await fn().catch(() => failed.push(name))
  }
  return failed
}

function mentions(failed: string[], text: string): boolean {
  return failed.some(title => title.includes(text))
}

/** Hands the storage of one MemoryBackend to another, as a disk would. */
function reopened(previous: MemoryBackend): MemoryBackend {
  const next = new MemoryBackend()
  for (const [i, part] of next.parts.entries()) part.importState(previous.parts[i]!.exportState() as never)
  return next
}

t.test('a backend that keeps its storage passes the tests after stop and start', async t => {
  t.same(await failures({ create: () => new MemoryBackend(), reopen: reopened }), [])
})

t.test('a backend that forgets at a restart is noticed in every group, and only there', async t => {
  const failed = await failures({ create: () => new MemoryBackend(), reopen: () => new MemoryBackend() })
  for (const group of ['sessions', 'subscriptions', 'retained', 'inflight', 'offline', 'wills']) {
    t.ok(
      failed.some(title => title.startsWith(`${group}: `)),
      group
    )
  }
  t.same(
    failed.filter(title => !title.endsWith('after stop and start')),
    []
  )
})

t.test('a backend that keeps empty retained messages is noticed', async t => {
  class Keeping extends MemoryRetained {
    override storeRetainedMessage(
      { packet }: Ctx<'storeRetainedMessage'>,
      store: Store<'storeRetainedMessage'>
    ) {
      const payload = packet.payload.length === 0 ? Buffer.from(' ') : packet.payload
      super.storeRetainedMessage({ packet: { ...packet, payload } }, store)
    }
  }
  const failed = await failures({ create: () => new Keeping() })
  t.ok(mentions(failed, 'an empty payload removes'))
})

t.test('a backend that orders messages in flight by identifier is noticed', async t => {
  class Sorting extends MemoryInflight {
    override lookupInflight(ctx: Ctx<'lookupInflight'>, store: Store<'lookupInflight'>) {
      super.lookupInflight(ctx, store)
      store.messages.sort((a: OutgoingMessage, b: OutgoingMessage) => a.messageId - b.messageId)
    }
  }
  const failed = await failures({ create: () => new Sorting() })
  t.ok(mentions(failed, 'in the order of their first sending'))
})

t.test('a backend whose client ids run into each other is noticed', async t => {
  class Careless extends MemoryOffline {
    override clearOfflineMessages({ clientId }: Ctx<'clearOfflineMessages'>) {
      for (const one of [clientId, `${clientId}a`]) super.clearOfflineMessages({ clientId: one })
    }
  }
  t.ok(mentions(await failures({ create: () => new Careless() }), 'clearOfflineMessages takes all of one'))
})

t.test('a backend that answers late out of order is noticed', async t => {
  let calls = 0
  class Overtaking extends MemoryInflight {
    override async storeInflight(ctx: Ctx<'storeInflight'>) {
      if (calls++ % 2 === 0) await new Promise(resolve => setImmediate(resolve))
      super.storeInflight(ctx)
    }
  }
  const failed = await failures({ create: () => new Overtaking() as unknown as AnyMiddleware })
  t.ok(mentions(failed, 'in the order of their first sending'))
})

t.test('a backend whose pages are larger than asked for, or repeat, is noticed', async t => {
  class Greedy extends MemorySessions {
    override lookupSessions({ cursor }: Ctx<'lookupSessions'>, store: Store<'lookupSessions'>) {
      super.lookupSessions({ limit: 1000, cursor }, store)
    }
  }
  t.ok(mentions(await failures({ create: () => new Greedy() }), 'page by page'))
  class Repeating extends MemorySessions {
    override lookupSessions({ limit, cursor }: Ctx<'lookupSessions'>, store: Store<'lookupSessions'>) {
      if (cursor === undefined && limit < 1000) {
        super.lookupSessions({ limit: 1 }, store)
        store.cursor = 'again'
        return
      }
      super.lookupSessions({ limit: 1000 }, store)
      delete store.cursor
    }
  }
  t.ok(mentions(await failures({ create: () => new Repeating() }), 'page by page'))
})

t.test('a group that is handled in part is noticed', async t => {
  const half: AnyMiddleware = { name: 'half', storeWill() {} } as AnyMiddleware
  t.ok(mentions(await failures({ create: () => half }), 'wills: handles every callback of the group'))
})

t.test('a handler that fails where nobody waits for it is noticed', async t => {
  class Failing extends MemorySessions {
    override removeSession(): void {
      throw new Error('disk full')
    }
  }
  t.ok(mentions(await failures({ create: () => new Failing() }), 'an id that is not known is no error'))
})

t.test('groups can be chosen, and a backend may be created asynchronously', async t => {
  const titles: string[] = []
  const test = (name: string) => titles.push(name)
  backendSuite({ test, create: async () => new MemoryBackend(), groups: ['wills'] })
  t.ok(titles.length > 3)
  t.ok(titles.every(title => title.startsWith('wills: ')))
  titles.length = 0
  await backendSuite({ test, create: async () => new MemoryBackend() })
  t.equal(new Set(titles.map(title => title.split(':')[0])).size, 6)
})
