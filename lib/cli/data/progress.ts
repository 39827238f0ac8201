import type { CommandProcess } from '../process.js'

/** Who is done sooner hears nothing, in ms. */
const patience = 2000
/** How often it is told: on a terminal, where one line is written over, and elsewhere. In ms. */
const often = 250
const seldom = 10_000

/** Tells how far something is that takes longer than two seconds. */
export class Progress {
  readonly #own: CommandProcess
  readonly #now: () => number
  readonly #every: number
  #next: number
  #told = false
  #count = 0

  constructor(own: CommandProcess, now: () => number = Date.now) {
    this.#own = own
    this.#now = now
    this.#every = own.isErrorTerminal ? often : seldom
    this.#next = now() + patience
  }

  /** One more is done. */
  step(noun: string): void {
    // The time is not asked for each of a million.
    if ((++this.#count & 255) !== 0 || this.#now() < this.#next) return
    this.#next = this.#now() + this.#every
    this.#told = true
    const text = `${this.#count.toLocaleString('en')} ${noun}`
    this.#own.complain(this.#own.isErrorTerminal ? `\r\x1b[2K${text}` : `stackmq: ${text}\n`)
  }

  end(): void {
    if (this.#told && this.#own.isErrorTerminal) this.#own.complain('\r\x1b[2K')
    this.#told = false
  }
}
