import t from 'tap'
import { MqttError } from '../../lib/index.js'
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
    messageDropped: () => {},
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
  await turn()
  publish(2, 2)
  await turn()
  t.equal(stack.of('relayMessage').length, 2)
  t.same(acks(), [])
  commits[0]!.resolve()
  await turn()
  t.same(acks(), ['puback 1'])
  commits[1]!.resolve()
  await turn()
  t.same(acks(), ['puback 1', 'pubrec 2'])
})

t.test('what comes in one turn shares one commit, asked for when all of it is stored', async t => {
  const { stack, commits, publish, acks } = await hosted()
  stack.handlers.storeIncoming = () => {}
  publish(1, 1)
  publish(2, 2)
  publish(1, 3)
  await turn()
  t.same(
    stack.executed.map(({ name }) => name),
    ['relayMessage', 'relayMessage', 'storeIncoming', 'relayMessage', 'commit']
  )
  commits[0]!.resolve()
  await turn()
  t.same(acks(), ['puback 1', 'pubrec 2', 'puback 3'])
})

t.test('acknowledgements keep the order of what they acknowledge, however commits arrive', async t => {
  const { commits, publish, acks, inbound, client } = await hosted()
  const release = () => inbound.handle(client.client, { cmd: 'pubrel', messageId: 2, reasonCode: 0 })
  for (const act of [() => publish(1, 1), () => publish(2, 2), release, () => publish(1, 3)]) {
    act()
    await turn()
  }
  for (const i of [3, 1, 2]) commits[i]!.resolve()
  await turn()
  t.same(acks(), [])
  commits[0]!.resolve()
  await turn()
  t.same(acks(), ['puback 1', 'pubrec 2', 'pubcomp 2', 'puback 3'])
})

t.test('a message whose commit fails is refused, and its identifier is free', async t => {
  const { stack, client, commits, publish, inbound } = await hosted()
  const errors: Error[] = []
  stack.on('error', err => errors.push(err))
  publish(1, 1)
  publish(2, 2)
  await turn()
  commits[0]!.reject(new MqttError('QuotaExceeded', 'disk full'))
  await turn()
  t.match(client.sent, [
    { cmd: 'puback', messageId: 1, reasonCode: 0x97 },
    { cmd: 'pubrec', messageId: 2, reasonCode: 0x97 }
  ])
  t.match(errors, [{ message: 'disk full' }], 'reported once')
  t.match(stack.of('removeIncoming'), [{ messageId: 2 }])
  t.equal(client.closedBy, null)
  inbound.handle(client.client, { cmd: 'pubrel', messageId: 2, reasonCode: 0 })
  t.match(client.sent.at(-1), { cmd: 'pubcomp', messageId: 2, reasonCode: 0x92 })
})

t.test('MQTT 3 cannot say so: the connection ends, and the message comes again on the next', async t => {
  const { client, commits, publish, acks } = await hosted({}, 4)
  publish(1, 1)
  await turn()
  commits[0]!.reject(new Error('disk broken'))
  await turn()
  t.same(acks(), [])
  t.match(client.closedBy, { reason: 0x80, fatal: true, cause: { message: 'disk broken' } })
})

t.test('while nothing can be stored nothing is taken, until a commit goes well again', async t => {
  const { stack, client, commits, publish } = await hosted()
  publish(1, 1)
  await turn()
  commits[0]!.reject(new Error('disk broken'))
  await turn()
  publish(1, 2)
  publish(2, 3)
  await turn()
  t.equal(stack.of('relayMessage').length, 1, 'nobody gets what is refused')
  t.equal(commits.length, 2, 'each try asks whether it is over')
  commits[1]!.resolve()
  await turn()
  publish(1, 4)
  await turn()
  commits[2]!.resolve()
  await turn()
  t.same(
    client.sent.map(({ cmd, messageId, reasonCode }) => `${cmd} ${messageId} ${reasonCode}`),
    ['puback 1 128', 'puback 2 128', 'pubrec 3 128', 'puback 4 0']
  )
  t.equal(stack.of('relayMessage').length, 2)
  t.match(stack.of('messageDropped'), [
    { reason: 'refused', packet: { messageId: 2 } },
    { reason: 'refused', packet: { messageId: 3 } }
  ])
})

t.test('a message that was taken before is not refused when it comes again', async t => {
  const { client, commits, publish } = await hosted()
  publish(2, 1)
  await turn()
  commits[0]!.resolve()
  await turn()
  publish(1, 2)
  await turn()
  commits[1]!.reject(new Error('disk broken'))
  await turn()
  publish(2, 1)
  await turn()
  commits[2]!.resolve()
  await turn()
  t.same(
    client.sent.map(({ cmd, messageId, reasonCode }) => `${cmd} ${messageId} ${reasonCode ?? 0}`),
    ['pubrec 1 0', 'puback 2 128', 'pubrec 1 0']
  )
})

t.test('MQTT 3 publishers find out, too, whether it is over', async t => {
  const { commits, publish, stack } = await hosted({}, 4)
  publish(1, 1)
  await turn()
  commits[0]!.reject(new Error('disk broken'))
  await turn()
  t.throws(() => publish(1, 2), { code: 'MQTT_UNSPECIFIED_ERROR' })
  await turn()
  commits[1]!.resolve()
  await turn()
  publish(1, 3)
  t.equal(stack.of('relayMessage').length, 2)
})

t.test('a commit that settles at once delays nothing beyond its turn', async t => {
  const { stack, publish, acks } = await hosted()
  stack.handlers.commit = () => {}
  publish(1, 1)
  await turn()
  t.same(acks(), ['puback 1'])
})

t.test('messages that wait for their commit count against the receive maximum, each once', async t => {
  const { commits, publish, acks } = await hosted({ receiveMaximum: 2 })
  publish(1, 1)
  publish(2, 2)
  t.throws(() => publish(1, 3), /more than 2 messages are open/)
  await turn()
  commits[0]!.resolve()
  await turn()
  publish(1, 3)
  t.throws(() => publish(1, 4), /more than 2 messages are open/, 'the QoS 2 message is open until its PUBREL')
  t.same(acks(), ['puback 1', 'pubrec 2'])
})

t.test('a client that sends faster than commits arrive has to wait', async t => {
  const { client, commits, publish, acks } = await hosted({}, 4)
  const many = 8192
  for (let i = 1; i <= many / 2; i++) publish(1, i)
  await turn()
  for (let i = many / 2 + 1; i < many; i++) publish(1, i)
  t.equal(client.holds, 0)
  publish(1, many)
  publish(1, many + 1)
  t.equal(client.holds, 1)
  await turn()
  commits[0]!.resolve()
  await turn()
  t.equal(client.holds, 1)
  commits[1]!.resolve()
  await turn()
  t.equal(client.holds, 0)
  t.equal(acks().length, many + 1)
})
