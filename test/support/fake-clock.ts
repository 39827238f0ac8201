import type { Clock, Timer } from '../../lib/index.js'

interface Due {
  at: number
  every: number
  callback: () => void
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number
  readonly #timers = new Set<Due>()

  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, callback: () => void): Timer {
    return this.#add({ at: this.#now + ms, every: 0, callback })
  }

  every(ms: number, callback: () => void): Timer {
    return this.#add({ at: this.#now + ms, every: ms, callback })
  }

  /** Turns of the event loop are real. */
  defer(callback: () => void): void {
    setImmediate(callback)
  }

  /** Moves on, and calls what became due in its order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#now = Math.max(this.#now, next.at)
      if (next.every > 0) next.at += next.every
      else this.#timers.delete(next)
      next.callback()
    }
    this.#now = end
  }

  /** Timers that have not been cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  #add(due: Due): Timer {
    this.#timers.add(due)
    return { cancel: () => this.#timers.delete(due) }
  }
}

/** A turn of the event loop: output is flushed, streams have carried it over. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(() => setImmediate(() => setImmediate(resolve))))
}
