import type { Inside, Listener } from './listener.js'
import type { ListenerSettings } from './options.js'
import { listenOnSocket } from './sockets.js'
import { listenOnWebSocket } from './websocket.js'

export { attachWebSocket } from './attached.js'
export type { Inside, Listener } from './listener.js'
export {
  isLoopback,
  type Listenable,
  type ListenerOptions,
  type ListenerSettings,
  listenerSettings
} from './options.js'

/** Opens a listener. @throws StackError STACK_LISTEN that says why it cannot be opened. */
export function openListener(settings: ListenerSettings, inside: Inside): Promise<Listener> {
  const { protocol } = settings
  return protocol === 'ws' || protocol === 'wss'
    ? listenOnWebSocket(settings, inside)
    : listenOnSocket(settings, inside)
}
