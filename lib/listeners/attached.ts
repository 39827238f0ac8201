import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { Server as TlsServer } from 'node:tls'
import { type Inside, type Listener, portOf } from './listener.js'
import type { ListenerSettings } from './options.js'
import { isAt, notFound, upgrader } from './upgrade.js'

/** On our own listeners for 'upgrade', of whichever broker: they answer for nobody else. */
const ours = Symbol('stackmq')

/**
 * WebSocket on a path of an HTTP server that exists: its other requests and upgrades are not touched. Other listeners
 * for 'upgrade' usually refuse every path that is not theirs (ws does), so they do not get to see ours.
 */
export function attachWebSocket(
  server: HttpServer | HttpsServer,
  settings: ListenerSettings,
  inside: Inside
): Listener {
  const protocol = server instanceof TlsServer ? 'wss' : 'ws'
  const { path } = settings
  const name = settings.name === 'ws' ? protocol : settings.name
  const upgrade = upgrader({ ...settings, protocol, name }, inside)
  let open = true
  const { emit } = server
  const emitOthers = (event: string, ...args: unknown[]): boolean => {
    const [request, socket, head] = args as Parameters<typeof upgrade>
    if (!open || event !== 'upgrade' || !isAt(path, request))
      return Reflect.apply(emit, server, [event, ...args])
    upgrade(request, socket, head)
    return true
  }
  server.emit = emitOthers
  // Node looks for upgrades at all only when somebody listens for them.
  const answer = (_request: IncomingMessage, socket: Duplex) => {
    if (server.listeners('upgrade').every(listener => ours in listener)) notFound(socket, path)
  }
  Object.assign(answer, { [ours]: true })
  server.on('upgrade', answer)
  return {
    name,
    protocol,
    get port() {
      return portOf(server)
    },
    get url() {
      return `${protocol}://localhost:${portOf(server)}${path}`
    },
    close: async () => {
      open = false
      server.off('upgrade', answer)
      if (server.emit === emitOthers) server.emit = emit
    }
  }
}
