import type { MaybePromise } from './flow.js'

/** Acts on one item after the other; synchronous as long as the acts are. Ends early when `goOn` says so. */
export function each<T>(
  items: readonly T[],
  act: (item: T) => MaybePromise<void>,
  goOn: () => boolean = () => true,
  from = 0
): MaybePromise<void> {
  for (let i = from; i < items.length && goOn(); i++) {
    const acted = act(items[i]!)
    if (acted !== undefined) return acted.then(() => each(items, act, goOn, i + 1))
  }
}
