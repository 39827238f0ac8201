import t from 'tap'
import { MqttError } from '../../lib/index.js'
import { turn } from '../support/fake-clock.js'
import { message, texts, to } from '../support/messages.js'
import { ack, hosted as hostedWithout, ids } from '../support/outbound.js'

interface Commit {
  resolve: () => void
  reject: (err: Error) => void
}

/** An OutboundManager whose backend keeps what is in flight, and commits when the test says so. */
async function hosted(expiryInterval = 300) {
  const world = await hostedWithout({}, {}, expiryInterval)
  const commits: Commit[] = []
  world.stack.handlers.storeInflight = () => {}
  world.stack.handlers.commit = () =>
    new Promise<void>((resolve, reject) => commits.push({ resolve, reject }))
  const send = (qos: 0 | 1 | 2, payload: string) =>
    world.outbound.forwardMessage(to(world.session, message({ qos, payload })))
  return { ...world, commits, send }
}

t.test('a QoS 2 message goes out when it is durable: a crash before would bring it twice', async t => {
  const { client, commits, send, stack } = await hosted()
  send(1, 'a')
  send(2, 'b')
  send(1, 'c')
  send(2, 'd')
  await turn()
  t.same(texts(client.published), ['a'], 'QoS 1 may come twice, but does not pass QoS 2')
  t.equal(stack.of('storeInflight').length, 4)
  t.equal(commits.length, 1)
  commits[0]!.resolve()
  await turn()
  t.same(texts(client.published), ['a', 'b', 'c', 'd'])
  t.same(ids(client), [1, 2, 3, 4])
  t.same(
    client.published.map(({ dup }) => dup),
    [false, false, false, false]
  )
  send(1, 'e')
  t.equal(texts(client.published).at(-1), 'e', 'nothing is held any more')
})

t.test('so does its PUBREL: a PUBLISH sent again after it would be another message', async t => {
  const { client, commits, send, outbound } = await hosted()
  send(2, 'a')
  await turn()
  commits[0]!.resolve()
  await turn()
  ack(outbound, client, 'pubrec', 1)
  await turn()
  t.same(client.sent, [])
  commits[1]!.resolve()
  await turn()
  t.match(client.sent, [{ cmd: 'pubrel', messageId: 1 }])
  ack(outbound, client, 'pubrec', 1)
  await turn()
  commits[2]!.resolve()
  await turn()
  t.equal(client.sent.length, 2, 'and again')
})

t.test('sessions that end with their connection wait for nothing', async t => {
  const { client, commits, send } = await hosted(0)
  send(2, 'a')
  await turn()
  t.same(texts(client.published), ['a'])
  t.equal(commits.length, 0)
})

t.test('what waits for its commit when the connection ends goes out on the next one, once', async t => {
  const { client, commits, send, disconnect, resume } = await hosted()
  send(2, 'a')
  await turn()
  disconnect()
  const again = await resume()
  commits[0]!.resolve()
  await turn()
  t.same(texts(client.published), [])
  t.same(texts(again.published), ['a'])
})

t.test('what could not be stored was accepted all the same: it goes out when it is', async t => {
  const { client, commits, send, stack, dropped } = await hosted()
  const errors: Error[] = []
  stack.on('error', err => errors.push(err))
  send(2, 'a')
  await turn()
  commits[0]!.reject(new MqttError('QuotaExceeded', 'disk full'))
  await turn()
  t.same(texts(client.published), [])
  t.match(errors, [{ message: 'disk full' }])
  stack.clock.advance(1000)
  await turn()
  t.equal(commits.length, 2)
  commits[1]!.resolve()
  await turn()
  t.same(texts(client.published), ['a'])
  t.same(dropped, [])
})

t.test('a message that became too large for its client is reported, and its identifier is free', async t => {
  const { client, commits, send, outbound, dropped, stack } = await hosted()
  client.maximumPacketSize = 20
  send(2, 'x'.repeat(100))
  await turn()
  commits[0]!.resolve()
  await turn()
  t.same(dropped, [`${'x'.repeat(100)} packet-too-large`])
  t.match(stack.of('removeIncoming').length + stack.of('removeInflight').length, 1)
  ack(outbound, client, 'pubrec', 1)
  t.match(client.sent, [{ cmd: 'pubrel', messageId: 1 }], 'it is unknown')
})

t.test('what a backend has kept since before a restart counts against the limits', async t => {
  const { stack, outbound, session, dropped, disconnect } = await hostedWithout(
    { maximumQueuedMessages: 5 },
    {},
    300
  )
  disconnect()
  stack.handlers.storeOfflineMessage = () => {}
  stack.handlers.lookupOfflineUsage = (_, store) => {
    Object.assign(store, { count: 3, bytes: 30 })
  }
  for (const payload of ['d', 'e', 'f']) outbound.forwardMessage(to(session, message({ qos: 1, payload })))
  t.same(dropped, ['f queue-full'])
})

t.test('a backend may refuse what it has no room for', async t => {
  const { stack, outbound, session, dropped, disconnect } = await hostedWithout({}, {}, 300)
  disconnect()
  stack.handlers.storeOfflineMessage = (_, store) => {
    store.refused = true
  }
  outbound.forwardMessage(to(session, message({ qos: 1, payload: 'a' })))
  t.same(dropped, ['a queue-full'])
})

t.test('what comes behind one that could not be stored waits with it', async t => {
  const { client, commits, send, stack } = await hosted()
  send(2, 'a')
  await turn()
  commits[0]!.reject(new Error('disk'))
  await turn()
  send(2, 'b')
  send(1, 'c')
  await turn()
  commits[1]!.resolve()
  await turn()
  t.same(texts(client.published), [])
  stack.clock.advance(1000)
  await turn()
  commits[2]!.resolve()
  await turn()
  t.same(texts(client.published), ['a', 'b', 'c'])
  send(1, 'd')
  t.equal(texts(client.published).at(-1), 'd')
})

t.test('a stop ends the tries', async t => {
  const { commits, send, stack, outbound } = await hosted()
  send(2, 'a')
  await turn()
  commits[0]!.reject(new Error('disk'))
  await turn()
  outbound.stop()
  stack.clock.advance(5000)
  await turn()
  t.equal(commits.length, 1)
})
