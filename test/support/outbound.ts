import type { Session } from '../../lib/index.js'
import { OutboundManager, type OutboundManagerConfig } from '../../middlewares/index.js'
import { FakeClient } from './fake-client.js'
import { FakeStack } from './fake-stack.js'
import { attach, sessionOf } from './messages.js'

/** An OutboundManager with one client that is connected, and what it does when connections come and go. */
export async function hosted(
  config: Partial<OutboundManagerConfig> = {},
  client: Partial<FakeClient> = {},
  expiryInterval = 0
) {
  /** Payload and reason of each message that was dropped. */
  const dropped: string[] = []
  const stack = new FakeStack({
    messageDropped: ({ packet, reason }) => {
      dropped.push(`${packet.payload} ${reason}`)
    }
  })
  const outbound = await stack.host(new OutboundManager(config))
  const made = Object.assign(new FakeClient(stack), client)
  const session = sessionOf(made, expiryInterval)
  const connect = (one: FakeClient) => {
    one.state = 'connected'
    outbound.clientConnected({ client: one.client } as never)
  }
  /** The connection of a session ends, as SessionManager sees it. */
  const disconnect = (one: Session = session) => {
    const { client } = one
    const fake = client as unknown as FakeClient
    fake.state = 'closed'
    outbound.uninstall(fake.client)
    one.client = null
    one.ready = false
  }
  /** Another connection for the same session. */
  const resume = async (options: Partial<FakeClient> = {}) => {
    const again = Object.assign(new FakeClient(stack), { state: 'new', ...options })
    attach(again, session)
    await outbound.sessionResumed({ client: again.client, session })
    connect(again)
    return again
  }
  connect(made)
  return { stack, outbound, client: made, session, dropped, connect, disconnect, resume }
}

export function ack(
  outbound: OutboundManager,
  { client }: FakeClient,
  cmd: 'puback' | 'pubrec' | 'pubcomp',
  messageId: number,
  reasonCode = 0
): void {
  outbound.handle(client, { cmd, messageId, reasonCode })
}

/** The identifiers of what was published to a client. */
export function ids(client: FakeClient): number[] {
  return client.published.map(({ messageId }) => messageId!)
}
