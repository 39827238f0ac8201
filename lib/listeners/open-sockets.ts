import type { Server, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/**
 * The sockets of one listener, all of its addresses together: keeps to its limit, and lets go of those that have not
 * become a connection of the stack when it closes, such as half a TLS handshake.
 */
export class OpenSockets {
  readonly #limit: number
  /** All, as the kernel gave them. */
  readonly #raw = new Set<Socket>()
  /** Handed to nobody so far, by their peer. */
  readonly #waiting = new Map<string, Socket>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts and limits the sockets of a server. */
  watch<S extends Server>(server: S): S {
    server.on('connection', (socket: Socket) => {
      if (this.#raw.size >= this.#limit) {
        socket.destroy()
        return
      }
      const peer = peerOf(socket)
      this.#raw.add(socket)
      this.#waiting.set(peer, socket)
      socket.once('close', () => {
        this.#raw.delete(socket)
        if (this.#waiting.get(peer) === socket) this.#waiting.delete(peer)
      })
    })
    return server
  }

  /** From now on the stack closes it. A TLS socket stands for the raw one below it: same peer. */
  taken(socket: Socket | TLSSocket): void {
    this.#waiting.delete(peerOf(socket))
  }

  destroyWaiting(): void {
    for (const socket of this.#waiting.values()) socket.destroy()
  }
}

function peerOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
