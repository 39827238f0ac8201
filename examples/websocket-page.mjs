// A web page and MQTT on one port: open http://localhost:8080 in two windows and talk.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createBroker } from 'stackmq'

/** @type {Record<string, [type: string, body: Buffer]>} */
const files = {
  '/': ['text/html', readFileSync(new URL('./websocket-page.html', import.meta.url))],
  '/mqtt.js': ['text/javascript', readFileSync(fileURLToPath(import.meta.resolve('mqtt/dist/mqtt.min')))]
}

export const server = createServer((request, response) => {
  const [type, body] = files[request.url ?? ''] ?? []
  response.writeHead(body ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body ?? 'not here\n')
})

export const broker = createBroker()
await broker.start()
// Upgrades to /mqtt are the broker's; everything else stays with the server.
broker.attach(server, { path: '/mqtt' })
server.listen(Number(process.env.PORT ?? 8080), 'localhost')
