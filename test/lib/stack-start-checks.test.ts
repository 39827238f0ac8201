import t from 'tap'
import { type AnyMiddleware, type Hooks, Middleware, Stack, StackError } from '../../lib/index.js'
import { each } from '../support/each.js'

/** A middleware by its declarations. */
function one(name: string, rest: object = {}): AnyMiddleware {
  return { name, ...rest } as AnyMiddleware
}

/** The problems start() finds. */
async function problems(...middlewares: AnyMiddleware[]): Promise<readonly string[]> {
  try {
    await new Stack().use(...middlewares).start()
  } catch (err) {
    if (err instanceof StackError) return err.problems
    throw err
  }
  return []
}

t.test('a required callback that nobody handles is a problem, and the text says what to add', async t => {
  const needs = one('Needs', { requires: ['relayMessage'] })
  t.same(await problems(needs), [
    "Needs requires 'relayMessage' and nobody handles it: add a middleware with a relayMessage method"
  ])
  t.same(await problems(needs, one('Has', { relayMessage() {} })), [])
  t.same(await problems(one('Own', { requires: ['relayMessage'], relayMessage() {} })), [])
  const muted = one('Muted', { relayMessage() {}, muted: new Set(['relayMessage']) })
  t.equal((await problems(one('Needs', { requires: ['relayMessage'] }), muted)).length, 1)
  t.same(await problems(one('May', { executes: ['relayMessage'] })), [], 'executes is fine without')
})

t.test('an exclusive callback with a second handler is a problem', async t => {
  const owner = () => one('Owner', { exclusive: ['storeSession'], storeSession() {} })
  t.same(await problems(owner(), one('Other', { storeSession() {} })), [
    "'storeSession' is exclusive to Owner, but Other handles it too: remove one of them"
  ])
  t.same(await problems(owner(), one('Other', { lookupSession() {} })), [])
  t.match(await problems(owner(), owner()), [/exclusive to Owner, but Owner#2/, /exclusive to Owner#2/])
})

t.test('after and before hold for those that are there', async t => {
  const early = () => one('Early', { before: ['Late'] })
  const late = () => one('Late', { after: ['Early'] })
  t.same(await problems(early(), late()), [])
  t.same(await problems(late(), one('Early')), ['Late must stand after Early (declared by Late)'])
  t.same(await problems(one('Late'), early()), ['Early must stand before Late (declared by Early)'])
  t.same(await problems(early()), [], 'nobody to stand before')
  t.same(
    await problems(one('Early'), late(), one('Early')),
    ['Late must stand after Early (declared by Late)'],
    'a second one of a name counts too'
  )
})

t.test('names are the class, hooks, or what the middleware says; a second one gets #2', async t => {
  class KeepTime extends Middleware {}
  const stack = new Stack().use(
    new KeepTime(),
    { publish() {} },
    new KeepTime(),
    { name: 'Mine' },
    { publish() {} },
    { name: 'hooks#2' }
  )
  const names = stack.middlewares.map(({ name }) => name)
  t.same(names, ['KeepTime', 'hooks', 'KeepTime#2', 'Mine', 'hooks#2', 'hooks#2#2'])
  t.equal(new Set(names).size, names.length)
  await stack.start()
  await stack.stop()
})

t.test('options are asked for by check(), before anything starts', async t => {
  let started = 0
  const wrong = one('Wrong', { check: () => ['size is 0: give a larger one', 'colour is missing'] })
  const found = await problems(one('Fine', { check: () => [], start: () => void started++ }), wrong)
  t.same(found, ['Wrong: size is 0: give a larger one', 'Wrong: colour is missing'])
  t.equal(started, 0)
})

t.test('a plain object with a misspelt hook is told what was meant', async t => {
  const misspelt = async (name: string) => problems({ [name]() {} } as AnyMiddleware)
  each(t, await misspelt('relayMesage'), [
    /hooks has a method 'relayMesage' .* did you mean 'relayMessage'\?/
  ])
  each(t, await misspelt('relaymessage'), [/'relayMessage'/])
  each(t, await misspelt('clientConected'), [/'clientConnected'/])
  each(t, await misspelt('relyMesage'), [/'relayMessage'/])
  each(t, await misspelt('publsh'), [/'publish'/])
  each(t, await misspelt('unsubscibe'), [/'unsubscribe'/])
  each(t, await misspelt('handel'), [], 'two slips in a short word may be another word')
  each(t, await misspelt('handl'), [/'handle'/])
  t.same(await misspelt('tapMessage'), [], 'a name like no other is a callback of its own')
  t.same(await misspelt('_relayMesage'), [], 'a method for its own use')
  t.same(
    await problems({ storeWills() {} } as Hooks, one('Asks', { executes: ['storeWills'] })),
    [],
    'somebody says that it executes it'
  )
  class Mine extends Middleware {
    relayMesage() {}
  }
  t.same(await problems(new Mine()), [], 'classes are checked by the compiler')
})

t.test('everything that is wrong is in one error, with the order of the middlewares', async t => {
  const stack = new Stack().use(
    one('Authorization', { requires: ['authorizePacket'] }),
    one('Router'),
    one('RetainManager', { before: ['Router'] }),
    one('LevelBackend', { exclusive: ['storeSession'], storeSession() {} }),
    one('MemoryBackend', { storeSession() {} })
  )
  const err = await stack.start().then(
    () => null,
    (err: StackError) => err
  )
  t.match(err, { name: 'StackError', code: 'STACK_UNHANDLED_CALLBACK' })
  t.equal(
    err?.message,
    `[STACK_UNHANDLED_CALLBACK] the stack cannot start, 3 problems
  1 Authorization requires 'authorizePacket' and nobody handles it: add a middleware with a authorizePacket method
  2 'storeSession' is exclusive to LevelBackend, but MemoryBackend handles it too: remove one of them
  3 RetainManager must stand before Router (declared by RetainManager)
order: Authorization, Router, RetainManager, LevelBackend, MemoryBackend`
  )
  t.equal(err?.problems.length, 3)
  t.equal(stack.status, 'idle', 'it can be mended and started again')
  stack.use(one('Mends', { authorizePacket() {} }))
  await t.rejects(stack.start(), /2 problems/)
})

t.test('strict mode warns of async handlers that take next', async t => {
  const warned = async (strict: boolean) => {
    const stack = new Stack({ strict }).use(
      {
        name: 'Mixed',
        async publish(_client, _packet, next) {
          next()
        },
        async relayMessage(_ctx, _store, next) {
          next()
        },
        async connect(_client, _packet) {},
        subscribe(_client, _packet, next) {
          next()
        }
      },
      new (class Whole extends Middleware {
        override async handle(_c: unknown, _p: unknown, next: () => void) {
          next()
        }
      })()
    )
    const texts: string[] = []
    stack.on('warning', warning => texts.push(`${warning.code} ${warning.message}`))
    await stack.start()
    await stack.stop()
    return texts
  }
  each(t, await warned(true), [
    /STACK_ASYNC_NEXT .*Mixed\.publish is async and takes next: take two parameters/,
    /STACK_ASYNC_NEXT .*Mixed\.relayMessage/,
    /STACK_ASYNC_NEXT .*Whole\.handle/
  ])
  t.equal((await warned(true)).length, 3)
  t.same(await warned(false), [])
})

t.test('a method of a class that is named like a packet and takes one is told in strict mode', async t => {
  class Deaf extends Middleware {
    publish(_client: unknown, _packet: unknown) {}
    connect(_url: string) {}
    auth = (_client: unknown, _packet: unknown) => {}
    handled(_client: unknown, _packet: unknown) {}
  }
  class Caller extends Middleware {
    override readonly executes = ['auth'] as unknown as readonly []
  }
  const warned: string[] = []
  const stack = new Stack({ strict: true }).use(new Deaf(), new Caller(), {
    name: 'Plain',
    publish(_c, _p) {}
  })
  stack.on('warning', ({ code, message }) => warned.push(`${code} ${message}`))
  await stack.start()
  await stack.stop()
  each(t, warned, [/STACK_UNHANDLED_CALLBACK .*Deaf\.publish handles no packets: in a class handle\(\) does/])
  t.equal(warned.length, 1)
})

t.test('a warning nobody listens to is given to Node', async t => {
  const printed = new Promise<Error>(resolve => process.once('warning', resolve))
  const stack = new Stack({ strict: true }).use({
    name: 'Mixed',
    async publish(_client, _packet, next) {
      next()
    }
  })
  await stack.start()
  t.match(await printed, { code: 'STACK_ASYNC_NEXT' })
  await stack.stop()
})

t.test('use() says what it cannot take', async t => {
  const stack = new Stack()
  for (const [wrong, text] of [
    [null, /given null/],
    [undefined, /given a undefined/],
    ['Router', /given a string/],
    [Middleware, /given a function/]
  ] as const) {
    t.throws(() => stack.use(wrong as never), { code: 'STACK_INVALID_MIDDLEWARE', message: text })
  }
  const mine = one('Mine')
  stack.use(mine)
  t.throws(() => stack.use(mine), {
    code: 'STACK_INVALID_MIDDLEWARE',
    message: /Mine is in the stack already/
  })
  const twice = one('Twice')
  t.throws(() => stack.use(twice, twice), /Twice is in the stack already/)
  t.throws(() => new Stack().use(mine), /Mine belongs to another stack: make an instance for each/)
  t.throws(
    () => stack.insert({ before: 'Nobody' }, one('Other')),
    /no middleware is named 'Nobody': there are Mine/
  )
  t.throws(() => new Stack().insert({ after: 'Nobody' }, one('Other')), /the stack is empty/)
  t.same(
    stack.middlewares.map(({ name }) => name),
    ['Mine'],
    'nothing of it was taken'
  )
})
