/** Callbacks of one's own merge into the map through the built package, and are then checked like the built-in ones. */
import { type Callback, type Ctx, type Handles, Middleware, type Stack, type Store } from 'stackmq'

declare module 'stackmq' {
  interface Callbacks {
    tapMessage: Callback<{ topic: string }, { taps: number }>
    flushTaps: Callback<{ force: boolean }>
  }
}

export class Tap extends Middleware implements Handles<'tapMessage' | 'flushTaps'> {
  tapMessage({ topic }: Ctx<'tapMessage'>, store: Store<'tapMessage'>): void {
    store.taps += topic.length
  }
  flushTaps({ force }: Ctx<'flushTaps'>): void {
    if (force) this.stack.execute('flushTaps', { force: false })
  }
}

// @ts-expect-error flushTaps is missing
export class Half extends Middleware implements Handles<'tapMessage' | 'flushTaps'> {
  tapMessage(_ctx: Ctx<'tapMessage'>, store: Store<'tapMessage'>): void {
    store.taps++
  }
}

export class Wrong extends Middleware implements Handles<'tapMessage'> {
  // @ts-expect-error the context has a topic and no colour
  tapMessage(ctx: { colour: string }): void {
    ctx.colour.trim()
  }
}

export async function use(stack: Stack): Promise<number> {
  const { taps } = await stack.execute('tapMessage', { topic: 'a' }, { taps: 0 })
  await stack.execute('flushTaps', { force: true })
  stack.use({
    tapMessage(ctx, store) {
      store.taps += ctx.topic.length
    }
  })
  // @ts-expect-error a context of another callback
  stack.execute('tapMessage', { force: true }, { taps: 0 })
  // @ts-expect-error nobody declared this one
  stack.execute('tapMesage', { topic: 'a' }, { taps: 0 })
  return taps
}
