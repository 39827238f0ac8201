// What the broker does, for Prometheus at http://localhost:9464/metrics and for MQTT clients below `$SYS`.
import { createServer } from 'node:http'
import { createBroker } from 'stackmq'

export const broker = createBroker()
/** @type {Record<string, number>} */
const drops = {}
// A fact that nobody listens to costs nothing.
broker.on('dropped', ({ reason }) => {
  drops[reason] = (drops[reason] ?? 0) + 1
})

function metrics() {
  const { uptime, clients, messages, bytes } = broker.stats()
  return {
    mqtt_uptime_seconds: uptime,
    mqtt_clients_connected: clients.connected,
    mqtt_messages_received_total: messages.received,
    mqtt_messages_sent_total: messages.sent,
    mqtt_bytes_received_total: bytes.received,
    ...Object.fromEntries(Object.entries(drops).map(([why, n]) => [`mqtt_dropped_total{reason="${why}"}`, n]))
  }
}

export const server = createServer((_request, response) => {
  const lines = Object.entries(metrics()).map(([name, value]) => `${name} ${value}\n`)
  response.setHeader('content-type', 'text/plain; version=0.0.4').end(lines.join(''))
})
server.listen(Number(process.env.METRICS_PORT ?? 9464), 'localhost')

export const report = () => broker.retained.set('$SYS/clients', String(broker.clients.size))
const timer = setInterval(report, 10_000)
server.on('close', () => clearInterval(timer))
await broker.listen(Number(process.env.PORT ?? 1883))
