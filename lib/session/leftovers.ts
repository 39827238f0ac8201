import type { Cursor, OutgoingMessage, Page, StoredMessage } from '../backend.js'
import { after, type MaybePromise } from '../flow.js'
import type { Stack } from '../stack.js'
import type { Drops } from './drops.js'
import type { OutboundLine } from './outbound-line.js'
import type { Outgoing } from './outgoing.js'
import type { Session } from './session.js'

/** Messages read from the backend at a time. */
const pageSize = 1000

const noPage: Page<StoredMessage> = { items: [] }

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
    const waiting: readonly Outgoing[] = line ? [...line.waiting] : []
    const inflight = known || !session.persistent ? started : this.#inflight(session)
    // What is at hand is in the backend, too.
    const plain = waiting.filter(({ key }) => key === null)
    const ask = known ? line!.unread || plain.length < waiting.length : session.persistent
    const first = ask ? this.#page(session, undefined) : noPage
    const settled = after(inflight, messages => {
      for (const message of messages) this.#endDelivery(session, message)
      return after(
        after(first, page => this.#passOnAll(session, page)),
        () => {
          for (const message of plain) this.#passOn(session, message)
        }
      )
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

  /** Page by page: a queue may be larger than the memory. */
  #passOnAll(session: Session, { items, cursor }: Page<StoredMessage>): MaybePromise<void> {
    for (const { message } of items) this.#passOn(session, message)
    if (cursor === undefined) return
    return after(this.#page(session, cursor), page => this.#passOnAll(session, page))
  }

  #page({ id }: Session, cursor: Cursor): MaybePromise<Page<StoredMessage>> {
    if (!this.#stack.handles('lookupOfflineMessages')) return noPage
    const page: Page<StoredMessage> = { items: [] }
    const ctx = { clientId: id, limit: pageSize, cursor }
    return after(this.#stack.execute('lookupOfflineMessages', ctx, page), () => page)
  }
}
