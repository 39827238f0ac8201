import { WebSocket } from 'ws'
import type { Link, LinkEvents, WebSocketPlace } from './link.js'

/** Resolves when the handshake is done. @throws Error when the server refuses it */
export function openWebSocket(
  { url, options }: WebSocketPlace,
  protocols: readonly string[] = ['mqtt'],
  signal?: AbortSignal
): Promise<WebSocket> {
  const socket = new WebSocket(url, [...protocols], { ...options, perMessageDeflate: false })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    const giveUp = () => socket.terminate()
    signal?.addEventListener('abort', giveUp, { once: true })
    socket.once('open', () => {
      signal?.removeEventListener('abort', giveUp)
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

export function webSocketLink(socket: WebSocket, events: LinkEvents): Link {
  let cut = false
  socket.on('message', (data, isBinary) => {
    if (isBinary) events.data(data as Buffer)
    else events.breach('the broker sent a WebSocket message that is not binary')
  })
  socket.on('close', () => {
    if (!cut) events.closed()
  })
  return {
    write: bytes => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
    },
    cut: () => {
      cut = true
      socket.terminate()
    },
    end: () => {
      cut = true
      socket.close()
    }
  }
}
