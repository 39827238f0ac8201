import t from 'tap'
import { type AnyMiddleware, type Next, Stack } from '../../lib/index.js'
import { gate } from '../support/tiny.js'

/** Middlewares that write down when they are started, made ready and stopped. */
function diary() {
  const log: string[] = []
  const one = (name: string, rest: object = {}): AnyMiddleware => ({
    name,
    start: () => void log.push(`start ${name}`),
    ready: () => void log.push(`ready ${name}`),
    stop: () => void log.push(`stop ${name}`),
    ...rest
  })
  return { log, one }
}

t.test('start() starts each in order, waits for it, and tells all when everybody has started', async t => {
  const { log, one } = diary()
  const door = gate()
  const slow = one('Slow', {
    start: async () => {
      await door.promise
      log.push('start Slow')
    }
  })
  const stack = new Stack().use(one('A'), slow, one('B'))
  const started = stack.start()
  await null
  t.same(log, ['start A'])
  t.equal(stack.status, 'starting')
  t.equal(stack.handles('relayMessage'), false)
  door.open()
  t.equal(await started, stack)
  t.equal(stack.status, 'running')
  t.same(log, ['start A', 'start Slow', 'start B', 'ready A', 'ready Slow', 'ready B'])
  await stack.stop()
  t.same(log.slice(6), ['stop B', 'stop Slow', 'stop A'])
})

t.test(
  'when one fails to start, those that started are stopped in reverse and the error is passed on',
  async t => {
    const cause = new Error('no database')
    for (const fails of [
      () => Promise.reject(cause),
      () => {
        throw cause
      }
    ]) {
      const { log, one } = diary()
      const stack = new Stack().use(one('A'), one('B'), one('C', { start: fails }), one('D'))
      await t.rejects(stack.start(), cause)
      t.same(log, ['start A', 'start B', 'stop B', 'stop A'])
      t.equal(stack.status, 'stopped')
      await stack.stop()
      t.equal(log.length, 4, 'nobody is stopped twice')
    }
  }
)

t.test('when one fails to get ready, all are stopped', async t => {
  const { log, one } = diary()
  const stack = new Stack().use(one('A'), one('B', { ready: () => Promise.reject(new Error('no')) }))
  await t.rejects(stack.start(), /^no$/)
  t.same(log, ['start A', 'start B', 'ready A', 'stop B', 'stop A'])
})

t.test('a stack starts once', async t => {
  const stack = new Stack()
  const first = stack.start()
  await t.rejects(stack.start(), { code: 'STACK_STARTED', message: /a stack that is starting/ })
  await first
  await t.rejects(stack.start(), { code: 'STACK_STARTED', message: /running: make a new Stack/ })
  await stack.stop()
  await t.rejects(stack.start(), { code: 'STACK_STARTED', message: /stopped/ })
})

t.test('a stack that is starting or has stopped cannot be changed', async t => {
  const { one } = diary()
  const door = gate()
  const stack = new Stack().use(one('Slow', { start: () => door.promise }))
  const started = stack.start()
  t.throws(() => stack.use(one('A')), { code: 'STACK_NOT_STARTED', message: /is starting/ })
  await t.rejects(stack.remove('Slow'), /is starting/)
  door.open()
  await started
  await stack.stop()
  t.throws(() => stack.use(one('A')), /is stopped and cannot be changed/)
  await t.rejects(stack.replace('Slow', one('A')), /is stopped/)
})

t.test('callbacks can be executed in ready(), and in start() by who needs those before it', async t => {
  const heard: string[] = []
  const stack = new Stack().use(
    { commit: () => void heard.push('commit') },
    {
      async start(this: AnyMiddleware) {
        await this.stack!.execute('commit', {})
      }
    }
  )
  await stack.start()
  t.same(heard, ['commit'])
  await stack.stop()
})

t.test('execute() before start() fails: an empty plan must not look like an agreement', async t => {
  const stack = new Stack().use({
    authorizePacket: (_ctx, store) => {
      store.valid = false
    }
  })
  t.throws(() => stack.execute('commit', {}), { code: 'STACK_NOT_STARTED', message: /before start\(\)/ })
  await t.rejects(async () => stack.publish({ topic: 'a' }), { code: 'STACK_NOT_STARTED' })
  await stack.start()
  t.equal(stack.execute('commit', {}), undefined)
  await stack.stop()
})

t.test('execute() gives the store at once, or a promise of it, or calls back', async t => {
  const door = gate()
  const stack = await new Stack()
    .use({
      removeInflight: (_ctx, store) => {
        store.existed = true
      },
      removeIncoming: async (_ctx, store) => {
        await door.promise
        store.existed = true
      }
    })
    .start()
  const ctx = { clientId: 'c', messageId: 1 }
  const store = { existed: false }
  t.equal(stack.execute('removeInflight', ctx, store), store)
  t.equal(store.existed, true)
  const later = { existed: false }
  const promise = stack.execute('removeIncoming', ctx, later)
  t.ok(promise instanceof Promise)
  t.equal(later.existed, false)
  door.open()
  t.equal(await promise, later)
  t.equal(later.existed, true)
  const told: unknown[] = []
  const done: Next = err => told.push(err)
  t.equal(stack.execute('removeInflight', ctx, { existed: false }, done), undefined)
  t.same(told, [undefined])
  await stack.stop()
})

t.test(
  'execute() of a known name without handlers is an empty chain, of an unknown one a clear error',
  async t => {
    const announces = { name: 'Says', executes: ['tapMessage'], requires: [] }
    const stack = await new Stack()
      .use(announces as AnyMiddleware, { drainTap() {} } as AnyMiddleware)
      .start()
    const execute = stack.execute.bind(stack) as (name: string, ctx: object) => unknown
    t.equal(execute('clientConnected', {}), undefined, 'built in')
    t.equal(execute('tapMessage', {}), undefined, 'announced')
    t.equal(execute('drainTap', {}), undefined, 'handled')
    const unknown = { code: 'STACK_UNHANDLED_CALLBACK', message: /'relayMesage' is no callback/ }
    t.throws(() => execute('relayMesage', {}), unknown)
    await stack.stop()
  }
)

t.test('publish() takes topic names only, and tells how many it went to', async t => {
  const heard: unknown[] = []
  const stack = await new Stack()
    .use({
      relayMessage: (_ctx, store) => {
        store.matched = 3
      },
      messagePublished: ctx => void heard.push([ctx.client, ctx.packet.topic, ctx.matched])
    })
    .start()
  t.same(stack.publish({ topic: 'a/b' }), { matched: 3 })
  t.same(heard, [[null, 'a/b', 3]])
  for (const topic of ['', 'a/+', '#']) {
    t.throws(() => stack.publish({ topic }), { code: 'STACK_INVALID_OPTIONS' })
  }
  await stack.stop()
})
