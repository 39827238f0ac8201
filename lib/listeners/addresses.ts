import type { Server } from 'node:net'
import { closed, listening, portOf, systemCode } from './listener.js'

/** How often a free port is looked for that both loopback addresses have. */
const attempts = 20

/** `localhost` is both loopback addresses; the second is optional, as some machines have only one. */
export async function onEachAddress<S extends Server>(
  make: () => S,
  { host, port }: { host: string | undefined; port: number }
): Promise<S[]> {
  if (host?.toLowerCase() === 'localhost') return onLoopback(make, port, attempts)
  const server = make()
  await listening(server, host === undefined ? { port } : { host, port })
  return [server]
}

async function onLoopback<S extends Server>(make: () => S, port: number, left: number): Promise<S[]> {
  const first = make()
  await listening(first, { host: '127.0.0.1', port })
  const second = make()
  try {
    await listening(second, { host: '::1', port: portOf(first) })
    return [first, second]
  } catch (err) {
    const code = systemCode(err)
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return [first]
    await closed(first)
    // A port that was free on one address may be taken on the other.
    if (code === 'EADDRINUSE' && port === 0 && left > 1) return onLoopback(make, port, left - 1)
    throw err
  }
}
