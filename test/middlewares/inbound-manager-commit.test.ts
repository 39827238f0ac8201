import t from 'tap'
import { InboundManager, type InboundManagerConfig } from '../../middlewares/index.js'
import { FakeClient } from '../support/fake-client.js'
import { turn } from '../support/fake-clock.js'
import { FakeStack } from '../support/fake-stack.js'
import { message, sessionOf } from '../support/messages.js'

interface Commit {
  resolve: () => void
  reject: (err: Error) => void
}

/** A backend whose commits settle when the test says so. */
async function hosted(config: Partial<InboundManagerConfig> = {}, version: 4 | 5 = 5) {
  const commits: Commit[] = []
  const stack = new FakeStack({
    relayMessage: (_, store) => {
      store.matched = 1
    },
    commit: () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject }))
  })
  const inbound = await stack.host(new InboundManager(config))
  const client = new FakeClient(stack, { version })
  sessionOf(client, 300)
  const publish = (qos: 1 | 2, messageId: number) =>
    inbound.handle(client.client, message({ qos, messageId }))
  const acks = () => client.sent.map(({ cmd, messageId }) => `${cmd} ${messageId}`)
  return { stack, inbound, client, commits, publish, acks }
}

t.test('an acknowledgement waits for its commit, the next packet does not', async t => {
  const { stack, commits, publish, acks } = await hosted()
  publish(1, 1)
  publish(2, 2)
  t.equal(stack.of('relayMessage').length, 2)
  t.same(acks(), [])
  commits[0]!.resolve()
  await turn()
  t.same(acks(), ['puback 1'])
  commits[1]!.resolve()
  await turn()
  t.same(acks(), ['puback 1', 'pubrec 2'])
})

t.test('acknowledgements keep the order of what they acknowledge, however commits arrive', async t => {
  const { commits, publish, acks, inbound, client } = await hosted()
  publish(1, 1)
  publish(2, 2)
  inbound.handle(client.client, { cmd: 'pubrel', messageId: 2, reasonCode: 0 })
  publish(1, 3)
  for (const i of [3, 1, 2]) commits[i]!.resolve()
  await turn()
  t.same(acks(), [])
  commits[0]!.resolve()
  await turn()
  t.same(acks(), ['puback 1', 'pubrec 2', 'pubcomp 2', 'puback 3'])
})

t.test('a message whose commit fails is not acknowledged, nor anything after it', async t => {
  const { stack, client, commits, publish, acks } = await hosted()
  const errors: Error[] = []
  stack.on('error', err => errors.push(err))
  publish(1, 1)
  publish(1, 2)
  publish(1, 3)
  commits[0]!.resolve()
  commits[1]!.reject(new Error('disk full'))
  commits[2]!.resolve()
  await turn()
  t.same(acks(), ['puback 1'])
  t.match(errors, [{ message: 'disk full' }])
  t.match(client.closedBy, { reason: 0x80, fatal: true, cause: { message: 'disk full' } })
})

t.test('a commit that settles at once delays nothing', async t => {
  const { stack, publish, acks } = await hosted()
  stack.handlers.commit = () => {}
  publish(1, 1)
  t.same(acks(), ['puback 1'])
})

t.test('what is stored is stored before the commit is asked for', async t => {
  const { stack, publish } = await hosted()
  stack.handlers.storeIncoming = () => {}
  publish(2, 7)
  t.same(
    stack.executed.map(({ name }) => name),
    ['relayMessage', 'storeIncoming', 'commit']
  )
})

t.test('messages that wait for their commit count against the receive maximum, each once', async t => {
  const { commits, publish, acks } = await hosted({ receiveMaximum: 2 })
  publish(1, 1)
  publish(2, 2)
  t.throws(() => publish(1, 3), /more than 2 messages are open/)
  commits[0]!.resolve()
  commits[1]!.resolve()
  await turn()
  publish(1, 3)
  t.throws(() => publish(1, 4), /more than 2 messages are open/, 'the QoS 2 message is open until its PUBREL')
  t.same(acks(), ['puback 1', 'pubrec 2'])
})

t.test('a client that sends faster than commits arrive has to wait', async t => {
  const { client, commits, publish, acks } = await hosted({}, 4)
  const many = 8192
  for (let i = 1; i < many; i++) publish(1, i)
  t.equal(client.holds, 0)
  publish(1, many)
  publish(1, many + 1)
  t.equal(client.holds, 1)
  for (const { resolve } of commits.slice(0, many / 2)) resolve()
  await turn()
  t.equal(client.holds, 1)
  commits[many / 2]!.resolve()
  await turn()
  t.equal(client.holds, 0)
  t.equal(acks().length, many / 2 + 1)
})
