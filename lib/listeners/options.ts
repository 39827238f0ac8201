import { isIP } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { StackError } from '../errors.js'
import { unknownOptions } from '../options.js'
import { parseListenable } from './url.js'

export type ListenerProtocol = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix'

export interface ListenerOptions {
  /** Default: `unix` with a path and no port, else `tcp`, or `tls` with a certificate. */
  protocol?: ListenerProtocol
  /** 0 takes a free one. Default: 1883, 8883 (tls), 8083 (ws), 8084 (wss). */
  port?: number
  /** `localhost` is both loopback addresses. Default: all addresses, or `localhost` without an authenticator. */
  host?: string
  /** WebSocket: the path of the URL, default `/mqtt`. Unix: the file of the socket. */
  path?: string
  /** What `client.info.listener` says. Default: the protocol. */
  name?: string
  /** Whether clients without credentials are let in here. Default: what the broker says. */
  allowAnonymous?: boolean
  /** Connections beyond it are refused: closed at once, or answered 503 on WebSocket. Default: Infinity. */
  maxConnections?: number
  /** Certificate and key (PEM), `ca` and `requestCert` for client certificates; see node:tls. */
  tls?: TlsOptions
}

/** A port, a URL such as `ws://localhost:8083/mqtt`, or options. */
export type Listenable = ListenerOptions | number | string

export interface ListenerSettings
  extends Required<Pick<ListenerOptions, 'protocol' | 'name' | 'maxConnections'>> {
  readonly port: number
  readonly host: string | undefined
  readonly path: string
  readonly allowAnonymous: boolean | undefined
  readonly tls: TlsOptions | undefined
}

const defaultPort: Record<ListenerProtocol, number> = { tcp: 1883, tls: 8883, ws: 8083, wss: 8084, unix: 0 }

/** Node cuts longer paths of Unix sockets off without a word. Windows has pipes, which may be longer. */
const longestPath = { darwin: 103, win32: 255 }[process.platform as string] ?? 107

const types = {
  protocol: 'string',
  port: 'number',
  host: 'string',
  path: 'string',
  name: 'string',
  allowAnonymous: 'boolean',
  maxConnections: 'number',
  tls: 'object'
} as const satisfies Record<keyof ListenerOptions, string>

/** What to listen on, from options, a port, or a URL. @throws StackError with everything that is wrong */
export function listenerSettings(listenable: Listenable): ListenerSettings {
  const options = parseListenable(listenable)
  const protocol = options.protocol ?? impliedProtocol(options)
  const problems = problemsOf(options, protocol)
  if (problems.length > 0) {
    throw new StackError('STACK_INVALID_OPTIONS', `wrong listener\n  ${problems.join('\n  ')}`, problems)
  }
  const path = options.path ?? '/mqtt'
  return {
    protocol,
    name: options.name ?? protocol,
    port: options.port ?? defaultPort[protocol],
    host: options.host,
    path: protocol === 'unix' || path.startsWith('/') ? path : `/${path}`,
    allowAnonymous: options.allowAnonymous,
    maxConnections: options.maxConnections ?? Number.POSITIVE_INFINITY,
    tls: options.tls
  }
}

function impliedProtocol(options: ListenerOptions): ListenerProtocol {
  if (options.path !== undefined && options.port === undefined) return 'unix'
  return options.tls ? 'tls' : 'tcp'
}

function problemsOf(options: ListenerOptions, protocol: ListenerProtocol): string[] {
  const { port, maxConnections, path, host, tls } = options
  const mistyped = Object.entries(types).flatMap(([name, type]) => {
    const value: unknown = options[name as keyof ListenerOptions]
    const fine = value === undefined || (typeof value === type && value !== null)
    return fine ? [] : [`${name} is ${String(value)}: give a ${type}`]
  })
  const unknown = unknownOptions(options, Object.keys(types), 'a listener')
  if (mistyped.length > 0) return [...unknown, ...mistyped]
  if (!Object.hasOwn(defaultPort, protocol)) {
    return [...unknown, `protocol is '${protocol}': give one of ${Object.keys(defaultPort).join(', ')}`]
  }
  const secure = protocol === 'tls' || protocol === 'wss'
  const when = (wrong: boolean, text: string) => (wrong ? [text] : [])
  return [
    ...unknown,
    ...when(
      port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535),
      `port is ${port}: give an integer from 0 to 65535`
    ),
    ...when(
      maxConnections !== undefined &&
        maxConnections !== Number.POSITIVE_INFINITY &&
        !(Number.isInteger(maxConnections) && maxConnections >= 1),
      `maxConnections is ${maxConnections}: give an integer of at least 1`
    ),
    ...when(protocol === 'unix' && !path, 'a unix listener needs the path of its socket'),
    ...when(
      protocol === 'unix' && Buffer.byteLength(path ?? '') > longestPath,
      `the path of the socket has ${Buffer.byteLength(path ?? '')} bytes: the system takes at most ${longestPath}`
    ),
    ...when(protocol === 'unix' && (port ?? host) !== undefined, 'a unix listener has no port and no host'),
    ...when(
      (protocol === 'tcp' || protocol === 'tls') && path !== undefined,
      `a ${protocol} listener has no path: WebSocket (ws, wss) has one`
    ),
    ...when(secure && !hasIdentity(tls), `a ${protocol} listener needs tls: { cert, key }`),
    ...when(!secure && tls !== undefined, `a ${protocol} listener has no tls: give protocol 'tls' or 'wss'`)
  ]
}

/** A server that has no certificate fails every handshake. */
function hasIdentity(tls: TlsOptions | undefined): boolean {
  if (!tls) return false
  return Boolean((tls.cert && tls.key) || tls.pfx || tls.secureContext || tls.SNICallback || tls.pskCallback)
}

/** Addresses only this machine reaches. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false
  if (isIP(host) === 0) return host.toLowerCase() === 'localhost'
  return /^(::ffff:)?127\./i.test(host) || /^(0*:)*0*1$/.test(host)
}
