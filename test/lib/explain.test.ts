import t from 'tap'
import { type AnyMiddleware, createBroker, type Hooks, Middleware, Stack } from '../../lib/index.js'

class Whole extends Middleware {
  override handle() {}
  override finish() {}
}

t.test(
  'explain() prints the compiled plan: packets, who finishes, outgoing in reverse, callbacks',
  async t => {
    const stack = await new Stack()
      .use(
        new Whole(),
        { name: 'Acl', publish() {}, outgoing: (_client, packet) => packet },
        { name: 'Inbound', packets: ['publish', 'pubrel'], handle() {}, finish() {}, finishes: ['publish'] },
        { name: 'Retain', relayMessage() {}, outgoing: (_client, packet) => packet },
        { name: 'Router', relayMessage() {}, helper() {} } as Hooks,
        { name: 'Tap', tapMessage() {} } as Hooks,
        { name: 'Taps', executes: ['tapMessage'] } as unknown as AnyMiddleware
      )
      .start()
    t.equal(
      stack.explain(),
      `packets
  connect: Whole
  auth: Whole
  publish: Whole › Acl › Inbound
  puback: Whole
  pubrec: Whole
  pubrel: Whole › Inbound
  pubcomp: Whole
  subscribe: Whole
  unsubscribe: Whole
  pingreq: Whole
  disconnect: Whole
when a packet is through
  connect: Whole
  auth: Whole
  publish: Inbound › Whole
  puback: Whole
  pubrec: Whole
  pubrel: Whole
  pubcomp: Whole
  subscribe: Whole
  unsubscribe: Whole
  pingreq: Whole
  disconnect: Whole
outgoing
  Retain › Acl
callbacks
  relayMessage: Retain › Router
  tapMessage: Tap`
    )
    await stack.stop()
  }
)

t.test('an empty stack says that nobody sees anything', t => {
  const text = new Stack().explain()
  t.match(text, 'publish: (nobody)')
  t.notMatch(text, 'outgoing')
  t.end()
})

t.test('it follows changes and mutes', async t => {
  const muted = new Set<string>()
  const stack = await new Stack().use({ name: 'A', muted, commit() {} }, { name: 'B', commit() {} }).start()
  t.match(stack.explain(), 'commit: A › B')
  muted.add('commit')
  stack.refresh()
  t.match(stack.explain(), 'commit: B')
  await stack.remove('B')
  t.notMatch(stack.explain(), 'commit')
  await stack.stop()
})

t.test('the ready broker explains itself before it is started', t => {
  const text = createBroker().stack.explain()
  t.match(text, /publish: Connection › /)
  t.match(text, /relayMessage: .*Router/)
  t.end()
})
