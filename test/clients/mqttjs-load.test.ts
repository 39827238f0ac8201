import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { mqttjs, versions } from '../support/mqttjs.js'

for (const listenable of ['mqtt://localhost:0', 'ws://localhost:0']) {
  t.test(`MQTT.js, ${listenable}: a payload of a megabyte arrives whole`, async t => {
    await using broker = createBroker()
    const [{ url } = { url: '' }] = await broker.listen(listenable)
    for (const version of versions) {
      const reader = await mqttjs(t, url, version)
      await reader.subscribeAsync(`big/${version}`, { qos: 2 })
      const writer = await mqttjs(t, url, version)
      const payload = randomBytes(1_048_576)
      for (const qos of [0, 1, 2] as const) {
        await writer.publishAsync(`big/${version}`, payload, { qos })
        t.ok(payload.equals((await reader.message()).payload as Buffer), `version ${version}, QoS ${qos}`)
      }
    }
  })

  for (const version of versions) {
    t.test(`MQTT.js ${version}, ${listenable}: a thousand messages stay in order at each QoS`, async t => {
      await using broker = createBroker()
      const [{ url } = { url: '' }] = await broker.listen(listenable)
      const reader = await mqttjs(t, url, version)
      const writer = await mqttjs(t, url, version)
      for (const qos of [0, 1, 2] as const) {
        await reader.subscribeAsync(`many/${qos}`, { qos })
        const sent = Array.from({ length: 1000 }, (_, i) =>
          writer.publishAsync(`many/${qos}`, `${i}`, { qos })
        )
        const got: string[] = []
        while (got.length < 1000) got.push(String((await reader.message()).payload))
        await Promise.all(sent)
        t.same(
          got,
          Array.from({ length: 1000 }, (_, i) => `${i}`),
          `QoS ${qos}`
        )
      }
      t.match(broker.stats().messages, { received: 3000, sent: 3000, dropped: 0 })
    })
  }
}
