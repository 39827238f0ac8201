import { toError } from './errors.js'
import { isThenable, type MaybePromise, type Next } from './flow.js'
import { advance, Run, type Steps } from './run.js'

/** Runs that wait, so that stop() can drain them and a stall is seen. */
export interface RunRegistry {
  waiting(run: Run): void
  over(run: Run): void
}

/**
 * A named callback chain. The object is the same for the life of the stack while its steps are swapped with each
 * new plan, so a middleware may look it up once and keep it.
 */
export class Chain<Context = unknown, Store = unknown> {
  readonly name: string
  readonly #registry: RunRegistry
  /** @internal Swapped by the stack. */
  steps: Steps

  constructor(name: string, steps: Steps, registry: RunRegistry) {
    this.name = name
    this.steps = steps
    this.#registry = registry
  }

  /** How many handlers there are; 0 means a context need not be built for nobody. */
  get size(): number {
    return this.steps.fns.length
  }

  /**
   * Returns nothing when every handler settled synchronously, else a promise. A handler that refuses makes it
   * throw or reject.
   */
  run(ctx: Context, store: Store): MaybePromise<void> {
    let result: ReturnType<typeof advance>
    try {
      result = advance(this.steps, 0, ctx, store)
    } catch (thrown) {
      throw toError(thrown)
    }
    if (result instanceof Run) return this.#promise(result)
  }

  /** The same for the hot path: no promise is ever made, `done` gets the error. */
  call(ctx: Context, store: Store, done: Next): void {
    let result: ReturnType<typeof advance>
    try {
      result = advance(this.steps, 0, ctx, store)
    } catch (thrown) {
      done(toError(thrown))
      return
    }
    if (!(result instanceof Run)) {
      done()
      return
    }
    const run = result
    this.#registry.waiting(run)
    run.settled = err => {
      this.#registry.over(run)
      try {
        done(err)
      } catch (thrown) {
        // Whoever settled the last handler has nothing to do with it.
        this.steps.report(toError(thrown))
      }
    }
  }

  /**
   * For facts: every listener is told, whatever the others do. What one throws or rejects with is reported and
   * nobody waits for it.
   */
  tell(ctx: Context, store: Store): void {
    const { fns, report } = this.steps
    const settled: Next = err => {
      if (err) report(toError(err))
    }
    for (let i = 0; i < fns.length; i++) {
      try {
        const result = fns[i]!(ctx, store, settled, settled)
        if (isThenable(result)) result.then(undefined, reason => report(toError(reason)))
      } catch (thrown) {
        report(toError(thrown))
      }
    }
  }

  #promise(run: Run): Promise<void> {
    this.#registry.waiting(run)
    return new Promise((resolve, reject) => {
      run.settled = err => {
        this.#registry.over(run)
        if (err) reject(err)
        else resolve()
      }
    })
  }
}
