import type mqtt from 'mqtt-packet'
import type { Received } from './received.js'
import type { Rule } from './violation.js'

const answersTo: Readonly<Record<string, string>> = {
  ...{ subscribe: 'suback', unsubscribe: 'unsuback', pubrel: 'pubcomp', pingreq: 'pingresp' }
}

const rule: Readonly<Record<string, Rule>> = {
  suback: { '3.1.1': '2.3.1-7', '5.0': '2.2.1-6' },
  unsuback: { '3.1.1': '2.3.1-7', '5.0': '2.2.1-6' },
  pingresp: { '3.1.1': '3.12.4-1', '5.0': '3.12.4-1' }
}
const repeats: Rule = { '3.1.1': ['2.3.1-6', '3.3.4-1'], '5.0': ['2.2.1-5', '3.3.4-1'] }
const count: Rule = { '3.1.1': '3.8.4-5', '5.0': '3.8.4-6' }
const countUnsubscribed: Rule = { '5.0': '3.11.3-2' }

/** The answers that a broker still owes to what was sent: one that nobody asked for is wrong. */
export class Owed {
  /** Something was sent that could not be read: who knows what is owed for it. */
  lost = false
  /** The session is older than the connection. */
  resumed = false
  readonly #wrong: (text: string, rule?: Rule) => void
  readonly #open = new Map<string, number[]>()
  readonly #repeated = new Set<number>()

  constructor(wrong: (text: string, rule?: Rule) => void) {
    this.#wrong = wrong
  }

  /** The client sent something. */
  add(packet: mqtt.Packet): void {
    const answer = packet.cmd === 'publish' ? ['', 'puback', 'pubrec'][packet.qos] : answersTo[packet.cmd]
    if (!answer) return
    const key = `${answer} ${packet.messageId ?? 0}`
    const filters =
      'subscriptions' in packet
        ? packet.subscriptions
        : 'unsubscriptions' in packet
          ? packet.unsubscriptions
          : []
    this.#open.set(key, [...(this.#open.get(key) ?? []), filters.length])
  }

  /** The broker answered. */
  pay({ cmd, messageId, codes, bytes }: Received): void {
    const waiting = this.#open.get(`${cmd} ${messageId}`)
    const filters = waiting?.shift()
    if (filters === undefined) {
      if (this.lost || this.#repeats(cmd, messageId)) return
      this.#wrong(
        `${cmd}${messageId ? ` ${messageId}` : ''} came, and nothing asked for it`,
        rule[cmd] ?? repeats
      )
      return
    }
    if (cmd !== 'suback' && cmd !== 'unsuback') return
    // UNSUBACK of 3.1.1 has no codes.
    if (cmd === 'unsuback' && codes.length === 0 && bytes.length === 4) return
    if (codes.length !== filters) {
      this.#wrong(
        `${cmd} has ${codes.length} codes for ${filters} filters`,
        cmd === 'suback' ? count : countUnsubscribed
      )
    }
  }

  /**
   * A PUBREC that came on an earlier connection may come once more: PUBLISH and PUBREL have to be sent again to a session
   * that goes on [5.0: 4.4], and whether PUBREC is as well, nothing says.
   */
  #repeats(cmd: string, messageId: number): boolean {
    if (cmd !== 'pubrec' || !this.resumed || this.#repeated.has(messageId)) return false
    this.#repeated.add(messageId)
    return true
  }
}
