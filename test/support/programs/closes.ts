/** A program with a broker behind every kind of door. Told to, it closes the broker; nothing else ends it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBroker } from '../../../lib/index.js'
import { server as identity } from '../certs.js'

const broker = createBroker({ drainTimeout: 300 })
const host = '127.0.0.1'
const [tcp, tls, ws, wss] = await broker.listen(
  ...[
    { port: 0, host },
    { port: 0, host, tls: identity },
    { protocol: 'ws' as const, port: 0, host }
  ],
  ...[{ protocol: 'wss' as const, port: 0, host, tls: identity }]
)
const own = createServer((_request, response) => response.end('my page'))
own.listen(0, host, async () => {
  broker.attach(own)
  await broker.subscribe('#', () => {})
  await broker.publish('a', 'x', { retain: true })
  const attached = (own.address() as AddressInfo).port
  console.log(JSON.stringify({ ...{ tcp, tls, ws, wss }, attached: { port: attached } }))
})
process.stdin.once('data', async () => {
  process.stdin.destroy()
  await broker.close()
  // The server is the program's own.
  own.close()
  own.closeAllConnections()
  console.log('closed')
})
