import t from 'tap'
import { type Hooks, type Next, Stack } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { Peer } from '../support/peer.js'
import { gate, letIn } from '../support/tiny.js'

/** A stack that runs, and what its middlewares have done. */
async function running(...middlewares: Hooks[]) {
  const log: string[] = []
  const errors: Error[] = []
  const one = (name: string, rest: object = {}): Hooks => ({
    name,
    start: () => void log.push(`start ${name}`),
    stop: () => void log.push(`stop ${name}`),
    install: () => void log.push(`install ${name}`),
    uninstall: () => void log.push(`uninstall ${name}`),
    commit: () => void log.push(`commit ${name}`),
    ...rest
  })
  const stack = await new Stack({ onError: err => errors.push(err) })
    .use(letIn(), ...middlewares, one('A'), one('B'))
    .start()
  t.teardown(() => stack.stop())
  log.length = 0
  return { stack, log, errors, one }
}

const order = (stack: Stack) => stack.middlewares.map(({ name }) => name).join(' ')

t.test('use() is at work when it returns, on connections that are there too', async t => {
  const { stack, log, one } = await running()
  const peer = new Peer(stack)
  await peer.connect()
  log.length = 0
  stack.use(one('C'))
  t.same(log, ['start C', 'install C'])
  t.equal(order(stack), 'LetIn A B C')
  stack.execute('commit', {})
  t.same(log.slice(2), ['commit A', 'commit B', 'commit C'])
  await peer.nothing()
  await stack.whenReady()
})

t.test('use() of one that starts asynchronously is at work when whenReady() resolves', async t => {
  const { stack, log, one } = await running()
  const door = gate()
  stack.use(one('C', { start: () => door.promise }))
  stack.execute('commit', {})
  t.same(log, ['commit A', 'commit B'])
  t.equal(order(stack), 'LetIn A B')
  door.open()
  await stack.whenReady()
  t.equal(order(stack), 'LetIn A B C')
})

t.test('remove() uninstalls from every connection, stops, and leaves connections up', async t => {
  const { stack, log } = await running()
  const peers = [new Peer(stack), new Peer(stack)]
  for (const peer of peers) await peer.connect()
  log.length = 0
  await stack.remove('A')
  t.same(log, ['uninstall A', 'uninstall A', 'stop A'])
  for (const peer of peers) await peer.nothing()
  log.length = 0
  peers[0]!.cut()
  await turn()
  t.same(log, ['uninstall B'], 'nobody is told twice')
})

t.test('replace() starts the new one, swaps, and stops the old one', async t => {
  const { stack, log, one } = await running()
  const peer = new Peer(stack)
  await peer.connect()
  log.length = 0
  await stack.replace('A', one('X'))
  t.same(log, ['start X', 'uninstall A', 'install X', 'stop A'])
  t.equal(order(stack), 'LetIn X B')
  await peer.nothing()
})

t.test('a change that breaks a rule is refused, and nothing has changed', async t => {
  const { stack, log, one } = await running()
  const before = stack.explain()
  t.throws(() => stack.use(one('C', { requires: ['storeWill'] })), {
    code: 'STACK_UNHANDLED_CALLBACK',
    message: /the stack cannot be changed, 1 problem/
  })
  await t.rejects(stack.replace('A', one('X', { after: ['B'] })), { code: 'STACK_ORDER' })
  t.same(log, [], 'nothing was started')
  t.equal(stack.explain(), before)
  await stack.whenReady()
})

for (const [how, fail] of [
  [
    'throws',
    () => {
      throw new Error('no database')
    }
  ],
  ['rejects', () => Promise.reject(new Error('no database'))]
] as const) {
  t.test(`a replacement whose start() ${how} leaves the old one at work`, async t => {
    const { stack, log, one } = await running()
    const peer = new Peer(stack)
    await peer.connect()
    log.length = 0
    await t.rejects(stack.replace('A', one('X', { start: fail })), /no database/)
    t.equal(order(stack), 'LetIn A B')
    stack.execute('commit', {})
    t.same(log, ['commit A', 'commit B'])
    await stack.replace('A', one('Y'))
    t.equal(order(stack), 'LetIn Y B', 'it can be tried again')
    await peer.nothing()
  })
}

t.test('when one of many fails to start, those that started before it are stopped', async t => {
  const { stack, log, errors, one } = await running()
  const no = new Error('no')
  t.throws(
    () =>
      stack.use(
        one('C'),
        one('D', {
          start: () => {
            throw no
          }
        })
      ),
    no
  )
  t.same(log, ['start C', 'stop C'])
  log.length = 0
  stack.use(one('E'), one('F', { start: () => Promise.reject(no) }))
  await t.rejects(stack.whenReady(), no)
  t.same(log, ['start E', 'stop E'])
  t.equal(order(stack), 'LetIn A B')
  t.same(errors, [no], 'nobody holds the promise of use(): it is reported')
  stack.use(one('G', { start: async () => {} }))
  await stack.whenReady()
  t.equal(order(stack), 'LetIn A B G', 'an old failure does not stand in the way')
})

t.test('changes that overlap come one after the other and lose nothing', async t => {
  const { stack, one } = await running()
  const doors = [gate(), gate()]
  const slow = (name: string, i: number) => one(name, { start: () => doors[i]!.promise })
  stack.use(slow('C', 0))
  const replaced = stack.replace('A', slow('X', 1))
  stack.use(one('D'))
  const removed = stack.remove('C')
  t.equal(order(stack), 'LetIn A B')
  doors[1]!.open()
  doors[0]!.open()
  await Promise.all([stack.whenReady(), replaced, removed])
  t.equal(order(stack), 'LetIn X B D')
})

t.test('a middleware may change the stack from its start()', async t => {
  const { stack, one } = await running()
  stack.use(one('C', { start: () => void stack.use(one('Helper')) }))
  await stack.whenReady()
  t.equal(order(stack), 'LetIn A B C Helper')
})

t.test('a packet under way finishes on the old plan, the next one takes the new one', async t => {
  const seen: string[] = []
  const nexts: Next[] = []
  const { stack, one } = await running(
    { name: 'Wait', pingreq: (_client, _packet, next) => void nexts.push(next) },
    {
      name: 'Old',
      pingreq: () => void seen.push('old'),
      finish: () => void seen.push('old finish'),
      finishes: ['pingreq']
    }
  )
  const peer = new Peer(stack)
  await peer.connect()
  peer.send({ cmd: 'pingreq' })
  await peer.next('pingresp')
  await stack.replace('Old', one('New', { pingreq: () => void seen.push('new'), finishes: [] }))
  t.same(seen, [])
  nexts[0]!()
  t.same(seen, ['old', 'old finish'])
  peer.send({ cmd: 'pingreq' })
  await peer.next('pingresp')
  nexts[1]!()
  t.same(seen.slice(2), ['new'])
})

t.test('chains that were looked up follow the change', async t => {
  const { stack, log, one } = await running()
  const commit = stack.chain('commit')
  await stack.replace('A', one('X'))
  t.equal(commit.size, 2)
  commit.run({}, undefined)
  t.same(
    log.filter(line => line.startsWith('commit')),
    ['commit X', 'commit B']
  )
})

t.test('a callback is known as long as somebody handles it', async t => {
  const { stack } = await running()
  const tap = () => stack.execute('tapMessage' as 'commit', {})
  t.throws(tap, { code: 'STACK_UNHANDLED_CALLBACK' })
  const heard: string[] = []
  stack.use({ name: 'Tap', tapMessage: () => void heard.push('tap') } as Hooks)
  tap()
  t.same(heard, ['tap'])
  await stack.remove('Tap')
  tap()
  t.same(heard, ['tap'], 'nobody hears it any more')
})

t.test('a connection that is closing is not told of changes: it has been uninstalled', async t => {
  const { stack, log, one } = await running()
  const peer = new Peer(stack)
  await peer.connect()
  peer.stream.pause()
  peer.client!.close('AdministrativeAction')
  t.equal(peer.client!.state, 'closing')
  log.length = 0
  await stack.replace('A', one('X'))
  t.same(log, ['start X', 'stop A'])
  peer.stream.resume()
  await peer.end()
})

t.test('a middleware that fails to install on a live connection ends that connection only', async t => {
  const { stack, errors, one } = await running()
  const [first, second] = [new Peer(stack), new Peer(stack)]
  await first.connect({ clientId: 'first' })
  await second.connect({ clientId: 'second' })
  const no = new Error('cannot install')
  stack.use(
    one('C', {
      install: (client: { id: string }) => {
        if (client.id === 'first') throw no
      }
    })
  )
  await first.end()
  await second.nothing()
  t.same(errors, [no])
})

t.test('what fails when the change is done is told, and the change stands', async t => {
  const { stack, one } = await running()
  await stack.replace('A', one('X', { stop: () => Promise.reject(new Error('cannot stop')) }))
  await t.rejects(stack.remove('X'), /cannot stop/)
  t.equal(order(stack), 'LetIn B')
  await t.rejects(
    stack.replace('B', one('Y', { ready: () => Promise.reject(new Error('not ready')) })),
    /not ready/
  )
  t.equal(order(stack), 'LetIn Y')
})

t.test(
  'a stack that is stopped while a change starts is not changed, and what started is stopped',
  async t => {
    const { stack, log, one } = await running()
    const door = gate()
    const changed = stack.replace(
      'A',
      one('X', {
        start: async () => {
          await door.promise
          log.push('start X')
        }
      })
    )
    await stack.stop()
    t.same(log, ['stop B', 'stop A'])
    door.open()
    await t.rejects(changed, { code: 'STACK_NOT_STARTED' })
    t.same(log.slice(2), ['start X', 'stop X'])
  }
)

t.test('a stack stops in the reverse of its order, whatever order it was changed in', async t => {
  const { stack, log, one } = await running()
  stack.insert({ before: 'A' }, one('First'))
  await stack.replace('B', one('Last'))
  log.length = 0
  await stack.stop()
  t.same(log, ['stop Last', 'stop A', 'stop First'])
})
