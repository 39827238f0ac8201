import t from 'tap'
import { Stack } from '../../lib/index.js'
import { PacketEmitter } from '../../middlewares/index.js'
import { FakeStack } from '../support/fake-stack.js'

const facts = {
  connect: 'clientConnected',
  disconnect: 'clientDisconnected',
  publish: 'messagePublished',
  subscribe: 'topicSubscribed',
  unsubscribe: 'topicUnsubscribed',
  delivered: 'messageDelivered',
  dropped: 'messageDropped'
} as const
const events = Object.keys(facts) as Array<keyof typeof facts>

t.test('each fact becomes its event, with everything that is known about it', async t => {
  const emitter = new PacketEmitter()
  for (const event of events) {
    const seen: unknown[] = []
    emitter.events.on(event, ctx => seen.push(ctx))
    const ctx = { client: event }
    emitter[facts[event]](ctx as never)
    t.same(seen, [ctx])
    t.equal(seen[0], ctx)
  }
})

t.test('a fact is in the plan only while somebody listens', async t => {
  await using stack = await new Stack().use(new PacketEmitter()).start()
  const emitter = stack.middlewares[0]!.middleware as PacketEmitter
  const handled = () => events.filter(event => stack.handles(facts[event]))
  t.same(handled(), [])
  const listener = () => {}
  emitter.events.on('publish', listener).addListener('connect', listener)
  t.same(handled(), ['connect', 'publish'])
  emitter.events.off('publish', listener)
  t.same(handled(), ['connect'])
  emitter.events.removeAllListeners('connect')
  t.same(handled(), [])
  emitter.events.on('dropped', listener)
  emitter.events.removeAllListeners()
  t.same(handled(), [])
})

t.test('once listens once, and is out of the plan afterwards', async t => {
  await using stack = await new Stack().use(new PacketEmitter()).start()
  const emitter = stack.middlewares[0]!.middleware as PacketEmitter
  let calls = 0
  emitter.events.once('publish', () => calls++)
  const told = { client: null, packet: {} as never, matched: 0 }
  stack.chain('messagePublished').tell(told)
  stack.chain('messagePublished').tell(told)
  t.equal(calls, 1)
  t.equal(stack.handles('messagePublished'), false)
})

t.test('the plan is compiled again only when what is muted changes', async t => {
  const stack = new FakeStack()
  const emitter = await stack.host(new PacketEmitter())
  const listener = () => {}
  emitter.events.on('publish', listener)
  emitter.events.on('publish', () => {})
  emitter.events.off('publish', listener)
  emitter.events.on('error', listener)
  t.equal(stack.refreshed, 1)
})

t.test('listeners added before the start are heard from the start', async t => {
  const emitter = new PacketEmitter()
  let calls = 0
  emitter.events.on('publish', () => calls++)
  await using stack = await new Stack().use(emitter).start()
  stack.chain('messagePublished').tell({ client: null, packet: {} as never, matched: 0 })
  t.equal(calls, 1)
})

t.test('a listener that throws is reported and keeps nobody from hearing', async t => {
  const errors: string[] = []
  const emitter = new PacketEmitter()
  const heard: string[] = []
  const other = { name: 'other', messagePublished: () => void heard.push('other') }
  await using stack = await new Stack({ onError: err => errors.push(err.message) })
    .use(emitter, other)
    .start()
  emitter.events.on('publish', () => {
    throw new Error('mine')
  })
  stack.chain('messagePublished').tell({ client: null, packet: {} as never, matched: 0 })
  t.same(errors, ['mine'])
  t.same(heard, ['other'])
})

t.test('errors of the stack are events until it stops', async t => {
  const stack = new FakeStack()
  const emitter = await stack.host(new PacketEmitter())
  const seen: unknown[] = []
  emitter.events.on('error', (err, client) => seen.push(err.message, client))
  stack.emit('error', new Error('one'), null)
  emitter.stop()
  stack.emit('error', new Error('two'), null)
  t.same(seen, ['one', null])
})
