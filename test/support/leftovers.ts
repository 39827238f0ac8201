import type { Stack } from '../../lib/index.js'

/** Everything a broker still keeps for clients: what is not zero after they are gone has leaked. */
export async function leftovers(stack: Stack, clientIds: readonly string[]): Promise<Record<string, number>> {
  const count: Record<string, number> = {
    connections: stack.connections.size,
    clients: stack.clients.size,
    sessions: stack.sessions.size
  }
  const page = { limit: 10_000 }
  count.storedSessions = (await stack.execute('lookupSessions', page, { items: [] })).items.length
  count.storedWills = (await stack.execute('lookupWills', page, { items: [] })).items.length
  for (const clientId of clientIds) {
    const { messages } = await stack.execute('lookupInflight', { clientId }, { messages: [] })
    const { messageIds } = await stack.execute('lookupIncoming', { clientId }, { messageIds: [] })
    const { subscriptions } = await stack.execute('lookupSubscriptions', { clientId }, { subscriptions: [] })
    const { items } = await stack.execute('lookupOfflineMessages', { clientId, ...page }, { items: [] })
    for (const [name, kept] of Object.entries({ messages, messageIds, subscriptions, items })) {
      count[name] = (count[name] ?? 0) + kept.length
    }
  }
  return Object.fromEntries(Object.entries(count).filter(([, kept]) => kept > 0))
}
