import type { Accept, Listener } from './listener.js'
import type { ListenerSettings } from './options.js'
import { listenOnSocket } from './sockets.js'
import { listenOnWebSocket } from './websocket.js'

export type { Accept, Listener } from './listener.js'
export {
  isLoopback,
  type Listenable,
  type ListenerOptions,
  type ListenerSettings,
  listenerSettings
} from './options.js'
export { attachWebSocket } from './websocket.js'

/** Opens a listener. @throws StackError STACK_LISTEN that says why it cannot be opened. */
export function openListener(settings: ListenerSettings, accept: Accept): Promise<Listener> {
  const { protocol } = settings
  return protocol === 'ws' || protocol === 'wss'
    ? listenOnWebSocket(settings, accept)
    : listenOnSocket(settings, accept)
}
