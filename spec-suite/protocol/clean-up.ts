import type { Scene } from './scene.js'

/** Leaves the broker as it was: no connection, no session, and none of the retained messages of a case. */
export async function cleanUp(scene: Scene): Promise<void> {
  const retained = new Set(scene.clients.flatMap(client => [...client.retained]))
  for (const client of scene.clients) client.leave()
  const ids = [...scene.sessions].filter(id => id !== '')
  if (ids.length === 0 && retained.size === 0) return scene.close()
  try {
    for (const [i, clientId] of (ids.length > 0 ? ids : [scene.clientId()]).entries()) {
      const client = await scene.connect({ clientId, clean: true, label: 'clean-up' })
      if (i === 0) for (const topic of retained) client.startPublish(topic, '', { retain: true })
      client.leave()
    }
  } catch {
    // A broker that does not let a client in any more: the next cases will say so.
  } finally {
    scene.close()
  }
}
