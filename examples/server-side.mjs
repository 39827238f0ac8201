// The program takes part: it answers requests of clients (MQTT 5 request and response) and publishes on its own.
import { createBroker } from 'stackmq'

export const broker = createBroker()

await broker.subscribe('ask/time', async ({ properties }) => {
  const { responseTopic, correlationData } = properties ?? {}
  if (!responseTopic) return
  const answer = new Date().toISOString()
  await broker.publish(responseTopic, answer, { qos: 1, properties: { correlationData } })
})

// A retained message with a time to live: who subscribes within a minute gets it.
await broker.retained.set('state/door', 'closed', { ttl: 60 })
console.log(`state/door is ${(await broker.retained.get('state/door'))?.payload}`)

const { matched } = await broker.publish('nobody/listens', 'yet')
console.log(`${matched} subscribers got it`)

await broker.listen(Number(process.env.PORT ?? 1883))
