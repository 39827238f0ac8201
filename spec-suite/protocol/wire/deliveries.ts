import type mqtt from 'mqtt-packet'
import type { Version } from '../version.js'
import { matches } from './matches.js'
import type { Received } from './received.js'
import type { Rule } from './violation.js'
import type { ClientLimits } from './watch.js'

interface Asked {
  readonly filter: string
  readonly qos: number
  readonly identifier: number | undefined
}

/** Judges the messages that a broker sends on one connection by what was subscribed and acknowledged on it. */
export class Deliveries {
  /** Identifiers under way: not yet acknowledged. */
  readonly open = new Set<number>()
  /** How much of the receive maximum is used up, counted as a server counts its send quota [5.0: 4.9]. */
  #used = 0
  /** Something was sent that could not be read: who knows what was subscribed with it. */
  lost = false
  readonly #version: Version
  readonly #limits: ClientLimits
  readonly #wrong: (text: string, rule?: Rule) => void
  readonly #aliases = new Map<number, string>()
  readonly #asked: Asked[] = []
  /** Subscriptions and identifiers of earlier connections are not known here. */
  #resumed = false

  constructor(version: Version, limits: ClientLimits, wrong: (text: string, rule?: Rule) => void) {
    this.#version = version
    this.#limits = limits
    this.#wrong = wrong
  }

  connected(sessionPresent: boolean): void {
    this.#resumed = sessionPresent
  }

  /** The client sent something: subscriptions, acknowledgements. */
  answered(packet: mqtt.Packet): void {
    const failed = 'reasonCode' in packet && (packet.reasonCode ?? 0) >= 0x80
    const id = packet.messageId ?? 0
    if (packet.cmd === 'puback' || packet.cmd === 'pubcomp' || (packet.cmd === 'pubrec' && failed))
      this.#end(id)
    if (packet.cmd !== 'subscribe') return
    const identifier = packet.properties?.subscriptionIdentifier
    for (const { topic, qos } of packet.subscriptions) this.#asked.push({ filter: topic, qos, identifier })
  }

  pubrel({ messageId, reasonCode }: Received): void {
    if (!this.#resumed || this.open.has(messageId) || reasonCode >= 0x80) return
    // It goes on with a message of an earlier connection, which uses no quota of this one.
    this.open.add(messageId)
  }

  /** Whether a topic was subscribed to, as far as that is known. */
  wants(topic: string): boolean {
    return this.#resumed || this.lost || this.#asked.some(({ filter }) => matches(filter, topic))
  }

  publish(packet: Received): void {
    this.#flags(packet)
    this.#resolve(packet)
    if (!this.#resumed && !this.lost) this.#fits(packet)
  }

  #flags({ qos, dup, messageId }: Received): void {
    if (qos === 0) {
      if (dup)
        this.#wrong('PUBLISH of QoS 0 has DUP 1', { '3.1.1': '3.3.1-2', '5.0': ['3.3.1-2', '4.3.1-1'] })
      return
    }
    const inUse: Rule = { '3.1.1': '2.3.1-4', '5.0': '2.2.1-4' }
    const again = this.open.has(messageId)
    if (messageId === 0) this.#wrong('PUBLISH has the packet identifier 0', inUse)
    if (again && !dup) this.#wrong(`packet identifier ${messageId} is in use already`, inUse)
    // 3.1.1 only says when a broker has to send it again, and leaves it the rest [3.1.1: 4.4].
    if (again && dup && this.#version === '5.0')
      this.#wrong(`PUBLISH ${messageId} was sent again on one connection`, { '5.0': '4.4.0-1' })
    if (!again && dup && !this.#resumed && !this.lost) {
      const first: Rule = { '3.1.1': '3.3.1-3', '5.0': ['3.3.1-3', qos === 1 ? '4.3.2-2' : '4.3.3-2'] }
      this.#wrong(`PUBLISH ${messageId} has DUP 1 and was never sent before`, first)
    }
    this.#begin(messageId)
  }

  #begin(messageId: number): void {
    if (!this.open.has(messageId)) this.#used++
    this.open.add(messageId)
    if (this.#used > this.#limits.receiveMaximum) {
      this.#wrong(`${this.#used} messages are under way, receive maximum is ${this.#limits.receiveMaximum}`, {
        '5.0': ['3.3.4-9', '4.9.0-2']
      })
    }
  }

  #end(messageId: number): void {
    this.open.delete(messageId)
    // Also by the PUBCOMP of a message that used none: only more than the maximum is ruled out.
    this.#used = Math.max(0, this.#used - 1)
  }

  #resolve(packet: Received): void {
    const alias = packet.properties.topicAlias
    if (packet.topicName === '' && (alias === undefined || !this.#aliases.has(alias))) {
      const rule: Rule = { '3.1.1': '4.7.3-1', '5.0': alias === undefined ? '4.7.3-1' : '3.3.2-7' }
      this.#wrong(`PUBLISH has neither a topic nor an alias that was set up (${alias})`, rule)
      return
    }
    if (alias === undefined) return
    const { topicAliasMaximum: maximum } = this.#limits
    if (alias > maximum) {
      const rule = maximum === 0 ? '3.1.2-27' : ['3.1.2-26', '3.3.2-11']
      this.#wrong(`PUBLISH has topic alias ${alias}, the maximum is ${maximum}`, { '5.0': rule })
    }
    if (packet.topicName !== '') this.#aliases.set(alias, packet.topicName)
    packet.topic = this.#aliases.get(alias)!
  }

  #fits({ topic, qos, properties }: Received): void {
    const matching = this.#asked.filter(({ filter }) => matches(filter, topic))
    if (matching.length === 0) {
      this.#wrong(`PUBLISH to '${topic}' matches no filter of this client`, {
        '3.1.1': '3.3.2-3',
        '5.0': '3.3.2-3'
      })
      return
    }
    const highest = Math.max(...matching.map(one => one.qos))
    if (qos > highest) {
      const rule: Rule = { '3.1.1': '3.8.4-6', '5.0': '3.8.4-8' }
      this.#wrong(`PUBLISH to '${topic}' has QoS ${qos}, subscribed was at most ${highest}`, rule)
    }
    if (this.#version !== '5.0') return
    for (const id of properties.subscriptionIdentifiers) {
      if (!matching.some(({ identifier }) => identifier === id)) {
        this.#wrong(`PUBLISH has subscription identifier ${id}, which no matching filter has`, {
          '5.0': '3.3.4-4'
        })
      }
    }
  }
}
