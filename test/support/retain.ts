import type { ForwardContext, PublishPacket, Session, SubscriptionRequest } from '../../lib/index.js'
import { MemoryRetained, RetainManager, type RetainManagerConfig } from '../../middlewares/index.js'
import { FakeClient } from './fake-client.js'
import { FakeStack } from './fake-stack.js'
import { message, sessionOf, subscriptionTo } from './messages.js'

/** A RetainManager on a memory backend, and one session that is ready for messages. */
export async function hosted(config: Partial<RetainManagerConfig> = {}, kept: PublishPacket[] = []) {
  const forwarded: ForwardContext[] = []
  const backend = new MemoryRetained()
  for (const packet of kept) backend.storeRetainedMessage({ packet }, { replaced: null })
  const stack = new FakeStack({
    forwardMessage: ctx => {
      forwarded.push(ctx)
    },
    storeRetainedMessage: (ctx, store) => backend.storeRetainedMessage(ctx, store),
    lookupRetainedMessages: (ctx, store) => backend.lookupRetainedMessages(ctx, store),
    lookupRetainedUsage: (ctx, store) => backend.lookupRetainedUsage(ctx, store)
  })
  const manager = await stack.host(new RetainManager(config))
  const client = new FakeClient(stack)
  const session = sessionOf(client)
  session.ready = true
  const retain = (topic: string, payload: string, expiresAt = 0) => {
    const packet = message({ topic, payload, retain: true })
    packet.expiresAt = expiresAt
    return manager.relayMessage({ client: client.client, packet })
  }
  const subscribe = (topic: string, options: Partial<SubscriptionRequest> = {}, existed = false) =>
    manager.topicSubscribed({
      ...{ client: client.client, session, existed },
      subscription: subscriptionTo(topic, options)
    })
  /** Topic and payload of what was forwarded since the last time. */
  const got = () => forwarded.splice(0).map(({ packet }) => `${packet.topic} ${packet.payload}`)
  return { stack, manager, backend, client, session, forwarded, retain, subscribe, got }
}

export function ready(manager: RetainManager, session: Session): void {
  session.ready = true
  manager.sessionReady({ session })
}
