import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { infoOfRequest } from './info.js'
import type { Inside } from './listener.js'
import type { ListenerSettings } from './options.js'
import { WebSocketStream } from './websocket-stream.js'

/** The subprotocols of MQTT 3.1.1 and 5.0 [5.0 MQTT-6.0.0-3], and the one clients of MQTT 3.1 use. */
const subprotocols = ['mqtt', 'mqttv3.1']

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Makes a connection of the stack of an HTTP request for a WebSocket, or says why not. */
export function upgrader(settings: ListenerSettings, inside: Inside): Upgrade {
  const webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // A frame is held whole before the stack sees it. It may have several packets: a mebibyte beside the largest.
    maxPayload: inside.maximumPacketSize + 1_048_576,
    handleProtocols: offered => subprotocols.find(name => offered.has(name)) ?? false
  })
  return (request, socket, head) => {
    if (!offers(request)) {
      reject(socket, '400 Bad Request', 'offer the subprotocol mqtt')
      return
    }
    if (!inside.isRunning) {
      reject(socket, '503 Service Unavailable', 'the broker is not running')
      return
    }
    if (webSockets.clients.size >= settings.maxConnections) {
      reject(socket, '503 Service Unavailable', 'too many connections')
      return
    }
    if (socket instanceof Socket) socket.setNoDelay(true)
    webSockets.handleUpgrade(request, socket, head, webSocket => {
      inside.accept(new WebSocketStream(webSocket), infoOfRequest(request, settings))
    })
  }
}

/** Whether a request is for this path; what follows `?` is the client's affair. */
export function isAt(path: string, request: IncomingMessage): boolean {
  return request.url?.split('?')[0] === path
}

export function notFound(socket: Duplex, path: string): void {
  reject(socket, '404 Not Found', `MQTT is at ${path}`)
}

function offers(request: IncomingMessage): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  return offered.some(name => subprotocols.includes(name))
}

function reject(socket: Duplex, status: string, text: string): void {
  socket.on('error', () => {})
  if (socket.writableEnded) return
  const headers = `connection: close\r\ncontent-type: text/plain\r\ncontent-length: ${text.length + 1}`
  socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${text}\n`, () => socket.destroy())
}
