import t from 'tap'
import type { Stack } from '../../lib/index.js'
import { connect, type Example, nextEvent, nextMessage, portOf, runExample } from '../support/example.js'

t.test('ready-broker: a message goes from one client to another, and the program is told', async t => {
  const example = await runExample(t, 'ready-broker')
  t.match(example.lines, [`listening on mqtt://localhost:${portOf(example)}`])
  const subscriber = await connect(t, example, { clientId: 's', protocolVersion: 4 })
  await subscriber.subscribeAsync('a/#', { qos: 2 })
  const publisher = await connect(t, example, { clientId: 'p' })
  const message = nextMessage(subscriber)
  await publisher.publishAsync('a/b', 'hi', { qos: 2 })
  t.equal(await message, 'a/b hi')
  await subscriber.endAsync()
  t.same(example.lines.slice(1), [
    '+ s, protocol level 4',
    '+ p, protocol level 5',
    'a/b went to 1 subscribers',
    '- s'
  ])
})

t.test('custom-stack: what was left out is refused or not announced, the rest works', async t => {
  const example = await runExample<Example & { stack: Stack }>(t, 'custom-stack')
  t.teardown(() => example.stack.stop())
  t.match(example.lines[0], 'publish: Connection › InboundManager', 'the plan shows what sees a PUBLISH')
  t.notMatch(example.lines[0], 'RetainManager')
  const client = await connect(t, example)
  await client.subscribeAsync('a/+', { qos: 1 })
  const message = nextMessage(client)
  await client.publishAsync('a/b', 'one', { qos: 1 })
  t.equal(await message, 'a/b one')
  const said = nextEvent(client, 'disconnect')
  client.subscribe('$share/g/a', () => {})
  t.match(
    await said,
    [{ reasonCode: 0x9e }],
    'shared subscriptions are switched off, and were announced to be'
  )
})

t.test('replace-middleware: the client that is there stays, and is pinged by the new one', async t => {
  const example = await runExample(t, 'replace-middleware')
  const { stack } = example.broker
  t.match(stack.explain(), 'pingreq: Connection › KeepAlive › Authorize')
  const client = await connect(t, example, { clientId: 'stays', keepalive: 0 })
  await client.subscribeAsync('a')
  await stack.whenReady()
  t.match(stack.explain(), 'pingreq: Connection › Patient')
  t.match(example.lines[0], 'pingreq: Connection › Patient')
  const answered = nextEvent(client, 'packetreceive')
  client.sendPing()
  t.match(await answered, [{ cmd: 'pingresp' }])
  const message = nextMessage(client)
  await client.publishAsync('a', 'still here')
  t.equal(await message, 'a still here')
  t.equal(example.broker.stats().clients.total, 1, 'nobody had to connect again')
})
