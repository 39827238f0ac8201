// Who may do what, topic by topic. Everybody has a place of their own: `home/<user name>/…`.
import { createBroker, MqttError, topicMatches } from 'stackmq'

export const broker = createBroker()
broker.use({
  name: 'Homes',
  // The demonstration takes everybody at their word; see authentication.mjs for passwords.
  authenticateConnection({ username }, store) {
    store.valid = username !== undefined && /^\w+$/.test(username)
  },
  // Asked for messages and for wills. MQTT 5 clients get the reason with their PUBACK or PUBREC.
  authorizePublish({ client, packet, will }, store) {
    if (topicMatches(`home/${client.username}/#`, packet.topic)) return
    if (packet.topic === 'news') store.valid = client.username === 'editor'
    else throw new MqttError('NotAuthorized', `${will ? 'a will' : 'a message'} outside of your home`)
  },
  // Asked for each filter of a SUBSCRIBE; the others of the same packet are not touched by a refusal.
  authorizeSubscription({ client, subscription }, store) {
    const { topic } = subscription
    if (topic === 'news') store.qos = 0
    else store.valid = topic.startsWith(`home/${client.username}/`)
  }
})

await broker.listen({ port: Number(process.env.PORT ?? 1883), host: 'localhost' })
