import http, { type Server as HttpServer, type IncomingMessage } from 'node:http'
import https, { type Server as HttpsServer } from 'node:https'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { WebSocketServer } from 'ws'
import { type Accept, closed, formatHost, type Listener, onEachAddress, portOf } from './listener.js'
import type { ListenerSettings } from './options.js'
import { certificateOf, infoOf } from './sockets.js'
import { WebSocketStream } from './websocket-stream.js'

/** The subprotocols of MQTT 3.1.1 and 5.0 [5.0 MQTT-6.0.0-3], and the one clients of MQTT 3.1 use. */
const subprotocols = ['mqtt', 'mqttv3.1']

/** WebSocket and WSS on a server of their own. */
export async function listenOnWebSocket(settings: ListenerSettings, accept: Accept): Promise<Listener> {
  const { protocol, name, path } = settings
  const upgrade = upgrader(settings, accept)
  const servers = await onEachAddress(() => {
    const server = protocol === 'wss' ? https.createServer(settings.tls ?? {}) : http.createServer()
    server.on('request', (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' })
      response.end(`This is an MQTT broker: connect by WebSocket, subprotocol mqtt, path ${path}\n`)
    })
    server.on('upgrade', upgrade)
    return server
  }, settings)
  const port = portOf(servers[0]!)
  return {
    name,
    protocol,
    port,
    url: `${protocol}://${formatHost(settings.host ?? '0.0.0.0')}:${port}${path}`,
    close: () => Promise.all(servers.map(server => closed(server))).then(() => {})
  }
}

/** WebSocket on a path of an HTTP server that exists: its other requests and upgrades are not touched. */
export function attachWebSocket(
  server: HttpServer | HttpsServer,
  settings: ListenerSettings,
  accept: Accept
): Listener {
  const upgrade = upgrader(settings, accept, () => server.listenerCount('upgrade') > 1)
  server.on('upgrade', upgrade)
  return {
    name: settings.name,
    protocol: settings.protocol,
    get port() {
      return portOf(server)
    },
    get url() {
      return `${settings.protocol}://localhost:${portOf(server)}${settings.path}`
    },
    close: async () => {
      server.off('upgrade', upgrade)
    }
  }
}

/** `shared`: whether somebody else may want an upgrade that is not ours. */
function upgrader(settings: ListenerSettings, accept: Accept, shared = () => false) {
  const { path, maxConnections } = settings
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // Whole packets are bounded by the stack; a frame may hold several.
    maxPayload: 268_435_456,
    handleProtocols: offered => subprotocols.find(name => offered.has(name)) ?? false
  })
  return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== path) {
      if (!shared()) reject(socket, '404 Not Found', `MQTT is at ${path}`)
      return
    }
    if (!offers(request)) {
      reject(socket, '400 Bad Request', 'offer the subprotocol mqtt')
      return
    }
    if (webSockets.clients.size >= maxConnections) {
      reject(socket, '503 Service Unavailable', 'too many connections')
      return
    }
    if (socket instanceof Socket) socket.setNoDelay(true)
    webSockets.handleUpgrade(request, socket, head, webSocket => {
      accept(new WebSocketStream(webSocket), {
        ...infoOf(request.socket, settings),
        ...(request.socket instanceof TLSSocket && certificateOf(request.socket))
      })
    })
  }
}

function offers(request: IncomingMessage): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  return offered.some(name => subprotocols.includes(name))
}

function reject(socket: Duplex, status: string, text: string): void {
  socket.on('error', () => {})
  const headers = `connection: close\r\ncontent-type: text/plain\r\ncontent-length: ${text.length + 1}`
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${text}\n`)
}
