import { type Client, Middleware, type Next, type PublishPacket, Stack } from '../../lib/index.js'
import type { Case, Task } from './case.js'
import { FakeStream, TurnClock } from './fake-network.js'
import { publish } from './frames.js'

const amount = 11
const publishType = 3

/** Handlers called. Handlers count, so that nobody can leave them out. */
let called = 0

/** Lets everything through, as eleven middlewares of the same code. */
class PassThrough extends Middleware {
  override readonly packets = ['publish'] as const

  override handle(): void {
    called++
  }
}

/** The same in the documented signature. */
class CallsNext extends Middleware {
  override readonly packets = ['publish'] as const

  override handle(_client: Client, _packet: PublishPacket, next: Next): void {
    called++
    next()
  }
}

const returns = () => ({
  relayMessage() {
    called++
  }
})

const takesNext = () => ({
  relayMessage(_ctx: object, _store: object, next: Next) {
    called++
    next()
  }
})

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

export const dispatchCases: readonly Case[] = [
  {
    name: `dispatch/a packet through ${amount} middlewares`,
    prepare: () => receiving(times(amount, () => new PassThrough()))
  },
  {
    name: `dispatch/a packet through ${amount} middlewares, the last calls next`,
    prepare: () => receiving([...times(amount - 1, () => new PassThrough()), new CallsNext()])
  },
  {
    name: `dispatch/a packet through ${amount} middlewares, all call next`,
    prepare: () => receiving(times(amount, () => new CallsNext()))
  },
  { name: 'dispatch/a chain of 1 handler', prepare: () => running([returns()]) },
  { name: 'dispatch/a chain of 3 handlers', prepare: () => running(times(3, returns)) },
  {
    name: 'dispatch/a chain of 3 handlers, one calls next',
    prepare: () => running([returns(), takesNext(), returns()])
  },
  { name: 'dispatch/a chain of 3 handlers, with a callback', prepare: () => calling(times(3, returns)) }
]

async function receiving(middlewares: Middleware[]): Promise<Task> {
  const stack = await new Stack({ clock: new TurnClock() }).use(...middlewares).start()
  const client = stack.handler()(new FakeStream())!
  const packet = publish(0, 64)
  return {
    each: amount,
    run(operations) {
      called = 0
      for (let i = 0; i < operations; i++) stack.receive(client, packet, publishType)
      return called
    }
  }
}

async function running(hooks: object[]): Promise<Task> {
  const chain = await relayChain(hooks)
  const ctx = { client: null, packet: publish(0, 64) }
  const store = { matched: 0 }
  return {
    each: hooks.length,
    run(operations) {
      called = 0
      for (let i = 0; i < operations; i++) chain.run(ctx, store)
      return called
    }
  }
}

async function calling(hooks: object[]): Promise<Task> {
  const chain = await relayChain(hooks)
  const ctx = { client: null, packet: publish(0, 64) }
  const store = { matched: 0 }
  let settled = 0
  const done = () => {
    settled++
  }
  return {
    each: hooks.length + 1,
    run(operations) {
      called = settled = 0
      for (let i = 0; i < operations; i++) chain.call(ctx, store, done)
      return called + settled
    }
  }
}

async function relayChain(hooks: object[]) {
  const stack = await new Stack({ clock: new TurnClock() }).use(...hooks).start()
  return stack.chain('relayMessage')
}
