import t from 'tap'
import { RetainManager } from '../../middlewares/index.js'
import { message } from '../support/messages.js'
import { hosted } from '../support/retain.js'

const full = /no room for another retained message/

t.test('the number of retained messages is limited, replacing and removing is not', async t => {
  const { manager, retain } = await hosted({ maximumMessages: 2 })
  retain('a', '1')
  retain('b', '1')
  t.throws(() => retain('c', '1'), full)
  retain('a', 'replaced')
  retain('b', '')
  retain('c', '1')
  t.throws(() => retain('b', '1'), full)
  t.same(manager.usage, { messages: 2, bytes: 'a'.length + 'replaced'.length + 2 })
})

t.test(
  'their bytes are limited, topic included, and a larger one may not replace a small one beyond it',
  async t => {
    const { manager, retain } = await hosted({ maximumBytes: 10 })
    retain('ab', '123')
    retain('c', '1234')
    t.equal(manager.usage.bytes, 10)
    t.throws(() => retain('d', '1'), full)
    t.throws(() => retain('ab', '1234'), full)
    retain('ab', '321')
    retain('ab', '1')
    retain('d', '1')
    t.equal(manager.usage.bytes, 10)
  }
)

t.test('a refusal has reason 0x97 and leaves what was there', async t => {
  const { retain, subscribe, got } = await hosted({ maximumBytes: 5 })
  retain('a', '1234')
  t.throws(() => retain('a', '12345'), { code: 'MQTT_QUOTA_EXCEEDED' } as object as Error)
  subscribe('a')
  t.same(got(), ['a 1234'])
})

t.test('limits hold when the backend answers late', async t => {
  const { stack, retain, manager } = await hosted({ maximumMessages: 1 })
  const { storeRetainedMessage, lookupRetainedMessages } = stack.handlers
  stack.handlers.storeRetainedMessage = async (ctx, store) => storeRetainedMessage!(ctx, store)
  stack.handlers.lookupRetainedMessages = async (ctx, store) => lookupRetainedMessages!(ctx, store)
  await retain('a', '1')
  await t.rejects(Promise.resolve(retain('b', '1')), full)
  await retain('a', '2')
  t.same(manager.usage, { messages: 1, bytes: 2 })
})

t.test('messages that expired make room', async t => {
  const { stack, manager, retain } = await hosted({ maximumMessages: 1 })
  for (let i = 0; i < 5; i++) {
    retain(`t${i}`, 'm', stack.clock.now() + 500)
    t.throws(() => retain('other', 'm'), full)
    stack.clock.advance(2000)
  }
  t.same(manager.usage, { messages: 0, bytes: 0 })
})

t.test('a backend that throws expired messages away by itself is counted right, too', async t => {
  const { stack, backend, manager, retain } = await hosted()
  for (const next of ['', 'new']) {
    retain('a', 'old', stack.clock.now() + 500)
    backend.storeRetainedMessage({ packet: message({ topic: 'a', payload: '' }) }, { replaced: null })
    retain('a', next)
    t.same(manager.usage, next ? { messages: 1, bytes: 4 } : { messages: 0, bytes: 0 })
  }
})

t.test('what the backend has kept counts from the start', async t => {
  const kept = [message({ topic: 'a', payload: '123' }), message({ topic: 'b/c', payload: '1' })]
  kept[1]!.expiresAt = 1_700_000_000_500
  const { stack, manager, retain } = await hosted({ maximumMessages: 2 }, kept)
  t.same(manager.usage, { messages: 2, bytes: 8 })
  t.throws(() => retain('c', 'm'), full)
  stack.clock.advance(2000)
  t.same(manager.usage, { messages: 1, bytes: 4 })
  retain('c', 'm')
})

t.test('one that takes over goes on counting instead of counting again', async t => {
  const { stack, manager, retain } = await hosted({ maximumMessages: 2 })
  retain('a', 'm')
  const next = new RetainManager({ maximumMessages: 2 })
  next.stack = manager.stack
  next.start()
  next.importState(manager.exportState() as never)
  await next.ready()
  t.same(next.usage, { messages: 1, bytes: 2 })
  t.equal(stack.of('lookupRetainedUsage').length, 1, 'only the first one counted')
})

t.test('a backend that fails while expired messages are removed is reported', async t => {
  const { stack, retain } = await hosted()
  const errors: string[] = []
  stack.on('error', err => errors.push(err.message))
  retain('a', 'm', stack.clock.now() + 500)
  stack.handlers.storeRetainedMessage = () => {
    throw new Error('no disk')
  }
  stack.clock.advance(1000)
  await Promise.resolve()
  await Promise.resolve()
  t.same(errors, ['no disk'])
})
