import { lstatSync, unlinkSync } from 'node:fs'
import net, { type Server } from 'node:net'
import { listening, systemCode } from './listener.js'

/** A socket file that a dead broker left behind is replaced; one that somebody answers on, or another file, is not. */
export async function onPath(make: () => Server, path: string): Promise<Server> {
  const server = make()
  try {
    await listening(server, { path })
    return server
  } catch (err) {
    if (systemCode(err) !== 'EADDRINUSE' || !(await isStale(path))) throw err
  }
  unlinkSync(path)
  const another = make()
  await listening(another, { path })
  return another
}

async function isStale(path: string): Promise<boolean> {
  const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false
  return isSocket && (await refuses(path))
}

/** Only "connection refused" says that nobody listens: a socket we may not use is somebody's. */
function refuses(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (err: NodeJS.ErrnoException) => resolve(err.code === 'ECONNREFUSED'))
  })
}
