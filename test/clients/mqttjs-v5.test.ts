import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { FakeClock } from '../support/fake-clock.js'
import { mqttjs } from '../support/mqttjs.js'
import { told } from '../support/told.js'

t.test('MQTT.js sees the properties of a message as they were sent', async t => {
  await using broker = createBroker()
  const [{ url } = { url: '' }] = await broker.listen(0)
  const reader = await mqttjs(t, url, 5)
  await reader.subscribeAsync('a', { qos: 1, properties: { subscriptionIdentifier: 42 } })
  const writer = await mqttjs(t, url, 5)
  const properties = {
    ...{ payloadFormatIndicator: true, messageExpiryInterval: 100, contentType: 'text/plain' },
    ...{ responseTopic: 'reply/1', correlationData: Buffer.from([0, 1, 255]) },
    userProperties: { z: 'last letter first', a: ['1', '3', '2'] }
  }
  await writer.publishAsync('a', 'hi', { qos: 1, properties })
  const message = await reader.message()
  t.same(
    { ...message.properties, userProperties: { ...message.properties?.userProperties } },
    {
      ...properties,
      subscriptionIdentifier: 42
    }
  )
  t.same(Object.keys(message.properties!.userProperties!), ['z', 'a'], 'in their order')
})

t.test('request and response', async t => {
  await using broker = createBroker()
  const [{ url } = { url: '' }] = await broker.listen(0)
  const server = await mqttjs(t, url, 5)
  await server.subscribeAsync('ask')
  server.on('message', (_topic, payload, { properties }) => {
    server.publish(properties!.responseTopic!, `${payload}!`, {
      properties: { correlationData: properties!.correlationData! }
    })
  })
  const asker = await mqttjs(t, url, 5)
  await asker.subscribeAsync('answer/1')
  const correlationData = Buffer.from('7')
  await asker.publishAsync('ask', 'hello', { properties: { responseTopic: 'answer/1', correlationData } })
  const answer = await asker.message()
  t.equal(String(answer.payload), 'hello!')
  t.same(answer.properties?.correlationData, correlationData)
})

t.test('topic aliases both ways', async t => {
  await using broker = createBroker()
  const [{ url } = { url: '' }] = await broker.listen(0)
  const options = { autoUseTopicAlias: true, autoAssignTopicAlias: true }
  const reader = await mqttjs(t, url, 5, { properties: { topicAliasMaximum: 3 } })
  await reader.subscribeAsync('a/#', { qos: 1 })
  const wire: Array<[topic: string, alias: number | undefined]> = []
  reader.on('packetreceive', packet => {
    if (packet.cmd === 'publish') wire.push([packet.topic, packet.properties?.topicAlias])
  })
  const writer = await mqttjs(t, url, 5, options)
  const sent: string[] = []
  writer.on('packetsend', packet => {
    if (packet.cmd === 'publish') sent.push(packet.topic)
  })
  const topics = ['a/one', 'a/two', 'a/one', 'a/one', 'a/two']
  for (const topic of topics) await writer.publishAsync(topic, 'x', { qos: 1 })
  const got: string[] = []
  for (const _ of topics) got.push((await reader.message()).topic)
  t.same(got, topics)
  t.same(sent, ['a/one', 'a/two', '', '', ''], 'the client used its aliases')
  t.ok(
    wire.some(([topic, alias]) => topic === '' && alias !== undefined),
    'the broker used aliases'
  )
  t.ok(wire.every(([, alias]) => alias === undefined || (alias >= 1 && alias <= 3)))
})

t.test('the receive maximum of the client is kept', async t => {
  await using broker = createBroker()
  const [{ url } = { url: '' }] = await broker.listen(0)
  const reader = await mqttjs(t, url, 5, { properties: { receiveMaximum: 3 } })
  await reader.subscribeAsync('a', { qos: 2 })
  let open = 0
  let most = 0
  reader.on('packetreceive', packet => {
    if (packet.cmd === 'publish') most = Math.max(most, ++open)
  })
  reader.on('packetsend', packet => {
    if (packet.cmd === 'pubcomp') open--
  })
  for (let i = 0; i < 50; i++) void broker.publish('a', `${i}`, { qos: 2 })
  for (let i = 0; i < 50; i++) t.equal(String((await reader.message()).payload), `${i}`)
  t.equal(most, 3)
})

t.test('a message expires on its way to a session that sleeps', async t => {
  const clock = new FakeClock()
  await using broker = createBroker({ clock })
  const [{ url } = { url: '' }] = await broker.listen(0)
  const session = { clientId: 's', clean: false, properties: { sessionExpiryInterval: 1000 } }
  const first = await mqttjs(t, url, 5, session)
  await first.subscribeAsync('a', { qos: 1 })
  const gone = told(broker, 'disconnect')
  await first.endAsync()
  await gone
  const writer = await mqttjs(t, url, 5, { keepalive: 0 })
  await writer.publishAsync('a', 'short', { qos: 1, properties: { messageExpiryInterval: 5 } })
  await writer.publishAsync('a', 'long', { qos: 1, properties: { messageExpiryInterval: 50 } })
  clock.advance(10_000)
  const second = await mqttjs(t, url, 5, session)
  const message = await second.message()
  t.equal(String(message.payload), 'long')
  t.equal(message.properties?.messageExpiryInterval, 40, 'what is left of it [5.0 MQTT-3.3.2-6]')
})

t.test('MQTT.js is told why a publish is refused', async t => {
  await using broker = createBroker()
  broker.use({
    authorizePublish({ packet }, store) {
      store.valid = packet.topic !== 'forbidden'
    }
  })
  const [{ url } = { url: '' }] = await broker.listen(0)
  const writer = await mqttjs(t, url, 5)
  await t.rejects(writer.publishAsync('forbidden', 'x', { qos: 1 }), { code: 0x87 })
  await writer.publishAsync('allowed', 'x', { qos: 1 })
})

t.test('MQTT.js is told when the broker goes', async t => {
  const broker = createBroker()
  const [{ url } = { url: '' }] = await broker.listen(0)
  const client = await mqttjs(t, url, 5)
  const said = new Promise(resolve => client.once('disconnect', packet => resolve(packet.reasonCode)))
  await broker.close()
  t.equal(await said, 0x8b)
})
