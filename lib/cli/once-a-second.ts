import type { Clock } from '../clock.js'

interface Held<T> {
  /** How many were not told, and the newest of them. */
  count: number
  newest: T
}

/** Tells of the first of a kind at once and of those that follow within a second together: a flood makes no flood. */
export class OnceASecond<T> {
  readonly #clock: Clock
  readonly #tell: (newest: T, count: number) => void
  readonly #held = new Map<string, Held<T>>()

  constructor(clock: Clock, tell: (newest: T, count: number) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  note(kind: string, what: T): void {
    const held = this.#held.get(kind)
    if (held) {
      held.count++
      held.newest = what
      return
    }
    this.#held.set(kind, { count: 0, newest: what })
    this.#tell(what, 1)
    this.#watch(kind)
  }

  /** Tells of what is held back. */
  flush(): void {
    for (const { count, newest } of this.#held.values()) if (count > 0) this.#tell(newest, count)
    this.#held.clear()
  }

  #watch(kind: string): void {
    const timer = this.#clock.every(1000, () => {
      const held = this.#held.get(kind)
      if (held && held.count > 0) {
        const { newest, count } = held
        held.count = 0
        this.#tell(newest, count)
        return
      }
      timer.cancel()
      this.#held.delete(kind)
    })
  }
}
