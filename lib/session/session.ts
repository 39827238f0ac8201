import type { Subscription } from '../callbacks.js'
import type { Client } from '../client.js'
import type { SlotHolder } from '../slot.js'

/** Session Expiry Interval: never (MQTT 5.0, 3.1.2.11.2). */
export const NEVER = 0xffff_ffff

/**
 * The state of one client id that may outlive its connections: who is connected, what it is subscribed to, when it
 * ends. What middlewares keep with it (queues, windows) is in slots.
 */
export class Session implements SlotHolder {
  readonly id: string
  /** The connection that owns it now; null while nobody is connected. */
  client: Client | null = null
  /** Seconds the session outlives its connection; NEVER does not expire. */
  expiryInterval = 0
  /** Milliseconds since the epoch when it ends; 0 while a client is connected or when it never expires. */
  expiresAt = 0
  /** By topic filter as the client sent it. */
  readonly subscriptions = new Map<string, Subscription>()
  /** Whether a message for it goes out at once; a shared group passes over members that are not ready. */
  ready = false
  /** It is over: nothing may be kept for it any more. */
  ended = false
  readonly slots: unknown[] = []

  constructor(id: string) {
    this.id = id
  }

  /** Whether it outlives its connection, so that it has to be stored. */
  get persistent(): boolean {
    return this.expiryInterval > 0
  }
}
