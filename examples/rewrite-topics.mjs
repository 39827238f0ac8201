// Several tenants on one broker: each user sees the topics as if alone, inside they begin with `tenants/<user>/`.
import { createBroker, parseFilter } from 'stackmq'

/** @param {import('stackmq').Client} client */
const prefixOf = client => `tenants/${encodeURIComponent(client.username ?? '')}/`

/** The share name of a shared subscription stays in front. @type {(client: import('stackmq').Client, topic: string) => string} */
function inside(client, topic) {
  const parsed = parseFilter(topic)
  if (!parsed) return topic
  const { share, filter } = parsed
  return `${share === null ? '' : `$share/${share}/`}${prefixOf(client)}${filter}`
}

export const broker = createBroker()
broker.use({
  name: 'Tenants',
  authenticateConnection({ username }, store) {
    store.valid = username !== undefined // see authentication.mjs for passwords
  },
  connect(client, { will }) {
    if (will) will.topic = inside(client, will.topic)
  },
  publish(client, packet) {
    packet.topic = inside(client, packet.topic)
  },
  subscribe(client, { subscriptions }) {
    for (const subscription of subscriptions) subscription.topic = inside(client, subscription.topic)
  },
  unsubscribe(client, packet) {
    packet.unsubscriptions = packet.unsubscriptions.map(topic => inside(client, topic))
  },
  // The last word before a packet goes out: a copy for this client alone.
  outgoing(client, packet) {
    if (packet.cmd === 'publish') packet.topic = packet.topic.slice(prefixOf(client).length)
    return packet
  }
})
await broker.listen({ port: Number(process.env.PORT ?? 1883), host: 'localhost' })
