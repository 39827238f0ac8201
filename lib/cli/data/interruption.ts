import { type CommandError, failure } from '../command-error.js'
import type { CommandProcess, Signal } from '../process.js'

const codes: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 }

/** The first signal ends the work where it can be undone, a second one at once. */
export class Interruption {
  #signal: Signal | null = null

  /** `stop`: what else ends the work, where it waits for something. */
  constructor(own: CommandProcess, stop: (err: CommandError) => void = () => {}) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      own.on(signal, () => {
        if (this.#signal !== null) own.exit(codes[signal])
        this.#signal = signal
        stop(stoppedBy(signal))
      })
    }
  }

  /** @throws CommandError when a signal has come */
  check(): void {
    if (this.#signal !== null) throw stoppedBy(this.#signal)
  }
}

function stoppedBy(signal: Signal): CommandError {
  return failure([`stopped by ${signal}`])
}
