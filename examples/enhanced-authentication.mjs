// MQTT 5 enhanced authentication: the password never travels, the client proves with two AUTH packets that it has it.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createBroker, MqttError, Slot } from 'stackmq'

/** By client id. In real life: from a database. */
const secrets = new Map([['device-1', 'open sesame']])

export const broker = createBroker({ allowAnonymous: false })
/** What a connection was asked. @type {Slot<Buffer>} */
const challenges = new Slot(broker.stack)

broker.use({
  name: 'ChallengeResponse',
  // The same rounds run again when a connected client sends AUTH 0x19 Re-authenticate.
  authenticateExchange({ client, method, data, round }, store) {
    if (method !== 'HMAC-SHA256') return // 0x8C Bad authentication method
    if (round === 0) {
      store.data = challenges.set(client, randomBytes(32))
      store.outcome = 'continue'
      return
    }
    const secret = secrets.get(client.id) ?? randomBytes(32)
    const wanted = createHmac('sha256', secret)
      .update(challenges.get(client) ?? '')
      .digest()
    if (data?.length !== wanted.length || !timingSafeEqual(data, wanted)) throw new MqttError('NotAuthorized')
    store.outcome = 'success'
  }
})

await broker.listen({ port: Number(process.env.PORT ?? 1883), host: 'localhost' })
