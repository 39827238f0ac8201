import type { TlsOptions } from 'node:tls'
import { StackError } from '../errors.js'

export type ListenerProtocol = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix'

export interface ListenerOptions {
  /** Default: `unix` with a socket path, else `tcp`, or `tls` with a certificate. */
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
  /** Connections beyond it are refused. Default: Infinity. */
  maxConnections?: number
  /** Certificate and key (PEM), `ca` and `requestCert` for client certificates; see node:tls. */
  tls?: TlsOptions
}

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

const schemes: Record<string, ListenerProtocol> = {
  ...{ mqtt: 'tcp', tcp: 'tcp', mqtts: 'tls', tls: 'tls', ssl: 'tls' },
  ...{ ws: 'ws', wss: 'wss', unix: 'unix', 'mqtt+unix': 'unix' }
}

const known = ['protocol', 'port', 'host', 'path', 'name', 'allowAnonymous', 'maxConnections', 'tls']

/** What to listen on, from options, a port, or a URL such as `ws://localhost:8083/mqtt`. @throws StackError */
export function listenerSettings(listenable: Listenable): ListenerSettings {
  const options = typeof listenable === 'object' ? listenable : parse(listenable)
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

function parse(listenable: number | string): ListenerOptions {
  if (typeof listenable === 'number') return { port: listenable }
  const [, scheme = '', rest = ''] = /^([a-z+]+):\/\/(.*)$/.exec(listenable) ?? []
  const protocol = schemes[scheme]
  if (!protocol) {
    const text = `'${listenable}' is no listener: give a port, or a URL with ${Object.keys(schemes).join(', ')}`
    throw new StackError('STACK_INVALID_OPTIONS', text, [text])
  }
  if (protocol === 'unix') return { protocol, path: rest }
  const { hostname, port, pathname } = new URL(`http://${rest}`)
  return {
    protocol,
    ...(hostname && { host: hostname.replace(/^\[|\]$/g, '') }),
    ...(port && { port: Number(port) }),
    ...(pathname !== '/' && { path: pathname })
  }
}

function problemsOf(options: ListenerOptions, protocol: ListenerProtocol): string[] {
  const { port, maxConnections } = options
  const unknown = Object.keys(options).filter(name => !known.includes(name))
  return [
    ...unknown.map(name => `'${name}' is no option of a listener: there are ${known.join(', ')}`),
    ...(protocol in defaultPort
      ? []
      : [`protocol is '${protocol}': give one of ${Object.keys(defaultPort).join(', ')}`]),
    ...(port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)
      ? [`port is ${String(port)}: give an integer from 0 to 65535`]
      : []),
    ...(maxConnections !== undefined && !(maxConnections >= 1)
      ? [`maxConnections is ${maxConnections}: give at least 1`]
      : []),
    ...(protocol === 'unix' && !options.path ? ['a unix listener needs the path of its socket'] : []),
    ...((protocol === 'tls' || protocol === 'wss') && !options.tls
      ? [`a ${protocol} listener needs tls: { cert, key }`]
      : [])
  ]
}

/** Addresses only this machine reaches. */
export function isLoopback(host: string | undefined): boolean {
  if (host === undefined) return false
  return host === 'localhost' || host === '::1' || /^(::ffff:)?127\./.test(host)
}
