import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { LinkEvents, Target } from './link.js'
import { streamLink } from './stream.js'
import { openWebSocket, webSocketLink } from './web-socket.js'

export interface TlsSettings {
  /** Certificate authorities to trust, PEM. Default: those of Node.js. */
  ca?: string | Buffer
  cert?: string | Buffer
  key?: string | Buffer
  /** false: any certificate will do. Default: true. */
  rejectUnauthorized?: boolean
}

const ports: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 }

/**
 * A broker by its URL: `mqtt://`, `mqtts://`, `ws://` or `wss://`.
 * @throws TypeError with a sentence that says what is wrong with it
 */
export function targetOf(url: string, settings: TlsSettings = {}): Target {
  const found = parsed(url)
  const { protocol } = found
  const host = found.hostname.replace(/^\[|\]$/g, '')
  const port = Number(found.port || ports[protocol])
  found.username = found.password = ''
  if (protocol === 'ws:' || protocol === 'wss:') return webSocketTarget(found.href, settings)
  const name = `${protocol}//${found.hostname}:${port}`
  if (protocol === 'mqtt:')
    return socketTarget(name, () => net.connect({ host, port, noDelay: true }), 'connect')
  const servername = net.isIP(host) ? '' : host
  const connect = () => tls.connect({ host, port, servername, ...settings })
  return socketTarget(name, connect, 'secureConnect')
}

function parsed(url: string): URL {
  const given = URL.canParse(url) ? new URL(url) : null
  if (!given || !Object.hasOwn(ports, given.protocol) || given.hostname === '') {
    throw new TypeError(
      `'${url}' is no broker: give mqtt://host:port, mqtts://…, ws://host:port/path or wss://…`
    )
  }
  // The others would be told by the first connection, or by nobody.
  const { hash, username, password } = given
  if (hash !== '') throw new TypeError(`'${url}' has a fragment: leave out ${hash}`)
  if (![username, password].every(isEncoded))
    throw new TypeError(
      `the user or the password in the URL has a % that is none of %00 to %FF: write it as %25`
    )
  return given
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function webSocketTarget(url: string, options: object): Target {
  const place = { url, options }
  return {
    ...{ name: url, webSocket: place },
    open: async (events: LinkEvents, signal?: AbortSignal) =>
      webSocketLink(await openWebSocket(place, ['mqtt'], signal), events)
  }
}

function socketTarget(name: string, connect: () => net.Socket, ready: string): Target {
  return {
    ...{ name, webSocket: null },
    open: async (events, signal) => {
      const socket = connect()
      try {
        await once(socket, ready, signal && { signal })
      } catch (err) {
        socket.on('error', () => {}).destroy()
        throw err
      }
      return streamLink(socket.setNoDelay(true), events)
    }
  }
}
