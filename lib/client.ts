import type { Duplex } from 'node:stream'
import type { PeerCertificate } from 'node:tls'
import { claimedVersion } from './codec/claimed-version.js'
import type { InboundAliases } from './codec/inbound-aliases.js'
import { decode, encodedSize, encodeInto } from './codec/index.js'
import { decodePublish, type PublishSource } from './codec/publish-decode.js'
import type { Counters } from './counters.js'
import { MqttError, toError } from './errors.js'
import { fit } from './fit.js'
import type { Next } from './flow.js'
import { FrameReader, type FrameSink } from './frame-reader.js'
import type { ConnackPacket, Packet, Version } from './packets.js'
import { redirection } from './problem.js'
import { legalReason, type ReasonName } from './reasons.js'
import { SafeEmitter } from './safe-emitter.js'
import type { Session } from './session/session.js'
import type { SlotHolder } from './slot.js'
import type { Stack } from './stack.js'
import type { TopicTable } from './topics/index.js'
import { HIGH_WATER_MARK, Writer } from './writer.js'

/** No CONNECT needs more: a stranger does not get the memory of a large message. */
const largestConnect = 1_048_576

/** Bytes of answers that may wait for a peer before it is not read from any more. */
const mostUnread = 4 * HIGH_WATER_MARK

/** Where a connection comes from. */
export interface ConnectionInfo {
  /** The name of the listener: `tcp`, `tls`, `ws`, `wss`, `unix`, or one of your own. */
  listener?: string
  transport?: 'tcp' | 'tls' | 'ws' | 'wss' | 'unix' | 'stream'
  remoteAddress?: string
  remotePort?: number
  /** Of a TLS client that showed a certificate which was verified. */
  certificate?: PeerCertificate
  /** Comes from this machine: a loopback address or a Unix socket. */
  local?: boolean
  /** Clients without credentials are let in here; overrides the option of Authentication. */
  allowAnonymous?: boolean
}

export interface ClientEvents {
  close: [err: Error | null]
  drain: []
  error: [err: Error]
}

/** 'new' until CONNACK, 'closing' while the last bytes go out. */
export type ClientState = 'new' | 'connected' | 'closing' | 'closed'

/** One network connection and what its CONNECT agreed on. */
export class Client extends SafeEmitter<ClientEvents> implements SlotHolder, FrameSink, PublishSource {
  readonly stack: Stack
  readonly info: ConnectionInfo
  readonly slots: unknown[] = []
  readonly writer: Writer
  /** Milliseconds since the epoch. */
  readonly connectedAt: number
  /** When the last whole packet came; keep-alive is judged by it. */
  lastPacketAt: number
  /** When the last bytes of a packet came that is not whole yet; 0 when there is none. */
  halfPacketAt = 0
  state: ClientState = 'new'
  /** Why the connection ended; null while it is open and after a clean end. */
  closedBy: Error | null = null
  /** '' until CONNECT. */
  id = ''
  version: Version = 4
  /** A CONNECT said which version it speaks; before that the peer may not speak MQTT at all. */
  claimed = false
  username: string | undefined = undefined
  session: Session | null = null
  /** CONNECT announced: seconds. */
  keepalive = 0
  /** What the peer takes: unacknowledged QoS 1 and 2 messages, bytes a packet, topic aliases. */
  receiveMaximum = 65_535
  maximumPacketSize = 0xffff_ffff
  topicAliasMaximum = 0
  /** Whether acks may carry reason strings and user properties [5.0 MQTT-3.1.2-29]. */
  problemInformation = true
  /** While a CONNECT is on its way down: what will be answered. Middlewares add their properties. */
  connack: ConnackPacket | null = null
  aliases: InboundAliases | null = null
  /** Over its high-water mark: it reads slower than others write. */
  congested = false
  packetsReceived = 0
  readonly #stream: Duplex
  readonly #reader: FrameReader
  #busy = false
  #holds = 0
  /** It asks and asks and reads no answers: it is not heard until it does. Keep-alive goes on meanwhile. */
  #choked = false
  /** Its CONNECT was accepted: it may send packets of any size that is allowed. */
  #trusted = false

  constructor(stack: Stack, stream: Duplex, info: ConnectionInfo) {
    super()
    this.stack = stack
    this.info = info
    this.#stream = stream
    this.#reader = new FrameReader(this, Math.min(largestConnect, stack.options.maximumPacketSize))
    this.writer = new Writer(stream, stack.flusher, stack.outputPool, this)
    this.connectedAt = this.lastPacketAt = stack.clock.now()
    stream.on('data', (chunk: Buffer) => this.#data(chunk))
    stream.on('drain', () => this.#drained())
    stream.on('error', err => this.#lost(err))
    stream.on('end', () => this.#ended())
    stream.on('close', () => this.#lost(null))
  }

  get topics(): TopicTable {
    return this.stack.topics
  }

  get counters(): Counters {
    return this.stack.counters
  }

  now(): number {
    return this.stack.clock.now()
  }

  get isOpen(): boolean {
    return this.state === 'new' || this.state === 'connected'
  }

  /** Bytes sent to the peer since the connection was made. */
  get bytesWritten(): number {
    return this.writer.bytesWritten
  }

  /**
   * Sends a packet at the end of this turn. False when the peer reads slower than is written: wait for 'drain'.
   * `done` is called exactly once, with an error when the connection is gone or the packet too large for the peer.
   * Never throws: a packet that cannot be encoded, or a hook that fails, ends the connection and is reported.
   */
  write(packet: Packet, done?: Next): boolean {
    const err = this.isOpen ? this.#put(packet) : this.#gone()
    done?.(err)
    return this.isOpen && !this.congested
  }

  /** The short form of an acknowledgement that says all is well: `first` is its first byte. */
  acknowledge(first: number, messageId: number): void {
    // Four bytes [5.0 MQTT-3.1.2-24].
    if (!this.isOpen || this.maximumPacketSize < 4) return
    const at = this.writer.reserve(4)
    const { buf } = this.writer
    buf[at] = first
    buf[at + 1] = 2
    buf[at + 2] = messageId >> 8
    buf[at + 3] = messageId & 255
  }

  /**
   * Ends the connection; MQTT 5 peers that are connected get a DISCONNECT with the reason first. Everything that
   * follows from it (wills, sessions) has happened when it returns.
   */
  close(reason?: ReasonName | MqttError): void {
    if (!this.isOpen) return
    const err =
      typeof reason === 'string' ? new MqttError(reason, undefined, { fatal: true }) : (reason ?? null)
    this.#end(err, err && this.state === 'connected' && this.version === 5 ? disconnectFor(err) : null)
  }

  /** Answers a CONNECT that is refused and ends the connection [5.0 MQTT-3.2.2-7]. */
  refuse(connack: ConnackPacket, err: MqttError | null): void {
    if (this.isOpen) this.#end(err, connack)
  }

  /** Ends the connection without a word: the peer would not understand one. */
  drop(err: MqttError): void {
    if (this.isOpen) this.#end(err, null)
  }

  /** Whether it is kept from sending: a packet of it waits, or others cannot read what it publishes. */
  get isHeld(): boolean {
    return this.#busy || this.#holds > 0
  }

  /** Stops reading from this client until as many release() calls: it publishes faster than others read. */
  hold(): void {
    this.#holds++
    if (this.isOpen) this.#stream.pause()
  }

  /** It goes on in a turn of its own: who releases it may be in the middle of something. */
  release(): void {
    if (this.#holds === 0) return
    this.#holds--
    if (this.#holds === 0) this.stack.clock.defer(() => this.#goOn())
  }

  /** @internal A packet that had to wait has settled. */
  settled(): void {
    this.#busy = false
    if (!this.#trusted) this.#trust()
    this.#goOn()
  }

  /** @internal */
  destroy(): void {
    this.#stream.destroy()
  }

  /** @internal What the frames of this connection have to keep to from now on. */
  speak(version: Version): void {
    this.claimed = true
    this.version = version
    this.#reader.strict = version === 5
  }

  /** @internal */
  frame(buf: Buffer, start: number, bodyAt: number, end: number): boolean {
    const first = buf[start]!
    const type = first >> 4
    this.packetsReceived++
    let packet: Packet
    if (type === 3) {
      packet = decodePublish(buf, start, bodyAt, end, this)
    } else {
      if (type === 1 && !this.claimed) {
        const version = claimedVersion(buf, bodyAt, end)
        if (version) this.speak(version)
        // The reader could not know: the packet that says it is MQTT 5 has to keep to it itself.
        if (version === 5 && bodyAt - start > 2 && buf[bodyAt - 1] === 0) {
          throw new MqttError(
            'MalformedPacket',
            'a remaining length is longer than needed [5.0 MQTT-1.5.5-1]'
          )
        }
      }
      packet = decode(type, first & 15, buf, bodyAt, end, this.version)
    }
    this.#busy = !this.stack.receive(this, packet, type)
    if (!this.#trusted) this.#trust()
    this.#choked = this.congested && this.writer.pending > mostUnread
    if (!this.#busy && this.#holds === 0 && !this.#choked) return true
    // One that was closed meanwhile has to be read to its end.
    if (this.isOpen) this.#stream.pause()
    return false
  }

  /** @internal What is no MqttError is a fault of ours: it is reported also when the peer is gone. */
  broken(err: Error): void {
    if (this.isOpen || !(err instanceof MqttError)) this.stack.refuse(this, null, err)
  }

  /** @internal */
  overflowing(): void {
    this.congested = true
    this.stack.overflowing(this)
  }

  protected override listenerFailed(err: Error): void {
    this.stack.emit('error', err, this, null)
  }

  #trust(): void {
    if (this.state !== 'connected') return
    this.#trusted = true
    this.#reader.limit = this.stack.options.maximumPacketSize
  }

  #data(chunk: Buffer): void {
    const before = this.packetsReceived
    this.stack.counters.bytesReceived += chunk.length
    this.#reader.push(chunk)
    const { hasHalf } = this.#reader
    this.halfPacketAt = hasHalf ? this.stack.clock.now() : 0
    if (this.packetsReceived === before) return
    this.lastPacketAt = hasHalf ? this.halfPacketAt : this.stack.clock.now()
  }

  #goOn(): void {
    if (this.#busy || this.#holds > 0 || this.#choked || !this.isOpen) return
    const before = this.packetsReceived
    if (this.#reader.resume()) this.#stream.resume()
    if (this.packetsReceived !== before) this.lastPacketAt = this.stack.clock.now()
  }

  #drained(): void {
    if (!this.congested) return
    this.congested = false
    if (this.#choked) {
      this.#choked = false
      this.#goOn()
    }
    this.stack.drained(this)
    this.emit('drain')
  }

  /** What became of a packet: null when it is on its way, or when a hook dropped it. */
  #put(packet: Packet): Error | null {
    try {
      const hooked = this.stack.outgoing(this, packet)
      if (this.writer.isClosed) return this.#gone()
      const fitting = hooked && fit(hooked, this)
      if (fitting) {
        const size = encodedSize(fitting, this.version)
        const at = this.writer.reserve(size)
        encodeInto(fitting, this.version, this.writer.buf, at)
      }
      return hooked && !fitting ? new MqttError('PacketTooLarge') : null
    } catch (thrown) {
      const err = toError(thrown)
      this.stack.refuse(this, null, err)
      return err
    }
  }

  #gone(): MqttError {
    return new MqttError('UnspecifiedError', `client ${this.id || '(new)'} is gone`)
  }

  #end(err: MqttError | null, last: Packet | null): void {
    // First of all: hooks that see the last packet may want to close, too.
    this.state = 'closing'
    if (last) this.#put(last)
    this.#reader.close()
    this.writer.end()
    // What still comes is read and thrown away: unread bytes would turn the close into a reset.
    this.#stream.resume()
    this.stack.gone(this, err)
  }

  /** The peer says no more. While the last bytes go out to it that changes nothing. */
  #ended(): void {
    if (this.state !== 'closing') this.#lost(null)
  }

  #lost(err: Error | null): void {
    const { state } = this
    if (state === 'closed') return
    this.state = 'closed'
    this.#reader.close()
    this.writer.close()
    this.#stream.destroy()
    if (state !== 'closing') this.stack.gone(this, err)
    this.stack.forget(this)
    this.emit('close', this.closedBy)
  }
}

function disconnectFor(err: MqttError): Packet {
  return {
    cmd: 'disconnect',
    reasonCode: legalReason(err.reason, 'disconnect'),
    properties: redirection(err)
  }
}
