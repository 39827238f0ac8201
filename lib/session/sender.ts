import type { Ctx, Store } from '../callbacks.js'
import type { Chain } from '../chain.js'
import type { Client } from '../client.js'
import type { Timer } from '../clock.js'
import type { Stack } from '../stack.js'
import { type AwaitsCommit, CommitGate } from './commit-gate.js'
import type { Drops } from './drops.js'
import type { OutboundLine } from './outbound-line.js'
import type { Outgoing } from './outgoing.js'
import type { Session } from './session.js'
import type { Transmitter } from './transmitter.js'

/** The first byte of a PUBREL. */
const PUBREL = 0x62

/** How long a backend that failed is left alone, in ms. */
const retryDelay = 1000

/**
 * Sends the messages of QoS 1 and 2 of a line, and keeps what is in flight with the backend.
 *
 * To a session that a backend keeps, what begins or ends a QoS 2 delivery goes out when it is durable: a PUBLISH or
 * PUBREL that a crash forgot would be followed by another one, and the message would arrive twice.
 */
export class Sender {
  readonly #stack: Stack
  readonly #drops: Drops
  readonly #transmitter: Transmitter
  readonly #gate: CommitGate
  readonly #store: Chain<Ctx<'storeInflight'>, void>
  readonly #remove: Chain<Ctx<'removeInflight'>, Store<'removeInflight'>>
  #failed: Held[] = []
  #retry: Timer | null = null

  constructor(stack: Stack, drops: Drops, transmitter: Transmitter) {
    this.#stack = stack
    this.#drops = drops
    this.#transmitter = transmitter
    this.#gate = new CommitGate(stack)
    this.#store = stack.chain('storeInflight')
    this.#remove = stack.chain('removeInflight')
  }

  stop(): void {
    this.#retry?.cancel()
  }

  /** The first sending. */
  send(client: Client, session: Session, line: OutboundLine, message: Outgoing): void {
    message.messageId = line.nextId()
    // What comes behind a message that is held is held, too: they arrive in the order they came.
    if ((message.qos === 2 || line.held > 0) && this.#isKept(session) && !this.#gate.isOpen) {
      this.#begin(session, line, message)
      this.#hold(client, session, line, message)
      return
    }
    const lost = this.#transmitter.sendOutgoing(client, message, false, line.aliases)
    if (lost === null) this.#begin(session, line, message)
    else this.#drops.tell(client, session.id, message.packet, lost)
  }

  sendAgain(client: Client, session: Session, line: OutboundLine, message: Outgoing): void {
    if (message.released) {
      client.write({ cmd: 'pubrel', messageId: message.messageId, reasonCode: 0 })
      return
    }
    // Once sent it does not expire [5.0 MQTT-4.3.3-7]; too large for the new connection, it is over.
    const lost = this.#transmitter.sendOutgoing(client, message, true, line.aliases)
    if (lost === null) {
      line.recount(message)
      return
    }
    this.settle(session, line, message)
    this.#drops.tell(client, session.id, message.packet, lost)
  }

  /** PUBREC has come: PUBREL is what to send, again and again. */
  release(client: Client, session: Session, line: OutboundLine, message: Outgoing): void {
    const isNew = !message.released
    message.released = true
    if (!this.#isKept(session)) {
      this.#sendRelease(client, message.messageId)
      return
    }
    if (isNew) this.#store.tell({ clientId: session.id, message }, undefined)
    if (this.#gate.isOpen) this.#sendRelease(client, message.messageId)
    else this.#hold(client, session, line, message)
  }

  settle(session: Session, line: OutboundLine, message: Outgoing): void {
    line.settle(message)
    if (!this.#isKept(session)) return
    this.#remove.tell({ clientId: session.id, messageId: message.messageId }, { existed: false })
  }

  /** @internal The commit of what was held is over; nobody knows what has happened to the connection meanwhile. */
  committed(held: Held, err: Error | null): void {
    const { client, session, line, message, released } = held
    line.held--
    if (session.client !== client || client.state !== 'connected') return
    if (line.inflight.get(message.messageId) !== message || released !== message.released) return
    // What comes behind one that has to wait waits, too.
    if (err !== null || line.failing > 0) {
      this.#again(held)
      return
    }
    if (released) {
      this.#sendRelease(client, message.messageId)
      return
    }
    const lost = this.#transmitter.sendOutgoing(client, message, false, line.aliases)
    if (lost === null) return
    this.settle(session, line, message)
    this.#drops.tell(client, session.id, message.packet, lost)
  }

  #hold(client: Client, session: Session, line: OutboundLine, message: Outgoing): void {
    line.held++
    this.#gate.add(new Held(this, client, session, line, message))
  }

  /** It was accepted, so it is not lost: it waits until the backend is well. */
  #again(held: Held): void {
    held.line.held++
    held.line.failing++
    if (this.#failed.push(held) > 1) return
    this.#retry = this.#stack.clock.after(retryDelay, () => {
      const failed = this.#failed
      this.#failed = []
      for (const one of failed) {
        one.line.failing--
        this.#gate.add(one)
      }
    })
  }

  #begin(session: Session, line: OutboundLine, message: Outgoing): void {
    line.add(message)
    if (this.#isKept(session)) this.#store.tell({ clientId: session.id, message }, undefined)
  }

  #isKept(session: Session): boolean {
    return session.persistent && this.#store.size > 0
  }

  #sendRelease(client: Client, messageId: number): void {
    if (this.#stack.hasOutgoing) client.write({ cmd: 'pubrel', messageId, reasonCode: 0 })
    else client.acknowledge(PUBREL, messageId)
  }
}

/** A PUBLISH, or a PUBREL, that waits for its commit. */
class Held implements AwaitsCommit {
  readonly #sender: Sender
  readonly client: Client
  readonly session: Session
  readonly line: OutboundLine
  readonly message: Outgoing
  readonly released: boolean

  constructor(sender: Sender, client: Client, session: Session, line: OutboundLine, message: Outgoing) {
    this.#sender = sender
    this.client = client
    this.session = session
    this.line = line
    this.message = message
    this.released = message.released
  }

  committed(err: Error | null): void {
    this.#sender.committed(this, err)
  }
}
