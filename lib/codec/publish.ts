import type { PublishPacket, PublishProperties, QoS } from '../packets.js'
import { maximumTopicBytes, Topic } from '../topics/index.js'
import { encodePublishBody } from './publish-body.js'

const nothing = Buffer.alloc(0)

/** Where the parts of an encoded PUBLISH are, as offsets into its buffer. */
export interface Frame {
  readonly buf: Buffer
  /** The first byte of the fixed header. */
  readonly start: number
  /** The two bytes of the topic's length. */
  readonly topicAt: number
  /** After topic and packet identifier: the property length in MQTT 5, else the payload. */
  readonly bodyAt: number
  readonly payloadAt: number
  readonly end: number
  /** Whether it is in the form of MQTT 5, with properties. */
  readonly v5: boolean
}

/**
 * A PUBLISH as it came: the bytes of its frame and where things are in them. Topic and flags are at hand, the
 * payload is a view that is made when somebody looks. Whoever changes topic, payload or properties by assignment
 * makes it encode itself again; `properties` is frozen so that a change of one field cannot go unnoticed.
 */
export class Publish implements PublishPacket {
  /** What the sender wants acknowledged, whatever `qos` was lowered to since. */
  readonly wireQos: QoS
  qos: QoS
  retain: boolean
  readonly dup: boolean
  readonly messageId: number
  /** Milliseconds since the epoch when it expires, 0 for never. */
  expiresAt: number
  /** @internal Interned; carries the router's cached match. */
  source: Topic
  /** @internal Whether the frame may be copied as it is: no topic alias, no expiry, nothing changed. */
  plain: boolean
  /** @internal */
  buf: Buffer
  /** @internal */
  start: number
  /** @internal */
  topicAt: number
  /** @internal */
  bodyAt: number
  /** @internal */
  payloadAt: number
  /** @internal */
  end: number
  /** @internal */
  v5: boolean
  #properties: PublishProperties | undefined
  /** The properties as they are forwarded: no alias, no expiry; encoded when first needed. */
  #forwarded: Buffer | null = null
  #frame: Uint8Array | null = null

  /** Takes the frame as it is; the decoder has checked it. */
  constructor(flags: number, source: Topic, messageId: number, frame: Frame) {
    const qos = ((flags >> 1) & 3) as QoS
    this.wireQos = qos
    this.qos = qos
    this.retain = (flags & 1) === 1
    this.dup = (flags & 8) === 8
    this.messageId = messageId
    this.expiresAt = 0
    this.source = source
    this.plain = true
    this.buf = frame.buf
    this.start = frame.start
    this.topicAt = frame.topicAt
    this.bodyAt = frame.bodyAt
    this.payloadAt = frame.payloadAt
    this.end = frame.end
    this.v5 = frame.v5
  }

  get cmd(): 'publish' {
    return 'publish'
  }

  get topic(): string {
    return this.source.name
  }

  /** Rewrites the topic. Of the new name only the length is checked here: see isTopicName(). */
  set topic(name: string) {
    if (name === this.source.name) return
    this.source = looseTopic(name)
    this.plain = false
  }

  /** A view of the bytes received: copy what you keep, or keep the packet after detach(). */
  get payload(): Buffer {
    return this.payloadAt === this.end ? nothing : this.buf.subarray(this.payloadAt, this.end)
  }

  set payload(payload: Buffer) {
    this.plain = false
    this.buf = payload
    this.payloadAt = 0
    this.end = payload.length
  }

  /** @internal A view of the whole frame, made once and copied to each receiver of a plain packet. */
  frame(): Uint8Array {
    this.#frame ??= new Uint8Array(this.buf.buffer, this.buf.byteOffset + this.start, this.end - this.start)
    return this.#frame
  }

  /** @internal */
  copyPayload(into: Buffer, at: number): void {
    const { buf, payloadAt, end } = this
    if (end - payloadAt > 64) into.set(buf.subarray(payloadAt, end), at)
    else for (let from = payloadAt, to = at; from < end; from++, to++) into[to] = buf[from]!
  }

  get payloadLength(): number {
    return this.end - this.payloadAt
  }

  /** Frozen: to change one, assign a new object. When the message expires is not taken from them but `expiresAt`. */
  get properties(): PublishProperties | undefined {
    return this.#properties
  }

  set properties(properties: PublishProperties | undefined) {
    this.plain = false
    this.#forwarded = null
    this.#properties = properties && Object.freeze(properties)
  }

  /** @internal For the decoder, which knows whether the frame still is what goes out. */
  received(properties: PublishProperties, plain: boolean): void {
    this.#properties = Object.freeze(properties)
    this.plain = plain
  }

  /** @internal The encoded properties without alias, expiry and subscription identifiers; no length before them. */
  forwardedProperties(): Buffer {
    this.#forwarded ??= this.#properties === undefined ? nothing : encodePublishBody(this.#properties)
    return this.#forwarded
  }

  /** @internal Bytes of the properties that go out with every copy. */
  get forwardedSize(): number {
    return this.#properties === undefined ? 0 : this.forwardedProperties().length
  }

  get hasProperties(): boolean {
    return this.#properties !== undefined
  }

  /**
   * Copies the bytes out of the chunk they came in, once, so that a message that is kept (retained, queued, in
   * flight) never holds a whole chunk in memory. `pooled`: small ones share blocks of 8 KiB, which is much faster and
   * right for what is kept in large numbers and not for long. Returns itself.
   */
  detach(pooled = false): this {
    const { buf, end } = this
    const from = this.plain ? this.start : this.payloadAt
    const length = end - from
    // What the view is of counts, not its length: a chunk may itself be a part of something larger.
    const held = buf.buffer.byteLength
    if (held === length || (pooled && held <= Buffer.poolSize)) return this
    this.#frame = null
    if (length === 0) this.buf = nothing
    else this.buf = pooled ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length)
    buf.copy(this.buf, 0, from, end)
    this.start -= from
    this.topicAt -= from
    this.bodyAt -= from
    this.payloadAt -= from
    this.end -= from
    return this
  }

  /** A copy that may be changed without changing this one. Shares the bytes. */
  clone(): Publish {
    const flags = (this.wireQos << 1) | (this.retain ? 1 : 0) | (this.dup ? 8 : 0)
    const copy = new Publish(flags, this.source, this.messageId, this)
    copy.qos = this.qos
    copy.plain = this.plain
    copy.expiresAt = this.expiresAt
    copy.#properties = this.#properties
    copy.#forwarded = this.#forwarded
    return copy
  }

  /** A message made here: from a publish call, a will, a backend. */
  static from(
    packet: Partial<PublishPacket> & { topic: string },
    source: Topic = looseTopic(packet.topic)
  ): Publish {
    const payload = packet.payload ?? nothing
    const flags = ((packet.qos ?? 0) << 1) | (packet.retain ? 1 : 0) | (packet.dup ? 8 : 0)
    const end = payload.length
    const made = new Publish(flags, source, packet.messageId ?? 0, {
      ...{ buf: payload, start: 0, topicAt: 0, bodyAt: 0, payloadAt: 0, end, v5: true }
    })
    made.plain = false
    made.expiresAt = packet.expiresAt ?? 0
    if (packet.properties) made.#properties = Object.freeze({ ...packet.properties })
    return made
  }
}

/** The packet as a Publish, made from it when it is a plain object. */
export function asPublish(packet: PublishPacket): Publish {
  return packet instanceof Publish ? packet : Publish.from(packet)
}

function looseTopic(name: string): Topic {
  const bytes = Buffer.from(name)
  // Its length would not fit into the frame and everything after it would be read wrongly.
  if (bytes.length > maximumTopicBytes) {
    throw new RangeError(`a topic of ${bytes.length} bytes: MQTT carries at most ${maximumTopicBytes}`)
  }
  return new Topic(name, bytes)
}
