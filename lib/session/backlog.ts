import type { Page, StoredMessage } from '../backend.js'
import type { Ctx, Store } from '../callbacks.js'
import type { Chain } from '../chain.js'
import type { Client } from '../client.js'
import { toError } from '../errors.js'
import { isThenable, type MaybePromise } from '../flow.js'
import type { Stack } from '../stack.js'
import type { Drops } from './drops.js'
import type { OutboundLine } from './outbound-line.js'
import { Outgoing } from './outgoing.js'
import type { Sender } from './sender.js'
import type { Session } from './session.js'

export interface BacklogLimits {
  readonly maximumQueuedMessages: number
  /** Of payloads. */
  readonly maximumQueuedBytes: number
}

/** Messages read from the backend at a time. */
const pageSize = 256

/** Messages of a connected client that are at hand in memory besides: nobody has to look them up. */
const mostAtHand = 4096

/** How long a backend that failed is left alone, in ms. */
const retryDelay = 1000

/**
 * What waits for its turn behind the window: in the backend for sessions that outlive their connection, where one
 * keeps offline messages, else in memory.
 */
export class Backlog {
  readonly #stack: Stack
  readonly #limits: BacklogLimits
  readonly #drops: Drops
  readonly #sender: Sender
  readonly #store: Chain<Ctx<'storeOfflineMessage'>, Store<'storeOfflineMessage'>>
  /** Those to be tried again in a moment. */
  readonly #failing = new Set<OutboundLine>()

  constructor(stack: Stack, limits: BacklogLimits, drops: Drops, sender: Sender) {
    this.#stack = stack
    this.#limits = limits
    this.#drops = drops
    this.#sender = sender
    this.#store = stack.chain('storeOfflineMessage')
  }

  /** Puts a message at the end, if there is room. */
  add(session: Session, line: OutboundLine, message: Outgoing): void {
    const { maximumQueuedMessages, maximumQueuedBytes } = this.#limits
    const bytes = message.packet.payloadLength
    if (line.backlog >= maximumQueuedMessages || line.bytes + bytes > maximumQueuedBytes) {
      this.#drops.tell(session.client, session.id, message.packet, 'queue-full')
      return
    }
    message.packet.detach(true)
    if (!session.persistent || this.#store.size === 0) {
      line.bytes += bytes
      line.waiting.push(message)
      return
    }
    const stored: Store<'storeOfflineMessage'> = { refused: false }
    this.#store.tell({ clientId: session.id, message }, stored)
    if (stored.refused) {
      this.#drops.tell(session.client, session.id, message.packet, 'queue-full')
      return
    }
    line.bytes += bytes
    if (stored.key !== undefined && isAtHand(session, line)) {
      message.key = stored.key
      line.waiting.push(message)
      return
    }
    line.stored++
    line.unread = true
    if (line.loading) line.late++
  }

  /** Sends what may be sent, in the order it came, and nothing before what is to be sent again. */
  pump(client: Client, session: Session, line: OutboundLine): void {
    if (line.again.size > 0) return
    // What is at hand came before what is only in the backend, and that before what no backend has.
    if (isStored(line.waiting.peek())) this.#sendAtHand(client, session, line)
    if (isStored(line.waiting.peek())) return
    if (line.unread) {
      this.#load(client, session, line)
      if (line.unread) return
    }
    while (line.waiting.size > 0 && line.room > 0 && !client.congested) {
      const message = line.waiting.shift()!
      line.bytes -= message.packet.payloadLength
      this.#sender.send(client, session, line, message)
    }
  }

  /** Stores as in flight first and removes from the queue second: a crash duplicates and never loses. */
  #sendAtHand(client: Client, session: Session, line: OutboundLine): void {
    const keys: Array<string | number> = []
    while (isStored(line.waiting.peek()) && line.room > 0 && !client.congested) {
      const message = line.waiting.shift()!
      keys.push(message.key!)
      message.key = null
      line.bytes -= message.packet.payloadLength
      this.#sender.send(client, session, line, message)
    }
    if (keys.length > 0) this.#stack.chain('removeOfflineMessages').tell({ clientId: session.id, keys })
  }

  #load(client: Client, session: Session, line: OutboundLine): void {
    while (line.unread && !line.loading && line.room > 0 && !client.congested) {
      const page: Page<StoredMessage> = { items: [] }
      const limit = Math.min(pageSize, line.room)
      line.loading = true
      line.late = 0
      let found: MaybePromise<unknown>
      const ctx = { clientId: session.id, limit, cursor: line.cursor }
      line.cursor = undefined
      try {
        found = this.#stack.execute('lookupOfflineMessages', ctx, page)
      } catch (err) {
        this.#failed(client, session, line, toError(err))
        return
      }
      if (isThenable(found)) {
        found.then(
          () => this.#arrived(client, session, line, page),
          err => this.#failed(client, session, line, toError(err))
        )
        return
      }
      this.#sendPage(client, session, line, page)
    }
  }

  /** A page that had to be waited for; the client it was for may have gone, and another one come. */
  #arrived(client: Client, session: Session, line: OutboundLine, page: Page<StoredMessage>): void {
    line.loading = false
    const now = session.client
    if (session.ended || now?.state !== 'connected') return
    if (now === client) this.#sendPage(client, session, line, page)
    this.pump(now, session, line)
  }

  /** Stores as in flight first and removes from the queue second: a crash duplicates and never loses. */
  #sendPage(
    client: Client,
    session: Session,
    line: OutboundLine,
    { items, cursor }: Page<StoredMessage>
  ): void {
    // Loading until all are sent: whoever hears of one that is dropped may publish to this session.
    line.loading = true
    const keys: Array<string | number> = []
    try {
      for (const { key, message } of items) {
        // What is not sent stays where it is.
        if (client.congested && keys.length > 0) break
        keys.push(key)
        const own = Outgoing.from(message)
        line.bytes = Math.max(0, line.bytes - own.packet.payloadLength)
        line.stored = Math.max(0, line.stored - 1)
        this.#sender.send(client, session, line, own)
      }
    } finally {
      line.loading = false
    }
    if (keys.length > 0) this.#stack.chain('removeOfflineMessages').tell({ clientId: session.id, keys })
    // What is left out of a page is not looked up again and again.
    if (items.length === 0) line.cursor = cursor
    // What was stored meanwhile is not in the page.
    if (cursor !== undefined || line.late > 0 || keys.length < items.length) return
    line.unread = false
    line.stored = 0
  }

  /** Nothing may pass what waits, so it is asked for again even when nothing else happens to this session. */
  #failed(client: Client, session: Session, line: OutboundLine, err: Error): void {
    line.loading = false
    this.#stack.emit('error', err, client, null)
    if (this.#failing.has(line)) return
    this.#failing.add(line)
    this.#stack.clock.after(retryDelay, () => {
      this.#failing.delete(line)
      const now = session.client
      if (!session.ended && now?.state === 'connected') this.pump(now, session, line)
    })
  }
}

/** Everything that waits is in memory, and there is room for one more. */
function isAtHand({ client }: Session, line: OutboundLine): boolean {
  const { waiting, unread } = line
  if (client?.state !== 'connected' || unread || waiting.size >= mostAtHand) return false
  return waiting.size === 0 || isStored(waiting.last())
}

/** It is in the backend besides. */
function isStored(message: Outgoing | undefined): boolean {
  return message !== undefined && message.key !== null
}
