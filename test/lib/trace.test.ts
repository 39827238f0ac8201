import t from 'tap'
import { DONE, type Hooks, type Next, Stack, type TraceStep } from '../../lib/index.js'
import { compile, nameMembers } from '../../lib/plan.js'
import { Traces } from '../../lib/traces.js'
import { each } from '../support/each.js'
import { FakeClock, turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'
import { gate, letIn } from '../support/tiny.js'

const message = (topic: string) =>
  ({ cmd: 'publish', topic, payload: '', qos: 0, dup: false, retain: false }) as const

async function running(...middlewares: Hooks[]) {
  const errors: Error[] = []
  const clock = new FakeClock(1000)
  const stack = await new Stack({ clock, onError: err => errors.push(err) })
    .use(letIn(), ...middlewares)
    .start()
  t.teardown(() => stack.stop())
  return { stack, errors, clock }
}

const brief = ({ step, middleware, outcome, error }: TraceStep) =>
  [step, middleware, outcome, ...(error ? [error.message] : [])].join(' ')

t.test('while no trace is on, the plan has the plain handlers and no tracer', t => {
  const traces = new Traces(() => {})
  t.equal(
    traces.tracer(() => 0),
    null
  )
  const end = traces.add({}, () => {})
  t.not(
    traces.tracer(() => 0),
    null
  )
  end()
  t.equal(
    traces.tracer(() => 0),
    null
  )
  const publish = (_client: unknown, _packet: unknown) => {}
  const members = nameMembers([{ name: 'A', publish } as Hooks])
  const plain = compile(members, { strict: true, report: () => {}, tracer: null })
  t.equal(plain.packets[3]!.fns[0]!.name, 'bound publish')
  traces.add({}, () => {})
  const traced = compile(members, { strict: true, report: () => {}, tracer: traces.tracer(() => 0) })
  t.not(traced.packets[3]!.fns[0]!.name, 'bound publish')
  t.same(traced.packets[3]!.takesNext, plain.packets[3]!.takesNext)
  t.end()
})

t.test('each step is recorded with its time, client, topic and outcome', async t => {
  const { stack } = await running(
    { name: 'Counts', publish() {} },
    { name: 'Passes', publish: (_client, _packet, next) => next() },
    {
      name: 'Relays',
      async publish(client) {
        await stack.execute(
          'relayMessage',
          { client, packet: { ...message('in'), topic: 'a/b' } as never },
          { matched: 0 }
        )
        return DONE
      },
      relayMessage() {}
    },
    { name: 'Never', publish() {} }
  )
  const steps: TraceStep[] = []
  stack.trace({}, step => steps.push(step))
  const peer = new Peer(stack)
  await peer.connect({ clientId: 'me' })
  steps.length = 0
  peer.send(message('a/b'))
  await turn()
  t.same(steps.map(brief), [
    'publish Counts next',
    'publish Passes next',
    'relayMessage Relays next',
    'publish Relays waits',
    'publish Relays done'
  ])
  t.match(steps[0], { at: 1000, clientId: 'me', topic: 'a/b', error: null })
})

t.test('a refusal is recorded with its reason, whichever way it is given', async t => {
  const no = new Error('no')
  const ways: Array<[string, Hooks['publish'], string[]]> = [
    [
      'throws',
      () => {
        throw no
      },
      ['refused no']
    ],
    [
      'throws a bare code',
      () => {
        throw 0x87
      },
      ['refused Not authorized']
    ],
    [
      'rejects',
      async () => {
        throw no
      },
      ['waits', 'refused no']
    ],
    ['next(err)', (_c, _p, next) => next(no), ['refused no']],
    ['done(err)', (_c, _p, _next, done) => done(no), ['refused no']],
    [
      'takes next and throws',
      (_c, _p, _next) => {
        throw no
      },
      ['refused no']
    ],
    [
      'takes next and rejects',
      async (_c, _p, _next) => {
        throw no
      },
      ['waits', 'refused no']
    ],
    ['forgets', async (_c, _p, _next) => {}, ['waits', 'refused [STACK_NOT_SETTLED]']],
    [
      'settles twice',
      (_c, _p, next) => {
        next()
        next()
      },
      ['next', 'refused [STACK_SETTLED_TWICE]']
    ],
    ['returns nonsense', () => true as never, ['refused [STACK_BAD_RETURN]']],
    ['resolves to nonsense', async () => true as never, ['waits', 'refused [STACK_BAD_RETURN]']]
  ]
  for (const [title, publish, wanted] of ways) {
    const { stack } = await running({ name: 'A', publish })
    const found: string[] = []
    stack.trace({ topic: '#' }, ({ outcome, error }) => {
      found.push(error ? `${outcome} ${error.message.replace(/\].*/s, ']')}` : outcome)
    })
    const peer = new Peer(stack)
    await peer.connect()
    peer.send(message('a'))
    await turn()
    t.same(found, wanted, title)
  }
})

t.test('a step that waits has a second record when it settles', async t => {
  const door = gate()
  const nexts: Next[] = []
  const { stack } = await running(
    { name: 'Promise', publish: () => door.promise },
    { name: 'Callback', publish: (_client, _packet, next) => void nexts.push(next) },
    { name: 'Stops', publish: (_client, _packet, _next, done) => void nexts.push(done) }
  )
  const found: string[] = []
  stack.trace({ topic: '#' }, step => found.push(brief(step)))
  const peer = new Peer(stack)
  await peer.connect()
  peer.send(message('a'))
  await turn()
  t.same(found, ['publish Promise waits'])
  door.open()
  await turn()
  t.same(found.slice(1), ['publish Promise next', 'publish Callback waits'])
  nexts[0]!()
  nexts[1]!()
  t.same(found.slice(3), ['publish Callback next', 'publish Stops waits', 'publish Stops done'])
})

t.test('a trace sees the packets of its client and topic only, CONNECT included', async t => {
  const { stack } = await running({ name: 'A', publish() {} })
  const found: Record<string, string[]> = { me: [], sensors: [], both: [] }
  const record = (name: string) => (step: TraceStep) =>
    found[name]!.push(`${step.clientId} ${step.step} ${step.topic}`)
  stack.trace({ clientId: 'me' }, record('me'))
  stack.trace({ topic: 'sensors/+' }, record('sensors'))
  stack.trace({ clientId: 'me', topic: 'sensors/#' }, record('both'))
  for (const clientId of ['me', 'you']) {
    const peer = new Peer(stack)
    await peer.connect({ clientId })
    peer.send(message('sensors/1'), message('other'), message('sensors/1/2'))
    await peer.nothing()
  }
  t.same(found.me, [
    'me connect null',
    'me publish sensors/1',
    'me publish other',
    'me publish sensors/1/2',
    'me pingreq null'
  ])
  t.same(found.sensors, ['me publish sensors/1', 'you publish sensors/1'])
  t.same(found.both, ['me publish sensors/1', 'me publish sensors/1/2'])
})

t.test('contexts of callbacks tell whom and what they are about in many ways', async t => {
  const names = ['storeOfflineMessage', 'subscribeTopic', 'unsubscribeTopic', 'messageDropped', 'commit']
  const hooks = Object.fromEntries([['name', 'A'], ...names.map(name => [name, () => {}])]) as Hooks
  const { stack } = await running(hooks)
  const found: string[] = []
  stack.trace({}, step => found.push(`${step.step} '${step.clientId}' ${step.topic}`))
  const execute = stack.execute.bind(stack) as (name: string, ctx: object) => unknown
  const packet = message('t')
  execute('storeOfflineMessage', { clientId: 'a', message: { packet } })
  execute('subscribeTopic', { client: null, session: { id: 'b' }, subscription: { topic: 's/#' } })
  execute('unsubscribeTopic', { client: null, session: { id: 'c' }, topic: 'u' })
  execute('messageDropped', { client: null, clientId: null, packet })
  execute('commit', {})
  t.same(found, [
    "storeOfflineMessage 'a' t",
    "subscribeTopic 'b' s/#",
    "unsubscribeTopic 'c' u",
    "messageDropped '' t",
    "commit '' null"
  ])
})

t.test('a trace ends when it is told to, and packets go on as before', async t => {
  const { stack } = await running()
  const found: string[] = []
  const end = stack.trace({}, step => found.push(step.step))
  const peer = new Peer(stack)
  await peer.connect()
  end()
  end()
  await peer.nothing()
  t.same(found, ['connect'])
})

t.test('who looks on cannot do harm: what a sink throws is reported', async t => {
  const { stack, errors } = await running()
  const heard: string[] = []
  stack.trace({}, () => {
    throw new Error('full disk')
  })
  stack.trace({}, step => heard.push(step.step))
  const peer = new Peer(stack)
  await peer.connect()
  await peer.nothing()
  t.same(heard, ['connect', 'pingreq'])
  each(t, errors, [{ message: 'full disk' }, { message: 'full disk' }])
})

t.test('tracing changes nothing about how packets go', async t => {
  const { stack } = await running({
    name: 'No',
    publish: async () => {
      throw 0x87
    }
  })
  stack.trace({}, () => {})
  const peer = new Peer(stack)
  await peer.connect()
  peer.send({ ...message('a'), qos: 1, messageId: 3 })
  t.match(await peer.next('puback'), { messageId: 3, reasonCode: 0x87 })
  await peer.nothing()
})
