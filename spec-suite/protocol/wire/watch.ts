import type mqtt from 'mqtt-packet'
import { code } from '../breach.js'
import type { Version } from '../version.js'
import { decode } from './decode.js'
import { Deliveries } from './deliveries.js'
import { Frames } from './frames.js'
import { Owed } from './owed.js'
import { Broken } from './reader.js'
import { type Received, serverPackets } from './received.js'
import { wordyRules } from './rules.js'
import { Sent } from './sent.js'
import { type Rule, rules, type Violation, violation } from './violation.js'

/** What the client said in CONNECT that it takes. */
export interface ClientLimits {
  maximumPacketSize: number
  receiveMaximum: number
  topicAliasMaximum: number
  problemInformation: boolean
  responseInformation: boolean
  authenticationMethod: string | null
}

/**
 * Looks at everything that goes over one connection, and notes whatever no broker may send: in every case, whatever
 * the case is about.
 */
export class Watch {
  readonly violations: Violation[] = []
  readonly limits: ClientLimits = {
    ...{ maximumPacketSize: 0xffff_ffff, receiveMaximum: 65_535, topicAliasMaximum: 0 },
    ...{ problemInformation: true, responseInformation: false, authenticationMethod: null }
  }
  /** Topics that the client sent retained messages to. */
  readonly retained = new Set<string>()
  /** Why nothing may come any more. */
  over: string | null = null
  readonly #version: Version
  readonly #told: (packet: Received) => void
  readonly #isOwn: (topic: string) => boolean
  readonly #frames: Frames
  readonly #sent: Sent
  readonly #owed: Owed
  readonly #deliveries: Deliveries
  #connacks = 0

  /** `isOwn`: which topics are those of the case. What comes on others by a wide filter is not judged. */
  constructor(version: Version, told: (packet: Received) => void, isOwn = (_topic: string): boolean => true) {
    this.#version = version
    this.#told = told
    this.#isOwn = isOwn
    const wrong = (text: string, rule?: Rule) => this.#wrong(text, rule)
    this.#owed = new Owed(wrong)
    this.#deliveries = new Deliveries(version, this.limits, wrong)
    this.#frames = new Frames((frame, bodyAt, minimal) => {
      if (!minimal) this.#wrong('a remaining length is longer than needed', rules.minimal)
      this.#judge(frame, bodyAt)
    })
    this.#sent = new Sent(version, packet => this.#follow(packet))
  }

  /** Bytes that came from the broker. */
  received(bytes: Buffer): void {
    this.#frames.push(bytes)
  }

  /** Bytes that went to the broker. */
  sent(bytes: Buffer): void {
    this.#sent.push(bytes)
  }

  /** Messages that the broker has under way, by their packet identifiers. */
  get open(): ReadonlySet<number> {
    return this.#deliveries.open
  }

  /** The connection is over. */
  closed(): void {
    if (this.#frames.pending > 0 && this.over === null) {
      this.#wrong(
        `the connection ended inside a packet, after ${this.#frames.pending} bytes of it`,
        rules.length
      )
    }
  }

  #wrong(text: string, rule?: Rule): void {
    this.violations.push(violation(this.#version, text, rule))
  }

  #judge(frame: Buffer, bodyAt: number): void {
    const cmd = serverPackets[frame[0]! >> 4]
    if (!cmd || (this.#version === '3.1.1' && (cmd === 'disconnect' || cmd === 'auth'))) {
      this.#wrong(`a server does not send packet type ${frame[0]! >> 4}`, rules.length)
      return
    }
    if (this.over) this.#wrong(`${cmd} came after ${this.over}`, afterEnd(cmd, this.over))
    if (frame.length > this.limits.maximumPacketSize) {
      this.#wrong(`${cmd} of ${frame.length} bytes is over the maximum packet size`, { '5.0': '3.1.2-24' })
    }
    const before = this.violations.length
    try {
      const packet = decode(this.#version, frame, bodyAt, this.violations)
      this.#context(packet)
      packet.foreign = cmd === 'publish' && this.#isForeign(packet)
      // Another case may have sent it to see what happens.
      if (packet.foreign && this.#deliveries.wants(packet.topic)) this.violations.length = before
      this.#told(packet)
    } catch (err) {
      if (!(err instanceof Broken)) throw err
      this.#wrong(err.message, rules.length)
    }
  }

  #isForeign({ topic, properties: { topicAlias } }: Received): boolean {
    // A broker that takes a PUBLISH without a topic may send it to whoever takes everything.
    if (topic === '') return topicAlias === undefined && this.#deliveries.wants(topic)
    return !this.#isOwn(topic)
  }

  #context(packet: Received): void {
    const { cmd, properties } = packet
    if (cmd !== 'connack' && cmd !== 'auth' && this.#connacks === 0) {
      const rule: Rule = { '3.1.1': '3.2.0-1', '5.0': cmd === 'disconnect' ? '3.14.0-1' : '3.2.0-1' }
      this.#wrong(`${cmd} came before CONNACK`, rule)
    }
    const says = properties.reasonString !== undefined || properties.userProperties.length > 0
    if (says && !this.limits.problemInformation && !['connack', 'publish', 'disconnect'].includes(cmd)) {
      this.#wrong(`${cmd} says why, though CONNECT asked for no problem information`, { '5.0': '3.1.2-29' })
    }
    const wordy = wordyRules[cmd]
    if (wordy && says && packet.bytes.length > this.limits.maximumPacketSize) {
      this.#wrong(`${cmd} says why, and is too long with that`, { '5.0': wordy })
    }
    if (cmd === 'connack') this.#connack(packet)
    else if (cmd === 'publish') this.#deliveries.publish(packet)
    else if (cmd === 'pubrel') this.#deliveries.pubrel(packet)
    else if (cmd === 'disconnect') this.over = `DISCONNECT ${code(packet.reasonCode)}`
    else if (cmd === 'auth') this.#auth(packet)
    else this.#owed.pay(packet)
  }

  #connack(packet: Received): void {
    const { reasonCode, sessionPresent, properties } = packet
    if (this.#connacks++ > 0) this.#wrong('a second CONNACK came', { '3.1.1': '3.1.0-2', '5.0': '3.2.0-2' })
    if (reasonCode !== 0 && sessionPresent) {
      this.#wrong('a refusing CONNACK has Session Present 1', { '3.1.1': '3.2.2-4', '5.0': '3.2.2-6' })
    }
    if (reasonCode !== 0) this.over = `CONNACK ${code(reasonCode)}`
    if (properties.responseInformation !== undefined && !this.limits.responseInformation) {
      this.#wrong('CONNACK has response information that nobody asked for', { '5.0': '3.1.2-28' })
    }
    this.#method(packet)
    this.#deliveries.connected(sessionPresent)
    this.#owed.resumed = sessionPresent
  }

  #auth(packet: Received): void {
    if (this.limits.authenticationMethod === null)
      this.#wrong('AUTH came without a method', { '5.0': '4.12.0-6' })
    else this.#method(packet)
  }

  #method({ cmd, reasonCode, properties: { authenticationMethod: method } }: Received): void {
    const own = this.limits.authenticationMethod
    if (own === null && method !== undefined) {
      this.#wrong(`${cmd} has an authentication method, CONNECT had none`, { '5.0': '4.12.0-6' })
    }
    if (own !== null && reasonCode < 0x80 && method !== own) {
      this.#wrong(`${cmd} has the authentication method ${method} instead of ${own}`, { '5.0': '4.12.0-5' })
    }
  }

  #follow(packet: mqtt.Packet | null): void {
    if (!packet) {
      this.#owed.lost = this.#deliveries.lost = true
      return
    }
    if (packet.cmd === 'connect') {
      // MQTT 3.1 has no Session Present.
      if (packet.protocolVersion === 3 && !packet.clean) this.#deliveries.lost = true
      this.#announced(packet)
      if (packet.will?.retain) this.retained.add(packet.will.topic)
    }
    if (packet.cmd === 'publish' && packet.retain && packet.payload.length > 0)
      this.retained.add(packet.topic)
    this.#owed.add(packet)
    this.#deliveries.answered(packet)
  }

  #announced({ properties = {} }: mqtt.IConnectPacket): void {
    const { limits } = this
    limits.maximumPacketSize = properties.maximumPacketSize || limits.maximumPacketSize
    limits.receiveMaximum = properties.receiveMaximum || limits.receiveMaximum
    limits.topicAliasMaximum = properties.topicAliasMaximum ?? 0
    limits.problemInformation = properties.requestProblemInformation !== false
    limits.responseInformation = properties.requestResponseInformation === true
    limits.authenticationMethod = properties.authenticationMethod ?? null
  }
}

/** What a packet breaks that comes after the last one. */
function afterEnd(cmd: string, last: string): Rule {
  if (last.startsWith('DISCONNECT')) return { '5.0': '3.14.4-1' }
  return { '3.1.1': '3.2.2-5', '5.0': cmd === 'disconnect' ? '3.14.0-1' : '3.2.2-7' }
}
