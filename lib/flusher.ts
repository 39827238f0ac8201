import type { Clock } from './clock.js'
import type { Writer } from './writer.js'

/** Flushes all writers that were written to in a turn of the event loop, once, at its end. */
export class Flusher {
  readonly #clock: Clock
  #due: Writer[] = []
  #spare: Writer[] = []
  readonly #run = () => this.flush()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(writer: Writer): void {
    if (this.#due.push(writer) === 1) this.#clock.defer(this.#run)
  }

  flush(): void {
    const due = this.#due
    this.#due = this.#spare
    this.#spare = due
    let i = 0
    try {
      while (i < due.length) due[i++]!.flush()
    } finally {
      // Whoever was told of a slow peer may have thrown: the others still have their turn.
      for (; i < due.length; i++) this.add(due[i]!)
      due.length = 0
    }
  }
}
