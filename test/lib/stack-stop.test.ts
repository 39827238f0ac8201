import { duplexPair } from 'node:stream'
import t from 'tap'
import { type AnyMiddleware, type Hooks, type Next, Stack } from '../../lib/index.js'
import { each } from '../support/each.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'
import { gate, letIn } from '../support/tiny.js'

async function running(...middlewares: Hooks[]) {
  const clock = new FakeClock()
  const errors: Error[] = []
  const stack = await new Stack({ clock, onError: err => errors.push(err) })
    .use(letIn(), ...middlewares)
    .start()
  return { stack, clock, errors }
}

const publish = { cmd: 'publish', topic: 'a', payload: '', qos: 0, dup: false, retain: false } as const

t.test('clients are told that the server shuts down, in the words of their version', async t => {
  const { stack } = await running()
  const [five, four] = [new Peer(stack, 5), new Peer(stack, 4)]
  await five.connect()
  await four.connect()
  four.client!.version = 4
  const fresh = new Peer(stack, 5)
  const stopped = stack.stop()
  t.match(await five.next('disconnect'), { reasonCode: 0x8b })
  await Promise.all([five.end(), four.end(), fresh.end(), stopped])
  t.same([four.packets.length, fresh.bytes.length], [0, 0])
  t.equal(stack.status, 'stopped')
  t.equal(stack.connections.size, 0)
})

t.test('new streams are destroyed while it drains, after it, and before it started', async t => {
  const { stack } = await running({ publish: (_client, _packet, next) => void nexts.push(next) })
  const nexts: Next[] = []
  const accept = stack.handler()
  const refused = () => {
    const [near, far] = duplexPair()
    near.on('error', () => {})
    t.equal(accept(far), null)
    t.ok(far.destroyed)
  }
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(publish)
  await turn()
  const stopped = stack.stop()
  t.equal(stack.status, 'draining')
  refused()
  nexts[0]!()
  await stopped
  refused()
  t.equal(new Stack().handler()(duplexPair()[1]), null)
})

t.test('what is under way may finish first', async t => {
  const log: string[] = []
  const door = gate()
  const { stack, clock, errors } = await running(
    {
      publish: async () => {
        await door.promise
        log.push('finished')
      }
    },
    { stop: () => void log.push('stop') }
  )
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(publish)
  await turn()
  const stopped = stack.stop()
  await turn()
  t.same(log, [])
  door.open()
  await stopped
  t.same(log, ['finished', 'stop'])
  t.same(errors, [])
  t.equal(clock.pending, 0, 'no timer is left')
})

t.test('what has not finished after the timeout is failed, by name, and clients are cut off', async t => {
  const { stack, clock, errors } = await running({ name: 'Slow', publish: (_c, _p, _next) => {} })
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(publish)
  await turn()
  peer.stream.pause()
  const stopped = stack.stop({ timeout: 300 })
  clock.advance(299)
  await turn()
  t.equal(stack.status, 'draining')
  clock.advance(1)
  await stopped
  each(t, errors, [
    {
      code: 'STACK_NOT_SETTLED',
      message: /Slow handles publish and was still waiting when the stack stopped/
    }
  ])
  t.equal(stack.connections.size, 0)
  t.equal(clock.pending, 0, 'no timer is left')
})

t.test('drainTimeout is the timeout where stop() is given none', async t => {
  const clock = new FakeClock()
  const stack = await new Stack({ clock, drainTimeout: 1234 })
    .use({ commit: () => new Promise(() => {}) })
    .start()
  const committed = Promise.resolve(stack.execute('commit', {}))
  committed.catch(() => {})
  const stopped = stack.stop()
  clock.advance(1233)
  await turn()
  t.equal(stack.status, 'draining')
  clock.advance(1)
  await stopped
  await t.rejects(committed, { code: 'STACK_NOT_SETTLED', message: /hooks handles commit/ })
})

t.test('middlewares are uninstalled and then stopped in reverse, after the last packet', async t => {
  const log: string[] = []
  const one = (name: string): Hooks => ({
    name,
    uninstall: () => void log.push(`uninstall ${name}`),
    stop: async () => {
      await null
      log.push(`stop ${name}`)
    }
  })
  const { stack } = await running(one('A'), one('B'))
  const peer = new Peer(stack)
  await peer.connect()
  const events: string[] = []
  stack.on('stopping', () => events.push(`stopping ${stack.status}`))
  stack.on('stopped', () => events.push(`stopped ${stack.status}`))
  await stack.stop()
  t.same(log, ['uninstall B', 'uninstall A', 'stop B', 'stop A'])
  t.same(events, ['stopping draining', 'stopped stopped'])
})

t.test('what fails to stop is collected, and the others are stopped all the same', async t => {
  const log: string[] = []
  const [first, second] = [new Error('first'), new Error('second')]
  const { stack } = await running(
    { stop: () => void log.push('A') },
    { stop: () => Promise.reject(second) },
    { stop: () => void log.push('C') },
    {
      stop() {
        throw first
      }
    }
  )
  const err = await stack.stop().then(
    () => null,
    (err: AggregateError) => err
  )
  t.ok(err instanceof AggregateError)
  t.same(err?.errors, [first, second])
  t.same(log, ['C', 'A'])
  t.equal(stack.status, 'stopped')
})

t.test('stop() twice is one stop', async t => {
  let stops = 0
  const { stack } = await running({ stop: () => void stops++ })
  const first = stack.stop()
  t.equal(stack.stop(), first)
  await first
  t.equal(stack.stop(), first)
  t.equal(stops, 1)
})

t.test('a stack that was never started stops without a word', async t => {
  let stops = 0
  const stack = new Stack().use({ stop: () => void stops++ })
  await stack.stop()
  t.equal(stops, 0)
  t.equal(stack.status, 'stopped')
})

t.test('stop() while it starts: the start fails, and who has started is stopped', async t => {
  const log: string[] = []
  const door = gate()
  const one = (name: string): AnyMiddleware => ({
    name,
    start: () => void log.push(`start ${name}`),
    stop: () => void log.push(`stop ${name}`)
  })
  const stack = new Stack().use(one('A'), { ...one('Slow'), start: () => door.promise }, one('B'))
  const started = stack.start()
  started.catch(() => {})
  await turn()
  const stopped = stack.stop()
  await turn()
  t.same(log, ['start A'])
  door.open()
  await t.rejects(started, { code: 'STACK_NOT_STARTED', message: /stop\(\) was called/ })
  await stopped
  t.same(log, ['start A', 'stop Slow', 'stop A'])
  t.equal(stack.status, 'stopped')
})

t.test('await using stops it', async t => {
  let stops = 0
  {
    await using stack = await new Stack().use({ stop: () => void stops++ }).start()
    t.equal(stack.status, 'running')
    t.equal(stops, 0)
  }
  t.equal(stops, 1)
})
