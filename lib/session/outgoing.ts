import type { OutgoingMessage } from '../backend.js'
import { asPublish, type Publish } from '../codec/publish.js'
import type { QoS } from '../packets.js'
import type { SharedGroup } from '../topics/index.js'
import type { Session } from './session.js'

/**
 * A message of QoS 1 or 2 on its way to a session.
 *
 * A class and not an object literal: V8 notices when what a literal makes lives for a while and makes it in old space
 * from then on, where, once settled, it keeps its message alive until a full collection. That doubled the cost of QoS 1.
 */
export class Outgoing implements OutgoingMessage {
  packet: Publish
  readonly qos: QoS
  readonly retain: boolean
  readonly identifiers: readonly number[] | null
  messageId = 0
  released = false
  /** Where it is in the queue of the backend, while it waits there and at hand. */
  key: string | number | null = null
  /** It takes up quota of the connection under way. */
  counted = false
  /** The shared group that chose this session; another member gets it when the session ends first. */
  readonly group: SharedGroup<Session> | null

  constructor(
    packet: Publish,
    qos: QoS,
    retain: boolean,
    identifiers: readonly number[] | null,
    group: SharedGroup<Session> | null
  ) {
    this.packet = packet
    this.qos = qos
    this.retain = retain
    this.identifiers = identifiers
    this.group = group
  }

  /** What a backend kept, as it is sent. */
  static from(kept: OutgoingMessage): Outgoing {
    const { packet, qos, retain, identifiers, messageId, released } = kept
    const { group = null } = kept as Partial<Outgoing>
    const own = new Outgoing(asPublish(packet), qos, retain, identifiers, group)
    own.messageId = messageId
    own.released = released
    return own
  }
}
