import http from 'node:http'
import https from 'node:https'
import { onEachAddress } from './addresses.js'
import { closed, formatHost, type Inside, type Listener, portOf } from './listener.js'
import { OpenSockets } from './open-sockets.js'
import type { ListenerSettings } from './options.js'
import { handshakeTimeout, withIdentity } from './sockets.js'
import { isAt, notFound, upgrader } from './upgrade.js'

/** How long a request may take to arrive, in ms: nobody has much to say before the WebSocket is there. */
const patience = { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 2000 }

/** WebSocket and WSS on a server of their own. */
export async function listenOnWebSocket(settings: ListenerSettings, inside: Inside): Promise<Listener> {
  const { protocol, name, path } = settings
  const upgrade = upgrader(settings, inside)
  const sockets = new OpenSockets(Number.POSITIVE_INFINITY)
  const make = () => {
    const server =
      protocol === 'wss'
        ? withIdentity(settings, tls => https.createServer({ handshakeTimeout, ...patience, ...tls }))
        : http.createServer(patience)
    server.on('request', (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', connection: 'upgrade', upgrade: 'websocket' })
      response.end(`This is an MQTT broker: connect by WebSocket, subprotocol mqtt, path ${path}\n`)
    })
    server.on('upgrade', (request, socket, head) => {
      sockets.taken(request.socket)
      if (isAt(path, request)) upgrade(request, socket, head)
      else notFound(socket, path)
    })
    return sockets.watch(server)
  }
  const servers = await onEachAddress(make, settings)
  for (const server of servers) server.on('error', err => inside.failed(err))
  const port = portOf(servers[0]!)
  return {
    name,
    protocol,
    port,
    url: `${protocol}://${formatHost(settings.host ?? '0.0.0.0')}:${port}${path}`,
    close: async () => {
      await Promise.all(servers.map(closed))
      sockets.destroyWaiting()
    }
  }
}
