import type { AnyMiddleware, Stack } from '../../lib/index.js'
import { MemoryInflight, MemoryOffline } from '../../middlewares/index.js'
import { turn } from './fake-clock.js'
import type { FakeHandler, FakeStack } from './fake-stack.js'

const names = [
  ...['storeOfflineMessage', 'lookupOfflineMessages', 'removeOfflineMessages', 'clearOfflineMessages'],
  ...['storeInflight', 'removeInflight', 'lookupInflight']
]

/** Gives a FakeStack a memory backend for messages; `late` makes every handler settle a turn later, in order. */
export function backed(stack: FakeStack, late = false): { offline: MemoryOffline; inflight: MemoryInflight } {
  const parts = { offline: new MemoryOffline(), inflight: new MemoryInflight() }
  for (const part of Object.values(parts) as AnyMiddleware[]) {
    part.stack = stack as unknown as Stack
    for (const name of names) {
      const handler = (part as unknown as Record<string, FakeHandler | undefined>)[name]
      if (!handler) continue
      stack.handlers[name] = late
        ? async (ctx, store) => {
            await new Promise(resolve => setImmediate(resolve))
            return handler.call(part, ctx, store)
          }
        : (ctx, store) => handler.call(part, ctx, store)
    }
  }
  return parts
}

/** Until nothing more comes of what was begun. */
export async function settled(turns = 10): Promise<void> {
  for (let i = 0; i < turns; i++) await turn()
}
