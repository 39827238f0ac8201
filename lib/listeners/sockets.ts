import { unlinkSync } from 'node:fs'
import net, { type Server, type Socket } from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import type { ConnectionInfo } from '../client.js'
import {
  type Accept,
  closed,
  formatHost,
  type Listener,
  listening,
  onEachAddress,
  portOf
} from './listener.js'
import { isLoopback, type ListenerSettings } from './options.js'

/** How long a TLS handshake may take, in ms. */
const handshakeTimeout = 10_000

/** TCP, TLS and Unix sockets. */
export async function listenOnSocket(settings: ListenerSettings, accept: Accept): Promise<Listener> {
  const { protocol, name, path } = settings
  const make = () => limited(serverFor(settings, accept), settings)
  const servers = protocol === 'unix' ? [await onPath(make(), path)] : await onEachAddress(make, settings)
  const port = portOf(servers[0]!)
  const scheme = protocol === 'tls' ? 'mqtts' : 'mqtt'
  return {
    name,
    protocol,
    port,
    url:
      protocol === 'unix'
        ? `unix://${path}`
        : `${scheme}://${formatHost(settings.host ?? '0.0.0.0')}:${port}`,
    close: () => Promise.all(servers.map(closed)).then(() => {})
  }
}

function serverFor(settings: ListenerSettings, accept: Accept): Server {
  if (settings.protocol !== 'tls') {
    return net.createServer({ noDelay: true }, socket => accept(socket, infoOf(socket, settings)))
  }
  const server = tls.createServer(
    { handshakeTimeout, ...settings.tls, noDelay: true } as tls.TlsOptions,
    socket => accept(socket, { ...infoOf(socket, settings), ...certificateOf(socket) })
  )
  // A failed handshake concerns nobody but its peer.
  server.on('tlsClientError', (_err, socket) => socket.destroy())
  return server
}

function limited(server: Server, { maxConnections }: ListenerSettings): Server {
  if (Number.isFinite(maxConnections)) server.maxConnections = maxConnections
  return server
}

/** A socket file that a dead broker left behind is removed; one that somebody answers on is not. */
async function onPath(server: Server, path: string): Promise<Server> {
  try {
    await listening(server, { path })
  } catch (err) {
    const { code } = ((err as Error).cause ?? {}) as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' || (await answers(path))) throw err
    unlinkSync(path)
    await listening(server, { path })
  }
  return server
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export function infoOf(socket: Socket, { name, protocol, allowAnonymous }: ListenerSettings): ConnectionInfo {
  return {
    listener: name,
    transport: protocol,
    local: protocol === 'unix' || isLoopback(socket.remoteAddress),
    ...(socket.remoteAddress !== undefined && { remoteAddress: socket.remoteAddress }),
    ...(socket.remotePort !== undefined && { remotePort: socket.remotePort }),
    ...(allowAnonymous !== undefined && { allowAnonymous })
  }
}

/** Only one that was verified says who the peer is. */
export function certificateOf(socket: TLSSocket): Pick<ConnectionInfo, 'certificate'> {
  if (!socket.authorized) return {}
  const certificate = socket.getPeerCertificate()
  return certificate && Object.keys(certificate).length > 0 ? { certificate } : {}
}
