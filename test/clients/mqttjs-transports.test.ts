import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { ca, server } from '../support/certs.js'
import { mqttjs, versions } from '../support/mqttjs.js'

const broker = await createBroker()
t.teardown(() => broker.close())
const listeners = await broker.listen(
  ...[{ port: 0 }, { port: 0, tls: server }],
  ...[
    { protocol: 'ws' as const, port: 0 },
    { protocol: 'wss' as const, port: 0, tls: server }
  ]
)

for (const { protocol, url } of listeners) {
  for (const version of versions) {
    t.test(`MQTT.js over ${protocol}, protocol version ${version}: QoS 0, 1 and 2 both ways`, async t => {
      const one = await mqttjs(t, url, version, { ca })
      const other = await mqttjs(t, url, version, { ca })
      for (const qos of [0, 1, 2] as const) {
        const topic = `t/${protocol}/${version}/${qos}`
        const [granted] = await one.subscribeAsync(topic, { qos })
        t.match(granted, { topic, qos })
        await other.publishAsync(topic, `sent with ${qos}`, { qos })
        const message = await one.message()
        t.match(message, { topic, qos, retain: false, dup: false })
        t.equal(String(message.payload), `sent with ${qos}`)
      }
      const [topic, next] = [`t/${protocol}/${version}/1`, `t/${protocol}/${version}/2`]
      await one.unsubscribeAsync(topic)
      await other.publishAsync(topic, 'nobody', { qos: 1 })
      await other.publishAsync(next, 'marker', { qos: 1 })
      t.equal((await one.message()).topic, next, 'nothing came of what it unsubscribed from')
      const { info } = broker.clients.get(one.options.clientId!)!
      t.equal(info.transport, protocol)
      t.equal(broker.clients.get(one.options.clientId!)!.version, version)
    })
  }
}
