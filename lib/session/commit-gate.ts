import type { Chain } from '../chain.js'
import { toError } from '../errors.js'
import type { Stack } from '../stack.js'

/** Something that may not go out before what it promises is durable. */
export interface AwaitsCommit {
  /** What was stored before it is durable; or it is not, and why. */
  committed(err: Error | null): void
}

/**
 * Asks the backend for one commit at the end of a turn, for all that waits for one (DESIGN 6): a commit for each
 * message would cost more than storing it. Where nobody handles `commit` nothing waits.
 */
export class CommitGate {
  readonly #stack: Stack
  readonly #commit: Chain<object, void>
  #waiting: AwaitsCommit[] = []
  /** Why the last commit failed; null when it did not. What needs another one had better be refused. */
  failure: Error | null = null
  readonly #ask = () => this.#askNow()

  constructor(stack: Stack) {
    this.#stack = stack
    this.#commit = stack.chain('commit')
  }

  /** Nothing has to wait. */
  get isOpen(): boolean {
    return this.#commit.size === 0
  }

  /** In the order of their commits, and of those with the same one in the order in which they came. */
  add(one: AwaitsCommit): void {
    if (this.#waiting.push(one) === 1) this.#stack.clock.defer(this.#ask)
  }

  #askNow(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#commit.call({}, undefined, thrown => {
      const err = thrown ? toError(thrown) : null
      this.failure = err
      if (err !== null) this.#stack.emit('error', err, null, null)
      for (const one of waiting) this.#tell(one, err)
    })
  }

  #tell(one: AwaitsCommit, err: Error | null): void {
    try {
      one.committed(err)
    } catch (thrown) {
      this.#stack.emit('error', toError(thrown), null, null)
    }
  }
}
