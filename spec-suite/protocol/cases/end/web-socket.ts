import { Breach } from '../../breach.js'
import type { OpenWebSocket, Target } from '../../link/link.js'
import { webSocketLink } from '../../link/web-socket.js'
import type { Scene } from '../../scene.js'

/** How bytes become WebSocket frames. */
export type Framing = (socket: OpenWebSocket, bytes: Buffer) => void

/** The subprotocol that was agreed upon, where these were offered. */
export async function agreed(scene: Scene, protocols: readonly string[]): Promise<string> {
  const socket = await opened(scene, protocols)
  const { protocol } = socket
  socket.close()
  return protocol
}

/** The broker over WebSocket, where the case says how frames are made. */
export function framed(scene: Scene, send: Framing, protocols?: readonly string[]): Target {
  return {
    ...{ name: 'the WebSocket listener', webSocket: null },
    open: async events => {
      const socket = await opened(scene, protocols)
      const write = (bytes: Buffer) => {
        if (socket.readyState === 1) send(socket, bytes)
      }
      return { ...webSocketLink(socket, events), write }
    }
  }
}

async function opened(scene: Scene, protocols?: readonly string[]): Promise<OpenWebSocket> {
  const offer = protocols?.join(', ') ?? 'mqtt'
  try {
    return await scene.webSocket(protocols)
  } catch (err) {
    throw new Breach(`a WebSocket where ${offer} was offered`, `there was none: ${(err as Error).message}`)
  }
}
