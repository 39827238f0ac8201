import type { OutgoingMessage, Page, StoredMessage } from '../backend.js'
import { after, type MaybePromise } from '../flow.js'
import type { Stack } from '../stack.js'
import type { Drops } from './drops.js'
import type { OutboundLine } from './outbound-line.js'
import type { Outgoing } from './outgoing.js'
import type { Session } from './session.js'

/**
 * What was on its way to a session when it ended: what a shared group had given it goes to another member
 * (MQTT 5.0, 4.8.2), the rest is lost and reported.
 */
export class Leftovers {
  readonly #stack: Stack
  readonly #drops: Drops

  constructor(stack: Stack, drops: Drops) {
    this.#stack = stack
    this.#drops = drops
  }

  /** In the order of the line. The backend is asked at once: the session is removed from it right after. */
  settle(session: Session, line: OutboundLine | undefined): void {
    const known = line?.complete ?? false
    const started: readonly OutgoingMessage[] = line ? [...line.inflight.values()] : []
    const waiting: readonly OutgoingMessage[] = line ? [...line.waiting] : []
    const inflight = known || !session.persistent ? started : this.#inflight(session)
    const stored = (known ? line!.unread : session.persistent) ? this.#stored(session) : []
    const settled = after(inflight, messages => {
      for (const message of messages) this.#endDelivery(session, message)
      return after(stored, queued => {
        for (const message of queued) this.#passOn(session, message)
        for (const message of waiting) this.#passOn(session, message)
      })
    })
    if (settled instanceof Promise) settled.catch(err => this.#stack.emit('error', err, null, null))
  }

  #endDelivery(session: Session, message: OutgoingMessage): void {
    if (message.qos === 1) this.#passOn(session, message)
    // A QoS 2 delivery that has begun goes to nobody else [5.0 MQTT-4.8.2-5]; after PUBREC the client has it.
    else if (!message.released) this.#drops.tell(null, session.id, message.packet, 'session-ended')
  }

  #passOn(session: Session, message: OutgoingMessage): void {
    const { packet } = message
    const { group } = message as Partial<Outgoing>
    const store = { matched: 0 }
    if (group) this.#stack.chain('forwardToGroup').tell({ group, packet }, store)
    if (store.matched === 0) this.#drops.tell(null, session.id, packet, 'session-ended')
  }

  #inflight({ id }: Session): MaybePromise<readonly OutgoingMessage[]> {
    if (!this.#stack.handles('lookupInflight')) return []
    const found = { messages: [] as OutgoingMessage[] }
    return after(this.#stack.execute('lookupInflight', { clientId: id }, found), () => found.messages)
  }

  #stored({ id }: Session): MaybePromise<readonly OutgoingMessage[]> {
    if (!this.#stack.handles('lookupOfflineMessages')) return []
    const page: Page<StoredMessage> = { items: [] }
    const ctx = { clientId: id, limit: Number.POSITIVE_INFINITY }
    return after(this.#stack.execute('lookupOfflineMessages', ctx, page), () =>
      page.items.map(({ message }) => message)
    )
  }
}
