import type { ForwardContext, PublishPacket, SubscriptionRequest } from '../../lib/index.js'
import { Publish, Session } from '../../lib/index.js'
import type { FakeClient } from './fake-client.js'

type Given = Partial<Omit<PublishPacket, 'payload'>> & { payload?: string | Buffer }

/** A PUBLISH as the broker sees it; the payload may be text. */
export function message({ payload = 'hello', ...rest }: Given = {}): Publish {
  return Publish.from({ topic: 'a/b', ...rest, payload: Buffer.from(payload as string) })
}

/** A session, with the client connected to it if there is one. */
export function sessionOf(client: FakeClient | null, expiryInterval = 0, id = client?.id ?? 'c1'): Session {
  const session = new Session(id)
  session.expiryInterval = expiryInterval
  if (client) attach(client, session)
  return session
}

/** A client takes a session over, as SessionManager does it. */
export function attach(client: FakeClient, session: Session): void {
  session.client = client.client
  client.session = session
}

/** One message to one session. */
export function to(
  session: Session,
  packet: PublishPacket,
  options: Partial<Omit<ForwardContext, 'session' | 'packet'>> = {}
): ForwardContext {
  return {
    ...{ session, packet, subscription: { qos: 2, identifiers: null } },
    ...{ retain: false, publisher: null, group: null },
    ...options
  }
}

export function subscriptionTo(
  topic: string,
  options: Partial<SubscriptionRequest> = {}
): SubscriptionRequest {
  return { topic, qos: 2, nl: false, rap: false, rh: 0, ...options }
}

/** Payloads as text. */
export function texts(packets: ReadonlyArray<{ payload: Buffer | string }>): string[] {
  return packets.map(({ payload }) => payload.toString())
}
