import t from 'tap'
import { type AnyMiddleware, type Client, Middleware, Slot, Stack } from '../../lib/index.js'
import { Peer } from '../support/peer.js'
import { letIn } from '../support/tiny.js'

/** Counts pings of everybody; what it has counted goes to who replaces it. */
class Tally extends Middleware {
  count = 0
  from: unknown = 'nobody'
  pings = 0
  override handle(_client: Client, packet: { cmd: string }) {
    if (packet.cmd === 'pingreq') this.count++
  }
  override exportState(): unknown {
    return { count: this.count }
  }
  override importState(state: { count: number }): void {
    this.from = state
    this.count = state.count
  }
}

t.test('a replacement takes over the state, between two packets', async t => {
  const first = new Tally()
  const stack = await new Stack().use(letIn(), first).start()
  t.teardown(() => stack.stop())
  const peer = new Peer(stack)
  await peer.connect()
  await peer.nothing()
  await peer.nothing()
  const second = new Tally()
  await stack.replace('Tally', second)
  await peer.nothing()
  t.equal(first.count, 2)
  t.same(second.from, { count: 2 })
  t.equal(second.count, 3)
})

t.test('state is asked for once the new one has started, and only in a replacement', async t => {
  const log: string[] = []
  const one = (name: string): AnyMiddleware => ({
    name,
    start: () => void log.push(`start ${name}`),
    exportState: () => log.push(`export ${name}`),
    importState: () => void log.push(`import ${name}`),
    install: () => void log.push(`install ${name}`),
    uninstall: () => void log.push(`uninstall ${name}`)
  })
  const stack = await new Stack().use(letIn(), one('A')).start()
  t.teardown(() => stack.stop())
  const peer = new Peer(stack)
  await peer.connect()
  log.length = 0
  await stack.replace('A', one('B'))
  t.same(log, ['start B', 'export A', 'import B', 'uninstall A', 'install B'])
  stack.use(one('C'))
  await stack.remove('C')
  t.same(log.slice(5), ['start C', 'install C', 'uninstall C'])
})

t.test('one without exportState hands over nothing, one without importState wants nothing', async t => {
  const tally = new Tally()
  const stack = await new Stack().use({ name: 'A' }).start()
  t.teardown(() => stack.stop())
  await stack.replace('A', tally)
  t.equal(tally.from, 'nobody')
  await stack.replace('Tally', { name: 'B' })
  t.same(
    stack.middlewares.map(({ name }) => name),
    ['B']
  )
})

t.test('when the hand-over fails the old one stays at work and the new one is stopped', async t => {
  const log: string[] = []
  const stack = await new Stack().use(letIn(), new Tally()).start()
  t.teardown(() => stack.stop())
  const peer = new Peer(stack)
  await peer.connect()
  const broken: AnyMiddleware = {
    name: 'Broken',
    start: () => void log.push('start'),
    stop: () => void log.push('stop'),
    importState() {
      throw new Error('unknown format')
    }
  }
  await t.rejects(stack.replace('Tally', broken), /unknown format/)
  t.same(log, ['start', 'stop'])
  t.same(
    stack.middlewares.map(({ name }) => name),
    ['LetIn', 'Tally']
  )
  await peer.nothing()
})

t.test('state on connections survives when it is handed over', async t => {
  class Marks extends Middleware {
    slot!: Slot<string>
    override start() {
      this.slot = new Slot(this.stack)
    }
    override exportState(): unknown {
      return this.slot
    }
    override importState(slot: Slot<string>): void {
      this.slot = slot
    }
  }
  const first = new Marks()
  const stack = await new Stack().use(letIn(), first).start()
  t.teardown(() => stack.stop())
  const peer = new Peer(stack)
  await peer.connect()
  first.slot.set(peer.client!, 'mine')
  const second = new Marks()
  await stack.replace('Marks', second)
  t.equal(second.slot.get(peer.client!), 'mine')
})
