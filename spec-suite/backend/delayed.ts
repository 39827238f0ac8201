import type { AnyMiddleware, CallbackName, Next, Stack } from '../../lib/index.js'
import { callbackNames, flatten } from '../../lib/plan.js'

type AnyHandler = (ctx: unknown, store: unknown, next: Next, done: Next) => unknown

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** The same backend with every handler a turn later, in order: a synchronous one meets asynchronous interleavings. */
export function delayed(backend: AnyMiddleware): AnyMiddleware[] {
  return flatten([backend]).map(delayedPart)
}

function delayedPart(part: AnyMiddleware): AnyMiddleware {
  const handlers = part as unknown as Record<string, AnyHandler>
  const late = callbackNames(part).map(name => {
    const handler = handlers[name]!
    const short = async (ctx: unknown, store: unknown) => {
      await turn()
      return handler.call(part, ctx, store, never, never)
    }
    const long = (ctx: unknown, store: unknown, next: Next, done: Next) => {
      setImmediate(() => {
        try {
          handler.call(part, ctx, store, next, done)
        } catch (err) {
          next(err as Error)
        }
      })
    }
    return [name, handler.length > 2 ? long : short] as const
  })
  return {
    name: part.name ?? 'backend',
    packets: [],
    exclusive: (part.exclusive ?? []) as readonly CallbackName[],
    set stack(stack: Stack) {
      part.stack = stack
    },
    start: () => part.start?.(),
    ready: () => part.ready?.(),
    stop: () => part.stop?.(),
    ...Object.fromEntries(late)
  }
}

const never: Next = () => {
  throw new Error('a handler that does not declare next called it')
}
