import type { Cursor, OutgoingMessage } from '../backend.js'
import type { Client } from '../client.js'
import { InflightTable, identifiers } from './inflight-table.js'
import { OutboundAliases } from './outbound-aliases.js'
import { Outgoing } from './outgoing.js'
import { Queue } from './queue.js'

/** Bytes of payload in flight beyond which nothing more is sent: who reads and never acknowledges keeps them all. */
const mostInflightBytes = 67_108_864

/**
 * The one ordered line of messages to a session: what waits, then what is in flight, then nothing. The window is of
 * the connection, the rest outlives it.
 */
export class OutboundLine {
  /** By packet identifier, in the order of their first sending [5.0 MQTT-4.6.0-1]. */
  readonly inflight = new InflightTable<Outgoing>()
  /**
   * What waits in memory: of sessions that end with their connection all of it, of others the first of what waits in the
   * backend too. Those have a key.
   */
  readonly waiting = new Queue<Outgoing>()
  /** What waits in the backend: how many, as far as known, and whether there may be more. */
  stored = 0
  unread = false
  /** Where the next lookup goes on, when the last one found nothing that could be sent. */
  cursor: Cursor
  /** A page of it is on its way, and so many were stored since it was asked for. */
  loading = false
  late = 0
  /** Bytes that wait. */
  bytes = 0
  /** Bytes in flight. */
  inflightBytes = 0
  /** Something was sent since detach(): it may hold a whole chunk of what its publisher sent. */
  #attached = false
  /** In flight since before this connection, to be sent again. */
  readonly again = new Queue<Outgoing>()
  /** How many may be in flight on this connection, and how many are [5.0 MQTT-4.9.0-1]. */
  window = 0
  used = 0
  /** Messages and releases that go out when they are durable; and those of them that are tried again. */
  held = 0
  failing = 0
  aliases: OutboundAliases | null = null
  /** What a backend keeps in flight for the session is here; not so before its first connection since a restart. */
  complete = false
  #lastId = 0

  /** How many messages wait. */
  get backlog(): number {
    return this.stored + this.waiting.size
  }

  /** How many may be sent now. What only awaits its PUBCOMP takes up no quota, but it has an identifier. */
  get room(): number {
    if (this.inflightBytes >= mostInflightBytes) return 0
    return Math.min(this.window - this.used, identifiers - this.inflight.size)
  }

  /** Nothing is before the next message: it may go out at once. */
  get isClear(): boolean {
    return this.room > 0 && !this.unread && this.waiting.size === 0 && this.again.size === 0
  }

  /** Starts anew with a connection. */
  open(client: Client, maximumInflight: number, aliases: boolean): void {
    this.window = Math.min(client.receiveMaximum, maximumInflight)
    this.used = 0
    this.complete = true
    this.aliases =
      aliases && client.topicAliasMaximum > 0 ? new OutboundAliases(client.topicAliasMaximum) : null
    this.again.clear()
    for (const message of this.inflight.values()) {
      message.counted = false
      this.again.push(message)
    }
  }

  close(): void {
    this.#leaveToBackend()
    this.window = 0
    this.used = 0
    this.aliases = null
    this.again.clear()
  }

  /** An identifier that is not in use [5.0 MQTT-2.2.1-4]. Only when there is room. */
  nextId(): number {
    this.#lastId = this.inflight.free(this.#lastId)
    return this.#lastId
  }

  add(message: Outgoing): void {
    this.inflight.set(message.messageId, message)
    this.inflightBytes += message.packet.payloadLength
    this.#attached = true
    this.#count(message)
  }

  /** What stays in flight for longer holds its own bytes only; most is acknowledged before and never copied. */
  detach(): void {
    this.inflight.trim()
    if (!this.#attached) return
    this.#attached = false
    for (const { packet } of this.inflight.values()) packet.detach(true)
  }

  /** Nobody is connected: what the backend has need not be in memory. */
  #leaveToBackend(): void {
    const all = [...this.waiting]
    const plain = all.filter(({ key }) => key === null)
    if (plain.length === all.length) return
    this.stored += all.length - plain.length
    this.unread = true
    this.waiting.clear()
    for (const message of plain) this.waiting.push(message)
  }

  #count(message: Outgoing): void {
    message.counted = true
    this.used++
  }

  /** Sent again: it takes up quota like a new one. */
  recount(message: Outgoing): void {
    if (!message.counted) this.#count(message)
  }

  /** The next one to be sent again: not what was acknowledged since this connection began. */
  nextAgain(): Outgoing | undefined {
    let message = this.again.peek()
    while (message && this.inflight.get(message.messageId) !== message) {
      this.again.shift()
      message = this.again.peek()
    }
    return message
  }

  /** Acknowledged: its identifier and its quota are free. */
  settle(message: Outgoing): void {
    this.inflight.delete(message.messageId)
    // Whoever changed a payload on its way must not leave the line closed for ever.
    this.inflightBytes = this.inflight.size === 0 ? 0 : this.inflightBytes - message.packet.payloadLength
    if (message.counted) this.used--
    message.counted = false
  }

  /** Brings back what a backend kept. */
  restore(messages: readonly OutgoingMessage[]): void {
    for (const message of messages) {
      const own = Outgoing.from(message)
      this.inflight.set(message.messageId, own)
      this.inflightBytes += own.packet.payloadLength
      this.#lastId = Math.max(this.#lastId, message.messageId)
    }
    this.complete = true
  }
}
