import { isThenable, type MaybePromise } from './flow.js'

type Change = () => MaybePromise<void>

interface Job {
  change: Change
  resolve: (result: MaybePromise<void>) => void
  reject: (reason: unknown) => void
}

/** Changes of a stack, one after the other: each sees what the one before has left. */
export class ChangeQueue {
  readonly #jobs: Job[] = []
  #working = false
  #pending = 0
  #all: Promise<void> = Promise.resolve()

  /** Resolves when all that were pending together are at work; rejects when one of them failed. */
  get settled(): Promise<void> {
    return this.#all
  }

  /** Runs it at once, and synchronously if it is, unless another one is under way. */
  run(change: Change): MaybePromise<void> {
    const result = this.#working ? this.#enqueue(change) : this.#begin(change)
    if (isThenable(result)) this.#count(result as Promise<void>)
    else if (this.#pending === 0) this.#all = Promise.resolve()
    return result
  }

  #enqueue(change: Change): Promise<void> {
    return new Promise((resolve, reject) => this.#jobs.push({ change, resolve, reject }))
  }

  #begin(change: Change): MaybePromise<void> {
    this.#working = true
    let result: MaybePromise<void>
    try {
      result = change()
    } catch (thrown) {
      this.#goOn()
      throw thrown
    }
    if (isThenable(result)) return Promise.resolve(result).finally(() => this.#goOn())
    this.#goOn()
  }

  #goOn(): void {
    this.#working = false
    const job = this.#jobs.shift()
    if (!job) return
    try {
      job.resolve(this.#begin(job.change))
    } catch (thrown) {
      job.reject(thrown)
    }
  }

  #count(result: Promise<void>): void {
    this.#all = this.#pending === 0 ? result : Promise.all([this.#all, result]).then(() => {})
    // Whoever made the change is told too: nobody has to ask.
    this.#all.catch(() => {})
    this.#pending++
    const over = () => {
      this.#pending--
    }
    result.then(over, over)
  }
}
