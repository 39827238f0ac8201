import { once } from 'node:events'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { type Duplex, pipeline } from 'node:stream'
import tls from 'node:tls'
import { createWebSocketStream, WebSocket } from 'ws'
import type { Stack } from '../../lib/index.js'
import { Peer } from './peer.js'

type Version = 3 | 4 | 5

/** Some containers have no IPv6. */
export const hasV6 = Object.values(networkInterfaces())
  .flat()
  .some(at => at?.address === '::1')
/** The loopback addresses of this machine. */
export const loopbacks = hasV6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']

/** A Peer on a socket of a real network. */
export interface NetPeer extends Peer {
  readonly socket: Duplex
}

export function peerOn(socket: Duplex, version: Version = 5): NetPeer {
  const bridge = (far: Duplex) => {
    pipeline(far, socket, far, () => {})
    return null
  }
  const peer = new Peer({ handler: () => bridge } as unknown as Stack, version)
  // Half a pair does not see that the other one was destroyed; what came before is still to be read.
  socket.on('close', () => setImmediate(() => peer.stream.destroy()))
  return Object.assign(peer, { socket, cut: () => socket.destroy() })
}

export async function tcpPeer(where: net.NetConnectOpts, version?: Version): Promise<NetPeer> {
  const socket = net.connect(where)
  await once(socket, 'connect')
  return peerOn(socket, version)
}

export async function tlsPeer(options: tls.ConnectionOptions, version?: Version): Promise<NetPeer> {
  const socket = tls.connect({ servername: 'localhost', ...options })
  await once(socket, 'secureConnect')
  return peerOn(socket, version)
}

/** A WebSocket that is open, or the error that it met. */
export async function webSocket(
  url: string,
  protocols: string[] = ['mqtt'],
  options: Record<string, unknown> = {}
): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, options)
  await once(socket, 'open')
  return socket
}

export async function wsPeer(
  url: string,
  options?: Record<string, unknown>,
  version?: Version
): Promise<NetPeer> {
  return peerOn(createWebSocketStream(await webSocket(url, ['mqtt'], options)), version)
}

/** What an HTTP server answers to an upgrade it refuses. */
export async function refusal(
  url: string,
  protocols: string[] = ['mqtt'],
  options: Record<string, unknown> = {}
): Promise<{ status: number; text: string }> {
  const socket = new WebSocket(url, protocols, options)
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, text }
}
