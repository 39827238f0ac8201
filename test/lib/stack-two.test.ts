import t from 'tap'
import { type Client, type Hooks, Slot, Stack } from '../../lib/index.js'
import { Peer } from '../support/peer.js'
import { letIn } from '../support/tiny.js'

function counting() {
  const seen: string[] = []
  let slot!: Slot<string>
  const hooks: Hooks = {
    name: 'Counting',
    start() {
      slot = new Slot(this.stack!)
    },
    connect: (client: Client) => void slot.set(client, 'mine'),
    publish: (client, packet) => void seen.push(`${client.id} ${packet.topic} ${slot.get(client)}`),
    commit: () => void seen.push('commit')
  }
  return { seen, hooks }
}

t.test('two stacks in one process share nothing', async t => {
  const [first, second] = [counting(), counting()]
  const one = await new Stack().use(letIn(), first.hooks).start()
  const two = await new Stack()
    .use(
      letIn(),
      {
        start() {
          new Slot(this.stack!)
        }
      },
      second.hooks
    )
    .start()
  const [a, b] = [new Peer(one), new Peer(two)]
  await a.connect({ clientId: 'same' })
  await b.connect({ clientId: 'same' })
  a.send({ cmd: 'publish', topic: 'one', payload: '', qos: 0, dup: false, retain: false })
  await a.nothing()
  one.execute('commit', {})
  t.same(first.seen, ['same one mine', 'commit'])
  t.same(second.seen, [])
  t.same([one.connections.size, two.connections.size], [1, 1])
  for (const key of [
    'clients',
    'sessions',
    'connections',
    'counters',
    'topics',
    'flusher',
    'outputPool'
  ] as const) {
    t.not(one[key], two[key], key)
  }
  t.equal(two.counters.bytesReceived > 0 && one.counters.bytesReceived > two.counters.bytesReceived, true)
  const steps: string[] = []
  two.trace({}, step => steps.push(step.step))
  await one.stop()
  await b.nothing()
  t.equal(two.status, 'running', 'one ends without the other')
  t.same(steps, ['pingreq'])
  await two.stop()
})

t.test('slots are numbered by their stack', t => {
  const [one, two] = [new Stack(), new Stack()]
  t.same([one.nextSlot(), one.nextSlot(), two.nextSlot(), one.nextSlot()], [0, 1, 0, 2])
  t.end()
})
