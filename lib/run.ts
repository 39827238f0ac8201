import { toError } from './errors.js'
import { badReturn, notSettled, settledTwice, undeclaredNext } from './faults.js'
import { DONE, isThenable, type Next } from './flow.js'

// biome-ignore lint/suspicious/noExplicitAny: the kernel runs handlers of every signature; types are kept at its edges
export type AnyHandler = (a: any, b: any, next: Next, done: Next) => unknown

/** A compiled row of handlers: for one packet type or one callback. */
export interface Steps {
  /** What is run, for error texts: `publish` or `relayMessage`. */
  readonly title: string
  readonly fns: readonly AnyHandler[]
  /** Whether the handler declared `next`: it then has to call it, else it returns. */
  readonly takesNext: readonly boolean[]
  /** The middleware of each handler, for error texts and traces. */
  readonly owners: readonly string[]
  readonly strict: boolean
  /** Asked before a chain that had to wait goes on: whether that still means anything to whoever it is about. */
  readonly guard: ((a: unknown) => boolean) | null
  /** Late faults, when there is nobody left to refuse. */
  readonly report: (err: Error) => void
}

/** The chain came to its end. */
export const END = 0
/** A handler ended the chain. */
export const STOPPED = 1

/** The client went away while its packet waited: nobody's fault, nothing to answer. */
export class GoneError extends Error {
  override readonly name = 'GoneError'
}

const RUNNING = 0
const NEXT = 1
const STOP = 2
const FAILED = 3
const WAITING = 4
const OVER = 5

/**
 * Runs handlers from `from` on. Returns END or STOPPED when all settled synchronously, throws what a handler
 * refused with, and returns a Run when one has to be waited for. Handlers of two parameters cost no allocation.
 */
export function advance(
  steps: Steps,
  from: number,
  a: unknown,
  b: unknown
): typeof END | typeof STOPPED | Run {
  const { fns, takesNext } = steps
  for (let i = from; i < fns.length; i++) {
    if (takesNext[i]) return new Run(steps, i, a, b).begin()
    const result = fns[i]!(a, b, trap, trap)
    if (result === undefined) continue
    if (result === DONE) return STOPPED
    if (!isThenable(result)) throw badReturn(steps.owners[i]!, steps.title, result)
    return new Run(steps, i, a, b).follow(result)
  }
  return END
}

/**
 * One packet or chain on its way. Never pooled: a late second next() meets a dead run and is reported instead of
 * advancing somebody else's packet.
 */
export class Run {
  readonly steps: Steps
  /** Called once when a run that had to wait settles. Set by whoever got the pending run. */
  settled: ((err: Error | null, stopped: boolean) => void) | null = null
  #index: number
  readonly #a: unknown
  readonly #b: unknown
  #state = RUNNING
  #error: Error | null = null
  readonly #next: Next
  readonly #done: Next

  constructor(steps: Steps, index: number, a: unknown, b: unknown) {
    this.steps = steps
    this.#index = index
    this.#a = a
    this.#b = b
    this.#next = err => (err ? this.#settle(FAILED, toError(err)) : this.#settle(NEXT, null))
    this.#done = err => (err ? this.#settle(FAILED, toError(err)) : this.#settle(STOP, null))
  }

  /** The middleware that has neither settled nor returned. */
  get waitingFor(): string {
    return this.steps.owners[this.#index] ?? this.steps.title
  }

  /** Where it is: another number means that it has moved. */
  get step(): number {
    return this.#index
  }

  /** Runs on from the current step; ends like advance(). */
  begin(): typeof END | typeof STOPPED | Run {
    this.#loop()
    if (this.#state === WAITING) return this
    const error = this.#error
    const stopped = this.#state === STOP
    this.#state = OVER
    if (error !== null) throw error
    return stopped ? STOPPED : END
  }

  /** Waits for the promise the current handler returned. */
  follow(promise: PromiseLike<unknown>): this {
    this.#state = WAITING
    const at = this.#index
    // Promise.resolve: a thenable that is no promise may call back at once, before anybody waits for this run.
    Promise.resolve(promise).then(
      value => {
        if (value === undefined) this.#resume(at, NEXT, null)
        else if (value === DONE) this.#resume(at, STOP, null)
        else this.#resume(at, FAILED, badReturn(this.steps.owners[at]!, this.steps.title, value))
      },
      reason => this.#resume(at, FAILED, toError(reason))
    )
    return this
  }

  /** Fails a run from outside: stalled, or the stack stops. */
  abort(err: Error): void {
    if (this.#state === WAITING) this.#resume(this.#index, FAILED, err)
  }

  // A trampoline: handlers that settle synchronously do not grow the stack.
  #loop(): void {
    const { fns, takesNext } = this.steps
    while (this.#index < fns.length) {
      const i = this.#index
      this.#state = RUNNING
      let result: unknown
      try {
        if (takesNext[i]) {
          const strict = this.steps.strict
          result = fns[i]!(
            this.#a,
            this.#b,
            strict ? this.#once(i, NEXT) : this.#next,
            strict ? this.#once(i, STOP) : this.#done
          )
        } else {
          result = fns[i]!(this.#a, this.#b, trap, trap)
        }
      } catch (thrown) {
        this.#fail(toError(thrown))
        return
      }
      // Read again because next() and done() change it from inside the handler.
      const state = this.#state as number
      if (takesNext[i]) {
        if (state === RUNNING) this.#state = WAITING
        if (isThenable(result)) this.#watch(result, i)
        if (state !== NEXT) return
        this.#index++
        continue
      }
      if (result === undefined) {
        this.#index++
        continue
      }
      if (result === DONE) {
        this.#state = STOP
        return
      }
      if (isThenable(result)) {
        this.follow(result)
        return
      }
      this.#fail(badReturn(this.steps.owners[i]!, this.steps.title, result))
      return
    }
    this.#state = NEXT
  }

  /** The promise of a handler that takes next: its rejection refuses; resolving unsettled is a fault. */
  #watch(promise: PromiseLike<unknown>, at: number): void {
    Promise.resolve(promise).then(
      () => {
        if (this.#state !== WAITING || this.#index !== at) return
        this.#resume(at, FAILED, notSettled(this.steps.owners[at]!, this.steps.title))
      },
      reason => this.#resume(at, FAILED, toError(reason))
    )
  }

  /** Strict mode: a pair that knows its step, so that a second call is seen while a later step waits. */
  #once(at: number, to: number): Next {
    return err => {
      if (this.#index !== at || this.#state === OVER) this.#twice(at)
      else if (err) this.#settle(FAILED, toError(err))
      else this.#settle(to, null)
    }
  }

  #settle(to: number, err: Error | null): void {
    if (this.#state === RUNNING) {
      this.#state = to
      this.#error = err
    } else if (this.#state === WAITING) {
      this.#resume(this.#index, to, err)
    } else {
      this.#twice(this.#index)
    }
  }

  /** Fails closed while the step still runs, and is reported when the packet has gone on. */
  #twice(at: number): void {
    const { owners, title, report } = this.steps
    const err = settledTwice(owners[at] ?? title, title)
    if ((this.#state === NEXT || this.#state === STOP) && this.#index === at) this.#fail(err)
    else report(err)
  }

  #fail(err: Error): void {
    this.#state = FAILED
    this.#error = err
  }

  #resume(at: number, to: number, err: Error | null): void {
    if (this.#state !== WAITING || this.#index !== at) {
      if (err !== null) this.steps.report(err)
      return
    }
    this.#state = to
    this.#error = err
    if (to === NEXT && this.steps.guard?.(this.#a) === false) {
      this.#fail(new GoneError(`the connection was closed while ${this.steps.title} was under way`))
    } else if (to === NEXT) {
      this.#index++
      this.#loop()
    }
    if ((this.#state as number) === WAITING) return
    const stopped = (this.#state as number) === STOP
    const error = this.#error
    this.#state = OVER
    this.settled?.(error, stopped)
  }
}

/** What a handler gets that did not declare next and done, in case it takes them from `arguments`. */
const trap: Next = () => {
  throw undeclaredNext()
}
