export type MaybePromise<T> = T | Promise<T>

/** Goes on with the next handler, or refuses with an error. Settles a handler that takes it; exactly once. */
export type Next = (err?: Error | null) => void

/** The type of DONE. Not `unique symbol`, which widens to `symbol` where a handler's return type is inferred. */
export interface Done {
  readonly description: 'DONE'
}

/** Returned by a handler that takes no `next`: ends the chain. A symbol, so that no stray boolean can mean it. */
export const DONE: Done = Symbol('DONE') as unknown as Done

/** What a handler of two parameters returns: nothing to go on, DONE to stop. It throws to refuse. */
// biome-ignore lint/suspicious/noConfusingVoidType: handlers without a return statement are the common case
export type Outcome = MaybePromise<void | Done>

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null && typeof value === 'object' && typeof (value as { then?: unknown }).then === 'function'
  )
}

/** Runs `then` at once when the value is there, after the promise when it is one: sync code stays sync. */
export function after<T, R>(value: MaybePromise<T>, then: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return isThenable(value) ? (value as Promise<T>).then(then) : then(value as T)
}
