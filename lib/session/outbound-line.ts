import type { OutgoingMessage } from '../backend.js'
import type { Client } from '../client.js'
import type { Publish } from '../codec/publish.js'
import type { SharedGroup } from '../topics/index.js'
import { OutboundAliases } from './outbound-aliases.js'
import { Queue } from './queue.js'
import type { Session } from './session.js'

/** A message on its way to a session. */
export interface Outgoing extends OutgoingMessage {
  packet: Publish
  /** The shared group that chose this session; another member gets it when the session ends first. */
  group?: SharedGroup<Session> | null
  /** It takes up quota of the connection under way. */
  counted?: boolean
}

/**
 * The one ordered line of messages to a session: what waits, then what is in flight, then nothing. The window is of
 * the connection, the rest outlives it.
 */
export class OutboundLine {
  /** By packet identifier, in the order of their first sending [5.0 MQTT-4.6.0-1]. */
  readonly inflight = new Map<number, Outgoing>()
  /** What waits in memory: of sessions that end with their connection. */
  readonly waiting = new Queue<Outgoing>()
  /** What waits in the backend: how many, as far as known, and whether there may be more. */
  stored = 0
  unread = false
  loading = false
  /** Bytes that wait. */
  bytes = 0
  /** In flight since before this connection, to be sent again. */
  readonly again = new Queue<Outgoing>()
  /** How many may be in flight on this connection, and how many are [5.0 MQTT-4.9.0-1]. */
  window = 0
  used = 0
  aliases: OutboundAliases | null = null
  #lastId = 0

  /** How many messages wait. */
  get backlog(): number {
    return this.stored + this.waiting.size
  }

  /** Nothing is before the next message: it may go out at once. */
  get isClear(): boolean {
    return this.used < this.window && !this.unread && this.waiting.size === 0 && this.again.size === 0
  }

  /** Starts anew with a connection. */
  open(client: Client, maximumInflight: number, aliases: boolean): void {
    this.window = Math.min(client.receiveMaximum, maximumInflight)
    this.used = 0
    this.aliases =
      aliases && client.topicAliasMaximum > 0 ? new OutboundAliases(client.topicAliasMaximum) : null
    this.again.clear()
    for (const message of this.inflight.values()) {
      message.counted = false
      this.again.push(message)
    }
  }

  close(): void {
    this.window = 0
    this.used = 0
    this.aliases = null
    this.again.clear()
  }

  /** An identifier that is not in use [5.0 MQTT-2.2.1-4]; 0 when all are. */
  nextId(): number {
    for (let tries = 0; tries < 65_535; tries++) {
      this.#lastId = this.#lastId === 65_535 ? 1 : this.#lastId + 1
      if (!this.inflight.has(this.#lastId)) return this.#lastId
    }
    return 0
  }

  add(message: Outgoing): void {
    this.inflight.set(message.messageId, message)
    this.#count(message)
  }

  #count(message: Outgoing): void {
    message.counted = true
    this.used++
  }

  /** Sent again: it takes up quota like a new one. */
  recount(message: Outgoing): void {
    if (!message.counted) this.#count(message)
  }

  /** Acknowledged: its identifier and its quota are free. */
  settle(message: Outgoing): void {
    this.inflight.delete(message.messageId)
    if (message.counted) this.used--
  }

  /** Brings back what a backend kept. */
  restore(messages: readonly Outgoing[]): void {
    for (const message of messages) {
      this.inflight.set(message.messageId, message)
      this.#lastId = Math.max(this.#lastId, message.messageId)
    }
  }
}
