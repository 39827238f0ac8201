import { existsSync } from 'node:fs'
import type { Server } from 'node:net'
import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Client, ConnectionInfo } from '../client.js'
import { StackError } from '../errors.js'
import type { ListenerSettings } from './options.js'

/** What a listener needs of the broker behind it. */
export interface Inside {
  /** Hands a connection to the stack; null when it takes none. */
  accept(stream: Duplex, info: ConnectionInfo): Client | null
  /** Told what goes wrong with an open listener, such as too few file descriptors for another connection. */
  failed(err: Error): void
  /** Before the start and after the end nobody is let in. */
  readonly isRunning: boolean
  /** The largest packet, in bytes. */
  readonly maximumPacketSize: number
}

/** A door of the broker that is open. */
export interface Listener {
  readonly name: string
  readonly protocol: ListenerSettings['protocol']
  /** 0 for unix sockets. */
  readonly port: number
  /** For people and clients: `mqtt://127.0.0.1:1883`, `ws://[::1]:8083/mqtt`. */
  readonly url: string
  /** Takes no more connections. Clients that are connected stay. */
  close(): Promise<void>
}

interface Where {
  port?: number
  host?: string
  path?: string
}

/** A server that listens, or a clear error that says why not. */
export function listening(server: Server, where: Where): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (err: NodeJS.ErrnoException) => reject(explained(err, where))
    server.once('error', failed)
    server.listen(where, () => {
      server.off('error', failed)
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

function explained(err: NodeJS.ErrnoException, { port, host, path }: Where): StackError {
  const where = path ?? `${host ?? 'all addresses'}, port ${port}`
  const another = path === undefined ? 'port' : 'path'
  const why: Record<string, string> = {
    EADDRINUSE: `is taken: another program listens there; stop it or choose another ${another}`,
    EACCES: 'may not be opened by this user: ports below 1024 and some paths need more rights',
    EADDRNOTAVAIL: 'is no address of this machine',
    ENOTFOUND: 'is no address: the name is unknown',
    EAI_AGAIN: 'is no address: the name is unknown, or no name server answers',
    ENOENT: 'cannot be made: its folder does not exist'
  }
  // libuv says EACCES for the socket of a folder that does not exist.
  const missing = err.code === 'EACCES' && path !== undefined && !existsSync(dirname(path))
  const text = why[missing ? 'ENOENT' : (err.code ?? '')]
  return new StackError('STACK_LISTEN', text ? `${where} ${text}` : `${where}: ${err.message}`, [], err)
}

/** The code of the system's error behind a StackError of listening(). */
export function systemCode(err: unknown): string | undefined {
  return ((err as Error).cause as NodeJS.ErrnoException | undefined)?.code
}

export function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

export function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}
