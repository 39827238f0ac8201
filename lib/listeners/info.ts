import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ConnectionInfo } from '../client.js'
import { isLoopback, type ListenerSettings } from './options.js'

/** What is known of a connection before it says anything. */
export function infoOf(socket: Socket, { name, protocol, allowAnonymous }: ListenerSettings): ConnectionInfo {
  return {
    listener: name,
    transport: protocol,
    local: protocol === 'unix' || isLoopback(socket.remoteAddress),
    ...(socket.remoteAddress !== undefined && { remoteAddress: socket.remoteAddress }),
    ...(socket.remotePort !== undefined && { remotePort: socket.remotePort }),
    ...(allowAnonymous !== undefined && { allowAnonymous }),
    ...(socket instanceof TLSSocket && certificateOf(socket))
  }
}

/**
 * The same of a WebSocket. What a proxy on this machine passes on, and what a page of another site makes a browser on
 * this machine do, does not come from this machine: it gets none of its rights.
 */
export function infoOfRequest(request: IncomingMessage, settings: ListenerSettings): ConnectionInfo {
  const info = infoOf(request.socket, settings)
  const { forwarded, 'x-forwarded-for': forwardedFor, origin } = request.headers
  const passedOn = forwarded !== undefined || forwardedFor !== undefined
  return { ...info, local: info.local === true && !passedOn && isOwnOrigin(origin) }
}

function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true
  const [, host] = /^https?:\/\/(.*?)(?::\d+)?$/i.exec(origin) ?? []
  return isLoopback(host?.replace(/^\[|\]$/g, ''))
}

/** Only one that was verified says who the peer is. */
function certificateOf(socket: TLSSocket): Pick<ConnectionInfo, 'certificate'> {
  if (!socket.authorized) return {}
  const certificate = socket.getPeerCertificate()
  return certificate && Object.keys(certificate).length > 0 ? { certificate } : {}
}
