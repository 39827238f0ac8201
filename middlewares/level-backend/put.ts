import type { OutgoingMessage, QoS } from '../../lib/index.js'
import { type Payload, payloadBytes } from './payload.js'

/** A value on its way to disk. */
export interface Put {
  /** The disk has nothing under this key: removed before it is written, nothing has to be done. */
  fresh: boolean
  /** null until it is written: what is removed before costs no encoding. */
  bytes: Uint8Array | null
}

/** A message of a session on its way to disk; what is in flight is remembered in this form. */
export class MessagePut implements Put {
  fresh = true
  bytes: Uint8Array | null = null
  /** Until it is written. */
  payload: Payload | null
  /** When it was written: the id of a content of several, 0 when its own is in the record. */
  reference = 0
  readonly size: number
  readonly qos: QoS
  readonly retain: boolean
  readonly identifiers: readonly number[] | null
  /** Where it stands among those in flight; 0 for one that waits. */
  readonly order: number
  released: boolean
  /** That it was released is a record of its own. */
  releasedApart = false

  constructor(
    payload: Payload | null,
    size: number,
    message: Omit<OutgoingMessage, 'packet'>,
    order: number
  ) {
    this.payload = payload
    this.size = size
    this.qos = message.qos
    this.retain = message.retain
    this.identifiers = message.identifiers
    this.order = order
    this.released = message.released
  }

  static of(payload: Payload, message: OutgoingMessage, order: number): MessagePut {
    return new MessagePut(payload, payloadBytes(message.packet), message, order)
  }
}

export function put(bytes: Uint8Array): Put {
  return { fresh: true, bytes }
}
