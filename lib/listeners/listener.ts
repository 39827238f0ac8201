import type { Server } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Client, ConnectionInfo } from '../client.js'
import { StackError } from '../errors.js'
import type { ListenerSettings } from './options.js'

/** Hands a connection to the stack. */
export type Accept = (stream: Duplex, info: ConnectionInfo) => Client | null

/** A door of the broker that is open. */
export interface Listener {
  readonly name: string
  readonly protocol: ListenerSettings['protocol']
  /** 0 for unix sockets. */
  readonly port: number
  /** For people and clients: `mqtt://127.0.0.1:1883`, `ws://[::1]:8083/mqtt`. */
  readonly url: string
  /** Takes no more connections. Those there are stay. */
  close(): Promise<void>
}

/** A server that listens, or a clear error that says why not. */
export function listening(
  server: Server,
  where: { port?: number; host?: string; path?: string }
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (err: NodeJS.ErrnoException) => reject(explained(err, where)))
    server.listen(where, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** Stops listening; does not wait for connections, which the stack closes. */
export function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    // Connections of before may stay: whoever closes the broker has told them.
    setImmediate(resolve)
  })
}

function explained(
  err: NodeJS.ErrnoException,
  { port, host, path }: { port?: number; host?: string; path?: string }
) {
  const where = path ?? `${host ?? 'all addresses'}, port ${port}`
  const why: Record<string, string> = {
    EADDRINUSE: 'is taken: another program listens there; stop it or choose another port',
    EACCES: 'may not be opened by this user: ports below 1024 and some paths need more rights',
    EADDRNOTAVAIL: 'is no address of this machine',
    ENOTFOUND: 'is no address: the name is unknown',
    ENOENT: 'cannot be made: its folder does not exist'
  }
  const text = why[err.code ?? '']
  return new StackError('STACK_LISTEN', text ? `${where} ${text}` : `${where}: ${err.message}`, [], err)
}

export function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** `localhost` is both loopback addresses; the second is optional, as some machines have only one. */
export async function onEachAddress<S extends Server>(
  make: () => S,
  { host, port }: { host: string | undefined; port: number }
): Promise<S[]> {
  const first = make()
  if (host !== 'localhost') {
    await listening(first, host === undefined ? { port } : { host, port })
    return [first]
  }
  await listening(first, { host: '127.0.0.1', port })
  const second = make()
  try {
    await listening(second, { host: '::1', port: portOf(first) })
  } catch (err) {
    const { code } = (err as StackError).cause as NodeJS.ErrnoException
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [first]
    await closed(first)
    throw err
  }
  return [first, second]
}

export function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}
