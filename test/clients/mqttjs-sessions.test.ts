import t from 'tap'
import { createBroker } from '../../lib/index.js'
import { mqttjs, versions } from '../support/mqttjs.js'
import { told } from '../support/told.js'

for (const version of versions) {
  t.test(`MQTT.js ${version}: retained messages`, async t => {
    await using broker = createBroker()
    const [{ url } = { url: '' }] = await broker.listen(0)
    const writer = await mqttjs(t, url, version)
    await writer.publishAsync('r/1', 'kept', { qos: 1, retain: true })
    await writer.publishAsync('r/2', 'not kept', { qos: 1 })
    await writer.publishAsync('r/3', 'removed', { qos: 1, retain: true })
    await writer.publishAsync('r/3', '', { qos: 1, retain: true })
    const reader = await mqttjs(t, url, version)
    await reader.subscribeAsync('r/#', { qos: 1 })
    t.match(await reader.message(), { topic: 'r/1', retain: true, qos: 1 })
    await writer.publishAsync('r/4', 'now', { retain: true })
    t.match(await reader.message(), { topic: 'r/4', retain: false })
  })

  t.test(
    `MQTT.js ${version}: the will of a client that breaks off, not of one that says goodbye`,
    async t => {
      await using broker = createBroker()
      const [{ url } = { url: '' }] = await broker.listen(0)
      const watcher = await mqttjs(t, url, version)
      await watcher.subscribeAsync('will/#', { qos: 2 })
      const will = (topic: string) => ({ topic, payload: Buffer.from('gone'), qos: 2 as const, retain: true })
      const polite = await mqttjs(t, url, version, { will: will('will/polite') })
      await polite.endAsync()
      const broken = await mqttjs(t, url, version, { will: will('will/broken') })
      broken.stream.destroy()
      t.match(await watcher.message(), { topic: 'will/broken', qos: 2, retain: false })
      t.equal(String((await broker.retained.get('will/broken'))?.payload), 'gone')
      t.equal(await broker.retained.get('will/polite'), undefined)
    }
  )

  t.test(
    `MQTT.js ${version}: a session that is resumed has its subscriptions and what it missed`,
    async t => {
      await using broker = createBroker()
      const [{ url } = { url: '' }] = await broker.listen(0)
      const session = {
        ...{ clientId: 'sleeper', clean: false },
        ...(version === 5 && { properties: { sessionExpiryInterval: 100 } })
      }
      const first = await mqttjs(t, url, version, session)
      await first.subscribeAsync({ 's/1': { qos: 1 }, 's/2': { qos: 2 }, 's/0': { qos: 0 } })
      await first.endAsync()
      const writer = await mqttjs(t, url, version)
      for (let i = 0; i < 10; i++) {
        for (const qos of [1, 2] as const) await writer.publishAsync(`s/${qos}`, `${i}`, { qos })
      }
      const second = await mqttjs(t, url, version, session)
      // MQTT.js hands out QoS 2 on PUBREL: the order holds within a topic.
      const missed: Record<string, string[]> = {}
      for (let i = 0; i < 20; i++) {
        const { topic, payload, qos } = await second.message()
        missed[`${topic} with ${qos}`] = [...(missed[`${topic} with ${qos}`] ?? []), String(payload)]
      }
      const all = Array.from({ length: 10 }, (_, i) => `${i}`)
      t.same(missed, { 's/1 with 1': all, 's/2 with 2': all })
      await writer.publishAsync('s/0', 'live')
      t.equal(String((await second.message()).payload), 'live')
      await second.endAsync()
      const fresh = await mqttjs(t, url, version, { clientId: 'sleeper', clean: true })
      await writer.publishAsync('s/1', 'nobody', { qos: 1 })
      await fresh.subscribeAsync('marker')
      await writer.publishAsync('marker', 'x')
      t.equal((await fresh.message()).topic, 'marker', 'a clean start has forgotten all')
    }
  )

  t.test(`MQTT.js ${version}: a second connection takes the client id over`, async t => {
    await using broker = createBroker()
    const [{ url } = { url: '' }] = await broker.listen(0)
    const first = await mqttjs(t, url, version, { clientId: 'same' })
    const closed = new Promise(resolve => first.once('close', () => resolve(null)))
    const gone = told(broker, 'disconnect')
    await mqttjs(t, url, version, { clientId: 'same' })
    t.match(await gone, { client: { id: 'same' }, clean: false })
    await closed
    t.equal(broker.clients.size, 1)
  })

  t.test(`MQTT.js ${version}: a shared subscription gives each message to one member`, async t => {
    await using broker = createBroker()
    const [{ url } = { url: '' }] = await broker.listen(0)
    const counts = [0, 0, 0]
    const members = await Promise.all(counts.map(() => mqttjs(t, url, version)))
    const writer = await mqttjs(t, url, version)
    const all = new Promise<void>(resolve => {
      for (const [i, member] of members.entries()) {
        member.on('message', () => {
          counts[i]!++
          if (counts.reduce((sum, count) => sum + count) === 90) resolve()
        })
      }
    })
    for (const member of members) await member.subscribeAsync('$share/group/work', { qos: 1 })
    for (let i = 0; i < 90; i++) await writer.publishAsync('work', `${i}`, { qos: 1 })
    await all
    t.same(counts, [30, 30, 30])
  })
}
