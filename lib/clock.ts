/** A timer that was started; `cancel()` may be called at any time and more than once. */
export interface Timer {
  cancel(): void
}

/**
 * Where a stack gets its time from. Everything that waits, expires or sweeps goes through it, so that tests run
 * on a virtual clock.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back once after so many milliseconds. Keeps the process alive until then. */
  after(ms: number, callback: () => void): Timer
  /** Calls back every so many milliseconds. Never keeps the process alive. */
  every(ms: number, callback: () => void): Timer
  /** Calls back once what is ready now has been handled: the end of this turn of the event loop. */
  defer(callback: () => void): void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return { cancel: () => clearTimeout(timer) }
  },
  every(ms, callback) {
    const timer = setInterval(callback, ms).unref()
    return { cancel: () => clearInterval(timer) }
  },
  defer: callback => {
    setImmediate(callback)
  }
}
