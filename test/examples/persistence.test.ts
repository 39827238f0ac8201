import { join } from 'node:path'
import t from 'tap'
import { connect, nextEvent, runExample } from '../support/example.js'

const session = { clientId: 'sensor-log', clean: false, properties: { sessionExpiryInterval: 86_400 } }

t.test('persistence: the next run goes on with the session and what waits for it', async t => {
  const DATA = join(t.testdir({}), 'data')
  await t.test('the first run', async t => {
    const example = await runExample(t, 'persistence', { DATA })
    t.same(example.lines, ['sessions: 0, subscriptions: 0, retained: 0', 'start number 1'])
    const subscriber = await connect(t, example, session)
    await subscriber.subscribeAsync('sensors/#', { qos: 1 })
    await subscriber.endAsync()
    const publisher = await connect(t, example)
    await publisher.publishAsync('sensors/hall', '21.5', { qos: 2 })
    await publisher.endAsync()
    await example.broker.close()
  })
  await t.test('the second run', async t => {
    // Another module, since Node.js loads one once.
    const example = await runExample(t, 'persistence.mjs?second', { DATA })
    t.same(example.lines, ['sessions: 1, subscriptions: 1, retained: 1', 'start number 2'])
    const came: string[] = []
    const subscriber = await connect(t, example, {
      ...session,
      customHandleAcks: (topic, payload, _, done) => {
        came.push(`${topic} ${payload}`)
        done(0)
      }
    })
    t.match(subscriber.connected, true)
    if (came.length === 0) await nextEvent(subscriber, 'message')
    t.same(came, ['sensors/hall 21.5'])
    await subscriber.endAsync()
  })
})
