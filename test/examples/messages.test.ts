import t from 'tap'
import { connect, type Example, nextEvent, nextMessage, runExample } from '../support/example.js'

t.test('own-callback: every handler adds to the price of a message', async t => {
  const example = await runExample<Example & { billing: { bills: Map<string, number> } }>(t, 'own-callback')
  const client = await connect(t, example, { clientId: 'payer' })
  await client.publishAsync('a', 'four', { qos: 1 })
  await client.publishAsync('a', '', { qos: 1 })
  t.same([...example.billing.bills], [['payer', 6]])
  await t.rejects(
    example.broker.stack
      .remove('Billing')
      .then(() => example.broker.stack.remove('PerByte'))
      .then(() =>
        example.broker.publish('$%', 'x', {}).then(() => {
          throw new Error('reached the end')
        })
      ),
    { message: 'reached the end' }
  )
})

t.test('server-side: the program answers requests and retains its state for a minute', async t => {
  const example = await runExample(t, 'server-side')
  t.same(example.lines, ['state/door is closed', '0 subscribers got it'])
  const client = await connect(t, example)
  await client.subscribeAsync('answers/me')
  const answer = nextEvent(client, 'message')
  const correlationData = Buffer.from('7')
  await client.publishAsync('ask/time', '', { properties: { responseTopic: 'answers/me', correlationData } })
  const [topic, payload, packet] = (await answer) as [string, Buffer, { properties: object }]
  t.equal(topic, 'answers/me')
  t.notOk(Number.isNaN(Date.parse(payload.toString())), 'it is a time')
  t.match(packet.properties, { correlationData })
  const state = nextEvent(client, 'message')
  await client.subscribeAsync('state/#')
  const [, , retained] = (await state) as [string, Buffer, { properties: { messageExpiryInterval: number } }]
  t.match(retained, { topic: 'state/door', retain: true })
  t.ok(retained.properties.messageExpiryInterval > 0 && retained.properties.messageExpiryInterval <= 60)
})

t.test('rewrite-topics: tenants use the same topics and do not see each other', async t => {
  const example = await runExample(t, 'rewrite-topics')
  const [ada, bob] = [
    await connect(t, example, { clientId: 'ada', username: 'ada' }),
    await connect(t, example, { clientId: 'bob', username: 'bob' })
  ]
  await ada.subscribeAsync(['#', '$share/g/work'], { qos: 1 })
  await bob.subscribeAsync('#', { qos: 1 })
  const [forAda, forBob] = [nextMessage(ada), nextMessage(bob)]
  await ada.publishAsync('a/b', 'from ada', { qos: 1 })
  await bob.publishAsync('a/b', 'from bob', { qos: 1 })
  t.equal(await forAda, 'a/b from ada')
  t.equal(await forBob, 'a/b from bob')
  await ada.unsubscribeAsync('#')
  const shared = nextMessage(ada)
  await ada.publishAsync('work', 'for one of us', { qos: 1 })
  t.equal(await shared, 'work for one of us', 'the share group is kept')
  t.same([...example.broker.stack.sessions.get('ada')!.subscriptions.keys()], ['$share/g/tenants/ada/work'])
})

t.test('rate-limit: the message that is one too many is refused, the client stays', async t => {
  const example = await runExample(t, 'rate-limit', { PER_SECOND: '3' })
  const second = Math.floor(example.broker.stack.clock.now() / 1000)
  const client = await connect(t, example)
  const codes = await Promise.all(
    Array.from({ length: 8 }, () =>
      client.publishAsync('a', '', { qos: 1 }).then(
        () => 0,
        err => (err as { code: number }).code
      )
    )
  )
  const seconds = Math.floor(example.broker.stack.clock.now() / 1000) - second + 1
  const taken = codes.filter(code => code !== 0x97).length
  t.ok(taken >= 3 && taken <= 3 * seconds, `3 a second, ${taken} in ${seconds}`)
  t.ok(client.connected)
})
