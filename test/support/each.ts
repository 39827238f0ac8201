import type { Test } from 'tap'

/** Like t.match() for lists, which by itself does not mind when more was found than wanted. */
export function each(
  t: Test,
  found: readonly unknown[],
  wanted: readonly unknown[],
  message = 'the list'
): void {
  t.equal(found.length, wanted.length, `${message}: as many as wanted`)
  t.match(found, wanted, message)
}
