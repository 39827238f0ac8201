import net, { type Server, type Socket } from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import { StackError } from '../errors.js'
import { onEachAddress } from './addresses.js'
import { infoOf } from './info.js'
import { closed, formatHost, type Inside, type Listener, portOf } from './listener.js'
import { OpenSockets } from './open-sockets.js'
import type { ListenerSettings } from './options.js'
import { onPath } from './unix-path.js'

/** How long a TLS handshake may take, in ms. */
export const handshakeTimeout = 10_000

/** TCP, TLS and Unix sockets. */
export async function listenOnSocket(settings: ListenerSettings, inside: Inside): Promise<Listener> {
  const { protocol, name, path, maxConnections } = settings
  const sockets = new OpenSockets(maxConnections)
  const make = () => serverFor(settings, inside, sockets)
  const servers = protocol === 'unix' ? [await onPath(make, path)] : await onEachAddress(make, settings)
  for (const server of servers) server.on('error', err => inside.failed(err))
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
    close: async () => {
      await Promise.all(servers.map(closed))
      sockets.destroyWaiting()
    }
  }
}

function serverFor(settings: ListenerSettings, inside: Inside, sockets: OpenSockets): Server {
  const accept = (socket: Socket | TLSSocket) => {
    if (socket.destroyed) return
    sockets.taken(socket)
    inside.accept(socket, infoOf(socket, settings))
  }
  if (settings.protocol !== 'tls') {
    return sockets.watch(net.createServer({ noDelay: true })).on('connection', accept)
  }
  const server = withIdentity(settings, options =>
    tls.createServer({ handshakeTimeout, ...options, noDelay: true } as tls.TlsOptions)
  )
  // A failed handshake concerns nobody but its peer.
  server.on('tlsClientError', (_err, socket) => socket.destroy())
  return sockets.watch(server).on('secureConnection', accept)
}

/** A certificate or a key that cannot be used is told in our words. */
export function withIdentity<S>(settings: ListenerSettings, make: (options: tls.TlsOptions) => S): S {
  try {
    return make(settings.tls ?? {})
  } catch (err) {
    const text = `the certificate or the key of listener '${settings.name}' cannot be used: ${(err as Error).message}`
    throw new StackError('STACK_LISTEN', text, [], err)
  }
}
