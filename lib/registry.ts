import type { RunRegistry } from './chain.js'
import type { Clock } from './clock.js'
import { StackError } from './errors.js'
import type { Run } from './run.js'

interface Waiting {
  /** Milliseconds since the epoch: when it was first seen at its step. */
  since: number
  step: number
}

/** The runs that wait for something: to drain them, and to name the one that stalls. */
export class WaitingRuns implements RunRegistry {
  readonly #since = new Map<Run, Waiting>()
  readonly #clock: Clock
  #idle: Array<() => void> = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#since.size
  }

  waiting(run: Run): void {
    this.#since.set(run, { since: this.#clock.now(), step: run.step })
  }

  over(run: Run): void {
    this.#since.delete(run)
    if (this.#since.size > 0) return
    const idle = this.#idle
    this.#idle = []
    for (const told of idle) told()
  }

  /** Resolves when nothing waits any more. */
  whenIdle(): Promise<void> {
    if (this.#since.size === 0) return Promise.resolve()
    return new Promise(resolve => this.#idle.push(resolve))
  }

  /** Fails what has waited at one step for `timeout` ms or more; the text names the middleware. */
  abortStalled(timeout: number): void {
    const now = this.#clock.now()
    for (const [run, waiting] of this.#since) {
      if (waiting.step !== run.step) {
        waiting.step = run.step
        waiting.since = now
      } else if (now - waiting.since >= timeout)
        this.#abort(run, `has neither settled nor returned for ${timeout} ms`)
    }
  }

  abortAll(): void {
    for (const run of this.#since.keys()) this.#abort(run, 'was still waiting when the stack stopped')
  }

  #abort(run: Run, what: string): void {
    const text = `${run.waitingFor} handles ${run.steps.title} and ${what}: call next() or done() on every path`
    run.abort(new StackError('STACK_NOT_SETTLED', text))
  }
}
