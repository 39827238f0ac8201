import { EventEmitter } from 'eventemitter3'
import { newCounters } from '../../lib/counters.js'
import type { AnyMiddleware, Client, Session, Stack } from '../../lib/index.js'
import { isThenable } from '../../lib/index.js'
import { TopicTable } from '../../lib/topics/index.js'
import { FakeClock } from './fake-clock.js'

// biome-ignore lint/suspicious/noExplicitAny: handlers of every callback
export type FakeHandler = (ctx: any, store: any) => unknown

/** Stands in for a Stack around one middleware: it records what is executed and answers with the handlers given. */
export class FakeStack extends EventEmitter {
  readonly clock = new FakeClock()
  readonly random = () => 0.5
  readonly clients = new Map<string, Client>()
  readonly connections = new Set<Client>()
  readonly sessions = new Map<string, Session>()
  readonly counters = newCounters()
  readonly topics = new TopicTable(1)
  readonly options = { maximumPacketSize: 1_048_576, refuse: 'ack', strict: true }
  readonly middlewares: unknown[] = []
  hasOutgoing = false
  status = 'running'
  refreshed = 0
  /** Every callback that was executed, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: contexts of every callback
  readonly executed: Array<{ name: string; ctx: any }> = []
  readonly handlers: Record<string, FakeHandler>
  #slots = 0

  constructor(handlers: Record<string, FakeHandler> = {}) {
    super()
    this.handlers = handlers
  }

  /** Gives the middleware this stack and starts it. */
  async host<M extends AnyMiddleware>(middleware: M): Promise<M> {
    middleware.stack = this as unknown as Stack
    await middleware.start?.()
    await middleware.ready?.()
    return middleware
  }

  /** The contexts a callback was executed with. */
  // biome-ignore lint/suspicious/noExplicitAny: contexts of every callback
  of(name: string): any[] {
    return this.executed.filter(one => one.name === name).map(({ ctx }) => ctx)
  }

  nextSlot(): number {
    return this.#slots++
  }

  refresh(): void {
    this.refreshed++
  }

  outgoing<P>(_client: unknown, packet: P): P {
    return packet
  }

  handles(name: string): boolean {
    return name in this.handlers
  }

  execute(name: string, ctx: object, store?: unknown, done?: (err?: Error | null) => void): unknown {
    const result = this.chain(name).run(ctx, store)
    if (done) {
      if (isThenable(result)) result.then(() => done(), done)
      else done()
      return
    }
    return isThenable(result) ? result.then(() => store) : store
  }

  chain(name: string) {
    const { executed, handlers } = this
    const run = (ctx: object, store?: unknown): unknown => {
      executed.push({ name, ctx })
      const result = handlers[name]?.(ctx, store)
      return isThenable(result) ? result : undefined
    }
    return {
      name,
      get size() {
        return name in handlers ? 1 : 0
      },
      run,
      call: (ctx: object, store: unknown, done: (err?: Error | null) => void) => {
        try {
          const result = run(ctx, store)
          if (isThenable(result)) result.then(() => done(), done)
          else done()
        } catch (err) {
          done(err as Error)
        }
      },
      tell: (ctx: object, store?: unknown) => {
        try {
          const result = run(ctx, store)
          if (isThenable(result)) result.then(undefined, err => this.emit('error', err))
        } catch (err) {
          this.emit('error', err)
        }
      }
    }
  }

  publish(packet: object): unknown {
    return this.execute('relayMessage', { client: null, packet }, { matched: 0 })
  }

  // biome-ignore lint/suspicious/noExplicitAny: mirrors Stack.proceed
  proceed(client: any, packet: any, from: unknown, done: () => void): void {
    this.executed.push({ name: 'proceed', ctx: { client, packet, from } })
    done()
  }
}
