import mqtt from 'mqtt-packet'
import { Breach } from '../breach.js'
import type { Dialogue } from '../dialogue.js'
import type { Link, Target } from '../link/link.js'
import { levelOf, type Version } from '../version.js'
import type { Received, ReceivedCommand } from '../wire/received.js'
import type { Violation } from '../wire/violation.js'
import { Watch } from '../wire/watch.js'
import { receivedWords, sentWords } from '../words.js'

/** What a case shares with all its connections. */
export interface Surroundings {
  readonly version: Version
  readonly target: Target
  readonly dialogue: Dialogue
  /** Letters and digits that nobody else uses: in all client ids and topics of the case. At most 12. */
  readonly unique: string
  /** How long the broker may take for an answer, in milliseconds. */
  readonly limit: number
  /** Its bytes are not shown in the dialogue: reports are passed on. */
  readonly password?: string | undefined
}

/** Beyond these a broker floods its client, and the connection is cut: bytes, and breaches. No case asks for as much. */
const [mostBytes, mostBreaches] = [32 * 1024 * 1024, 200]

/** One connection to a broker: sends any bytes, keeps what comes back, and judges all of it. */
export class Connection {
  readonly label: string
  readonly version: Version
  /** Packets that came and were not asked for yet. */
  readonly inbox: Received[] = []
  /** The broker ended the connection. */
  ended = false
  /** Set to an empty buffer, it takes what comes, unread: where that need not be MQTT of this version. */
  unread: Buffer | undefined
  protected readonly watch: Watch
  readonly #around: Surroundings
  readonly #ownViolations: Violation[] = []
  #link: Link | undefined
  #received = 0
  /** Why it was cut, if the broker is to blame. */
  #flood = ''
  #cut = false
  readonly #waiting = new Set<() => void>()

  constructor(around: Surroundings, label: string) {
    this.#around = around
    this.label = label
    this.version = around.version
    const isOwn = (topic: string) => topic.includes(around.unique)
    this.watch = new Watch(around.version, packet => this.came(packet), isOwn)
  }

  /** @throws Breach when the broker takes no connection */
  async open(): Promise<void> {
    const { target } = this.#around
    try {
      this.#link = await target.open({
        data: bytes => this.#data(bytes),
        closed: orderly => this.#closed(orderly),
        breach: text => this.#ownViolations.push({ ids: ['6.0.0-1'], text })
      })
    } catch (err) {
      throw new Breach(`a connection to ${target.name}`, `there was none: ${(err as Error).message || err}`)
    }
    // It was given up meanwhile.
    if (this.#cut) return this.#link.cut()
    this.tell('event', 'connected')
  }

  /** What the broker sent on this connection and never may. */
  get violations(): readonly Violation[] {
    return [...this.#ownViolations, ...this.watch.violations]
  }

  /** Milliseconds that the broker has for an answer. */
  protected get limit(): number {
    return this.#around.limit
  }

  /** Packet identifiers of messages that the broker has under way here. */
  get underWay(): ReadonlySet<number> {
    return this.watch.open
  }

  /** Sends a well-formed packet. */
  send(packet: mqtt.Packet): void {
    const level = levelOf(this.version)
    this.raw(mqtt.generate({ protocolVersion: level, ...packet } as mqtt.Packet, { protocolVersion: level }))
  }

  /** Sends bytes, whatever they are. `words` say what they are where they are no valid packet. */
  raw(bytes: Uint8Array, words?: string): void {
    const sent = Buffer.from(bytes)
    this.tell('sent', words ?? sentWords(this.version, sent), withoutPassword(sent, this.#around.password))
    this.watch.sent(sent)
    this.#link?.write(sent)
  }

  /** Breaks the network. */
  cut(): void {
    if (this.#cut || this.ended) return
    this.#cut = true
    this.tell('event', 'cuts the connection')
    this.#link?.cut()
  }

  /** Goes away in peace, and looks at nothing any more. */
  leave(): void {
    if (this.#cut || this.ended) return
    this.#cut = true
    this.#link?.write(mqtt.generate({ cmd: 'disconnect' }))
    this.#link?.end()
  }

  /** Topics on which it left retained messages, as far as they can be told. */
  get retained(): ReadonlySet<string> {
    return this.watch.retained
  }

  /** The first packet of this type, now or soon; others that came before it stay. */
  async next(
    cmd: ReceivedCommand,
    wanted: (packet: Received) => boolean = () => true,
    what?: string
  ): Promise<Received> {
    let at = -1
    const words = what ?? article(cmd)
    await this.until(words, () => {
      at = this.inbox.findIndex(packet => packet.cmd === cmd && wanted(packet))
      return at >= 0
    })
    return this.inbox.splice(at, 1)[0]!
  }

  /** The next packet, whatever it is. */
  async first(what = 'a packet'): Promise<Received> {
    await this.until(what, () => this.inbox.length > 0)
    return this.inbox.shift()!
  }

  /** Waits for the broker to end the connection. */
  async end(): Promise<void> {
    await this.until('the broker to close the connection', () => this.ended, true)
  }

  /** Waits until something holds. @throws Breach when it does not in time, or cannot any more */
  async until(what: string, holds: () => boolean, ending = false): Promise<void> {
    const deadline = performance.now() + this.#around.limit
    while (!holds()) {
      const left = deadline - performance.now()
      if (this.#flood) throw new Breach(what, this.#flood)
      if (this.ended || this.#cut) {
        if (ending) return
        throw new Breach(what, `the connection of ${this.label} was closed${this.#lastWords()}`)
      }
      if (left <= 0) {
        throw new Breach(
          what,
          `nothing of that came to ${this.label} within ${this.#around.limit / 1000} s${this.#lastWords()}`
        )
      }
      // What it waits for may come to another client.
      await this.#something(Math.min(left, 50))
    }
  }

  protected came(packet: Received): void {
    this.inbox.push(packet)
    this.#wake()
  }

  protected tell(way: 'sent' | 'received' | 'event', words: string, bytes?: Uint8Array): void {
    this.#around.dialogue.add(this.label, way, words, bytes)
  }

  #lastWords(): string {
    const last = this.inbox.at(-1)
    return last ? `; the last packet was ${receivedWords(last)}` : ''
  }

  /** Resolves at the next packet, at the end, or when the time is over. */
  #something(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#waiting.add(done)
    })
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }

  #data(bytes: Buffer): void {
    if (this.#cut) return
    this.#received += bytes.length
    if (this.unread) {
      this.unread = Buffer.concat([this.unread, bytes])
      this.tell('received', `${bytes.length} bytes`, bytes)
      this.#limitFlood()
      this.#wake()
      return
    }
    const before = this.watch.violations.length
    this.watch.received(bytes)
    for (const { text } of this.watch.violations.slice(before)) this.tell('event', `BREACH: ${text}`)
    this.#limitFlood()
  }

  /** A broker that never stops would take all memory, and the time of all other cases. */
  #limitFlood(): void {
    if (this.#received <= mostBytes && this.watch.violations.length <= mostBreaches) return
    this.#flood = `too much came: ${this.#received} bytes, with ${this.watch.violations.length} breaches`
    this.tell('event', this.#flood)
    this.cut()
    this.#wake()
  }

  #closed(orderly: boolean): void {
    this.ended = true
    if (orderly) this.watch.closed()
    this.tell('event', 'the broker closed the connection')
    this.#wake()
  }
}

/** CONNECT with asterisks where the password is. */
function withoutPassword(bytes: Buffer, password = ''): Buffer {
  const at = password === '' || bytes[0] !== 0x10 ? -1 : bytes.lastIndexOf(password)
  if (at < 0) return bytes
  return Buffer.from(bytes).fill('*', at, at + Buffer.byteLength(password))
}

function article(cmd: string): string {
  return `${/^[aeiou]/.test(cmd) ? 'an' : 'a'} ${cmd.toUpperCase()}`
}
