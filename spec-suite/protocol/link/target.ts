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
  if (given && given.protocol in ports && given.hostname !== '') return given
  throw new TypeError(
    `'${url}' is no broker: give mqtt://host:port, mqtts://…, ws://host:port/path or wss://…`
  )
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
