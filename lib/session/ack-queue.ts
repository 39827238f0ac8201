import type { Client } from '../client.js'
import { MqttError } from '../errors.js'
import { Reason } from '../reasons.js'
import type { AwaitsCommit } from './commit-gate.js'

/** The first byte of each acknowledgement of what a client sends. */
export const PUBACK = 0x40
export const PUBREC = 0x50
export const PUBCOMP = 0x70

/** Acknowledgements that may wait for their commit before the client has to wait, too. */
const many = 8192

/** An acknowledgement that waits for its commit. */
class PendingAck implements AwaitsCommit {
  readonly first: number
  readonly messageId: number
  reasonCode: number
  ready = false
  readonly #queue: AckQueue

  constructor(queue: AckQueue, first: number, messageId: number, reasonCode: number) {
    this.#queue = queue
    this.first = first
    this.messageId = messageId
    this.reasonCode = reasonCode
  }

  committed(err: Error | null): void {
    this.#queue.settled(this, err)
  }
}

/**
 * Acknowledgements of one connection that wait for their commits. They go out in the order of what they acknowledge
 * [5.0 MQTT-4.6.0-2].
 */
export class AckQueue {
  readonly #client: Client
  /** Told of QoS 2 messages that are refused: their identifiers are free again [5.0 MQTT-4.3.3-9]. */
  readonly #freed: (messageId: number) => void
  /** PUBACKs among them: they count against the receive maximum. */
  pubacks = 0
  #waiting: PendingAck[] = []
  #head = 0
  /** The client is kept from sending more. */
  #held = false

  constructor(client: Client, freed: (messageId: number) => void) {
    this.#client = client
    this.#freed = freed
  }

  get size(): number {
    return this.#waiting.length - this.#head
  }

  /** To be handed to whoever commits. */
  add(first: number, messageId: number, reasonCode: number): AwaitsCommit {
    const ack = new PendingAck(this, first, messageId, reasonCode)
    this.#waiting.push(ack)
    if (first === PUBACK) this.pubacks++
    if (!this.#held && this.size >= many) {
      this.#held = true
      this.#client.hold()
    }
    return ack
  }

  /** @internal */
  settled(ack: PendingAck, err: Error | null): void {
    if (err !== null && !this.#refuse(ack, err)) return
    ack.ready = true
    while (this.#head < this.#waiting.length && this.#waiting[this.#head]!.ready) {
      this.#send(this.#waiting[this.#head++]!)
    }
    if (this.#head === this.#waiting.length) {
      this.#waiting = []
      this.#head = 0
    } else if (this.#head > 1024) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }

  /**
   * What could not be stored is not acknowledged. MQTT 5 can say so; any other publisher loses its connection, and sends
   * the message again on the next one. PUBCOMP has no such code, either.
   */
  #refuse(ack: PendingAck, cause: Error): boolean {
    const client = this.#client
    const err = notStored(cause)
    if (client.version !== 5 || ack.first === PUBCOMP) {
      client.close(new MqttError(err.reasonName, err.message, { fatal: true, cause }))
      return false
    }
    ack.reasonCode = err.reason
    if (ack.first === PUBREC) this.#freed(ack.messageId)
    return true
  }

  #send({ first, messageId, reasonCode }: PendingAck): void {
    if (first === PUBACK) this.pubacks--
    acknowledge(this.#client, first, messageId, reasonCode)
    if (!this.#held || this.size > many / 2) return
    this.#held = false
    this.#client.release()
  }
}

/** Puts an acknowledgement on the wire. */
export function acknowledge(client: Client, first: number, messageId: number, reasonCode: number): void {
  if (reasonCode === 0 && !client.stack.hasOutgoing) {
    client.acknowledge(first, messageId)
    return
  }
  const cmd = first === PUBACK ? 'puback' : first === PUBREC ? 'pubrec' : 'pubcomp'
  client.write({ cmd, messageId, reasonCode })
}

/** 0x97 for want of room, else 0x80. */
export function notStored(cause: Error): MqttError {
  const isFull = cause instanceof MqttError && cause.reason === Reason.QuotaExceeded
  return new MqttError(isFull ? 'QuotaExceeded' : 'UnspecifiedError', 'it could not be stored', { cause })
}
