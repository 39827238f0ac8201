import { WebSocket } from 'ws'
import type { Link, LinkEvents, OpenWebSocket, WebSocketPlace } from './link.js'
import { patience } from './stream.js'

/** As `readyState` has it. */
const open = 1

/** Resolves when the handshake is done. @throws Error when the server refuses it */
export function openWebSocket(
  { url, options }: WebSocketPlace,
  protocols: readonly string[] = ['mqtt'],
  signal?: AbortSignal
): Promise<OpenWebSocket> {
  const socket = new WebSocket(url, [...protocols], { ...options, perMessageDeflate: false })
  return new Promise((resolve, reject) => {
    const giveUp = () => socket.terminate()
    const settled = () => signal?.removeEventListener('abort', giveUp)
    signal?.addEventListener('abort', giveUp, { once: true })
    // It stays: a socket may break more than once.
    socket.on('error', err => {
      settled()
      reject(err)
    })
    socket.once('open', () => {
      settled()
      resolve(socket as OpenWebSocket)
    })
  })
}

export function webSocketLink(socket: OpenWebSocket, events: LinkEvents): Link {
  let cut = false
  socket.on('message', (data, isBinary) => {
    if (isBinary) events.data(data)
    else events.breach('the broker sent a WebSocket message that is not binary')
  })
  // 1006: the connection ended without a closing frame.
  socket.on('close', code => {
    if (!cut) events.closed(code !== 1006)
  })
  return {
    write: bytes => {
      if (socket.readyState === open) socket.send(bytes)
    },
    cut: () => {
      cut = true
      socket.terminate()
    },
    end: () => {
      cut = true
      socket.close()
      // ws itself would wait for 30 seconds.
      setTimeout(() => socket.terminate(), patience).unref()
    }
  }
}
