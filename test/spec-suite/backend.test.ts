import t from 'tap'
import type { AnyMiddleware } from '../../lib/index.js'
import {
  MemoryBackend,
  MemoryInflight,
  MemoryOffline,
  MemoryRetained,
  MemorySessions,
  MemorySubscriptions,
  MemoryWills
} from '../../middlewares/index.js'
import type { BackendGroup } from '../../spec-suite/index.js'
import { backendSuite } from '../../spec-suite/index.js'

t.test('the whole MemoryBackend', async t => {
  await backendSuite({ test: t.test.bind(t), create: () => new MemoryBackend() })
})

const parts: Array<[BackendGroup, () => AnyMiddleware]> = [
  ['sessions', () => new MemorySessions()],
  ['subscriptions', () => new MemorySubscriptions()],
  ['retained', () => new MemoryRetained()],
  ['inflight', () => new MemoryInflight()],
  ['offline', () => new MemoryOffline()],
  ['wills', () => new MemoryWills()]
]

for (const [group, create] of parts) {
  t.test(`Memory${group} alone is judged by its own group and no other`, async t => {
    const titles: string[] = []
    await backendSuite({
      test: (name, fn) => {
        titles.push(name)
        return t.test(name, fn)
      },
      create
    })
    t.ok(titles.length > 3)
    t.same(
      titles.filter(title => !title.startsWith(`${group}: `)),
      []
    )
  })
}
