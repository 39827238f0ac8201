import { hex } from './breach.js'
import { visible } from './visible.js'

export interface DialogueLine {
  /** Milliseconds since the case began. */
  readonly at: number
  /** Which client of the case. */
  readonly who: string
  /** What it did: sent to the broker, received from it, or something else that happened. */
  readonly way: 'sent' | 'received' | 'event'
  /** For people. */
  readonly words: string
  /** The bytes, long ones shortened; '' for an event. */
  readonly hex: string
}

/** Beyond this a dialogue keeps its beginning and its end: a case may send thousands of messages. */
const most = 400

/** What was said in one case, by all its clients, in order. */
export class Dialogue {
  readonly #started = performance.now()
  readonly #head: DialogueLine[] = []
  #tail: DialogueLine[] = []
  #left = 0

  add(who: string, way: DialogueLine['way'], words: string, bytes?: Uint8Array): void {
    const at = Math.round(performance.now() - this.#started)
    const line = { at, who, way, words: visible(words), hex: bytes ? hex(bytes) : '' }
    if (this.#head.length < most / 2) {
      this.#head.push(line)
      return
    }
    this.#tail.push(line)
    if (this.#tail.length <= most) return
    this.#left += most / 2
    this.#tail = this.#tail.slice(most / 2)
  }

  get lines(): DialogueLine[] {
    if (this.#left === 0) return [...this.#head, ...this.#tail]
    const { at } = this.#tail[0]!
    const gap: DialogueLine = {
      at,
      who: '',
      way: 'event',
      words: `… ${this.#left} lines left out …`,
      hex: ''
    }
    return [...this.#head, gap, ...this.#tail]
  }
}

/** One line as text. */
export function lineText({ at, who, way, words, hex: bytes }: DialogueLine): string {
  const arrow = { sent: '→', received: '←', event: '·' }[way]
  return `${String(at).padStart(6)} ms  ${who.padEnd(12)} ${arrow} ${words}${bytes && `   [${bytes}]`}`
}
