import t from 'tap'
import type { Hooks } from '../../lib/index.js'
import { Connection } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { turn } from '../support/fake-clock.js'
import { FakeStack } from '../support/fake-stack.js'
import { connect, Gate } from '../support/requests.js'
import { scenario, scenarios, versions } from '../support/scenario.js'

async function setup() {
  const stack = new FakeStack()
  const connection = await stack.host(new Connection())
  const fresh = () => {
    const client = new FakeClient(stack, { id: 'c1', state: 'new' })
    client.connack = { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: {} }
    return client
  }
  const claim = (client: FakeClient) => connection.claimClientId({ client: client.client, clientId: 'c1' })
  const finish = (client: FakeClient) => connection.finish(client.client, connect())
  const leave = (client: FakeClient) => {
    client.state = 'closed'
    connection.uninstall(client.client)
  }
  return { stack, claim, finish, leave, fresh }
}

const names = (stack: FakeStack) => stack.executed.map(({ name, ctx }) => [name, ctx.client])

t.test('a claim closes the older connection before it settles [5.0 MQTT-3.1.4-3]', async t => {
  const { stack, claim, finish, fresh } = await setup()
  const [older, newer] = [fresh(), fresh()]
  await finish(older)
  t.equal(claim(newer), undefined)
  t.match(older.closedWith, { reasonName: 'SessionTakenOver', fatal: true })
  t.equal(stack.clients.get('c1'), older.client, 'the newer one counts when it is connected')
  await finish(newer)
  t.equal(stack.clients.get('c1'), newer.client)
})

t.test('a claim waits for the CONNECT before it to be answered', async t => {
  const { stack, claim, finish, fresh } = await setup()
  const [older, newer] = [fresh(), fresh()]
  claim(older)
  const waiting = Promise.resolve(claim(newer)).then(() => stack.executed.push({ name: 'claimed', ctx: {} }))
  await turn()
  t.same(names(stack), [])
  await finish(older)
  await waiting
  t.same(
    names(stack).map(([name]) => name),
    ['clientConnected', 'claimed']
  )
  t.match(older.closedWith, { reasonName: 'SessionTakenOver' })
})

t.test('one that leaves while it waits takes nothing over, and the next one goes on', async t => {
  const { claim, finish, leave, fresh } = await setup()
  const [older, loser, third] = [fresh(), fresh(), fresh()]
  claim(older)
  const [lost, went] = [claim(loser), claim(third)]
  leave(loser)
  await lost
  await finish(older)
  t.equal(older.sent.length, 1)
  await went
  t.match(older.closedWith, { reasonName: 'SessionTakenOver' }, 'the third one does')
})

t.test('one that is gone before it claims takes nothing over and keeps nobody waiting', async t => {
  const { claim, finish, fresh } = await setup()
  const [older, dead, newer] = [fresh(), fresh(), fresh()]
  await finish(older)
  dead.state = 'closed'
  t.equal(claim(dead), undefined)
  t.equal(older.isOpen, true)
  t.equal(claim(newer), undefined, 'the id is free')
})

t.test('the CONNECT that has the id may be lost: the next one goes on', async t => {
  const { claim, leave, fresh } = await setup()
  const [lost, next] = [fresh(), fresh()]
  claim(lost)
  const waiting = claim(next)
  leave(lost)
  await waiting
  t.equal(next.isOpen, true)
})

scenarios(versions, 'the newer connection takes the id over', async ({ broker, client }, t, version) => {
  const ended: unknown[] = []
  broker.on('disconnect', ({ clean, err }) => ended.push([clean, err?.message]))
  const older = await client(version, 'x')
  const newer = await client(version, 'x')
  await older.end()
  t.same(
    older.packets.map(({ cmd, reasonCode }: { cmd?: string; reasonCode?: number }) => [cmd, reasonCode]),
    version === 5 ? [['disconnect', 0x8e]] : [],
    '[5.0 MQTT-3.1.4-3] [3.1.1 MQTT-3.1.4-2]'
  )
  t.same(ended, [[false, 'another connection took the client id']])
  await newer.nothing()
  t.equal(broker.clients.size, 1)
})

/** Authentication that waits until the test lets it go on, by user name. */
function slow() {
  const gates = new Map<string, Gate>()
  const hooks: Hooks = {
    async authenticateConnection({ username }, store) {
      await gates.get(username!)?.passed
      store.valid = true
    }
  }
  const gate = (name: string) => {
    const gate = new Gate()
    gates.set(name, gate)
    return gate
  }
  return { hooks, gate }
}

const first = slow()
scenario(
  'two CONNECTs of one id at once: the one authenticated last has it',
  { hooks: first.hooks },
  async ({ peer, broker }, t) => {
    const [a, b] = [first.gate('a'), first.gate('b')]
    const [older, newer] = [peer(5), peer(5)]
    const connecting = [
      older.connect({ clientId: 'x', username: 'a' }),
      newer.connect({ clientId: 'x', username: 'b' })
    ]
    await turn()
    b.open()
    await connecting[1]
    a.open()
    await connecting[0]
    t.equal(await newer.ending(), 'disconnect 8e')
    await older.nothing()
    t.equal(broker.clients.size, 1)
  }
)

const second = slow()
scenario(
  'one that disconnects while it is authenticated closes nobody',
  { hooks: second.hooks },
  async ({ peer, client, broker }, t) => {
    const gate = second.gate('b')
    const older = await client(5, 'x', { username: 'a' })
    const loser = peer(5)
    loser.connect({ clientId: 'x', username: 'b' }).catch(() => {})
    await turn()
    loser.cut()
    await turn()
    gate.open()
    await turn()
    await older.nothing()
    t.equal(broker.clients.get('x'), older.client)
    t.equal(loser.bytes.length, 0)
  }
)

const restored = { gate: new Gate(), count: 0 }
const restoring: Hooks = {
  async sessionResumed() {
    if (++restored.count === 1) await restored.gate.passed
  }
}
scenario(
  'while one takes up its session the next one waits; one that gave up meanwhile closes nobody',
  { hooks: restoring },
  async ({ peer, client, broker }, t) => {
    const session = { clientId: 'x', clean: false, properties: { sessionExpiryInterval: 60 } }
    ;(await client(5, 'x', session)).cut()
    const [owner, loser] = [peer(5), peer(5)]
    const connected = owner.connect(session)
    await turn()
    loser.connect(session).catch(() => {})
    await turn()
    loser.cut()
    await turn()
    restored.gate.open()
    t.equal((await connected).sessionPresent, true)
    await owner.nothing()
    t.equal(broker.clients.get('x'), owner.client)
    t.equal(loser.bytes.length, 0)
  }
)
