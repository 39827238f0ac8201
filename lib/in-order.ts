import { isThenable, type MaybePromise } from './flow.js'

/**
 * Runs steps one after the other, each of them whatever became of those before; gives what they failed with.
 * Synchronous as long as they are.
 */
export function tryAll(
  steps: ReadonlyArray<() => unknown>,
  failures: unknown[] = []
): MaybePromise<unknown[]> {
  for (const [i, step] of steps.entries()) {
    try {
      const result = step()
      if (!isThenable(result)) continue
      const rest = () => tryAll(steps.slice(i + 1), failures)
      return Promise.resolve(result).then(rest, reason => {
        failures.push(reason)
        return rest()
      })
    } catch (thrown) {
      failures.push(thrown)
    }
  }
  return failures
}
