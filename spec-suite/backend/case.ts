import type { CallbackName, Ctx, Stack, Store } from '../../lib/index.js'

/** Which part of the storage contract; see lib/backend.ts. */
export type BackendGroup = 'sessions' | 'subscriptions' | 'retained' | 'inflight' | 'offline' | 'wills'

/**
 * One promise of a backend: what is written, and what is read after it. Between the two the backend may be stopped
 * and opened again.
 */
export interface BackendCase {
  readonly name: string
  write(use: Use): Promise<void>
  read(use: Use): Promise<void>
}

export interface GroupCases {
  readonly group: BackendGroup
  /** What a backend of this group handles. */
  readonly callbacks: readonly CallbackName[]
  readonly cases: readonly BackendCase[]
}

/** A backend in its stack, as one of many callers sees it. */
export class Use {
  readonly stack: Stack
  readonly #suffix: string

  constructor(stack: Stack, suffix: string) {
    this.stack = stack
    this.#suffix = suffix
  }

  /** A client id, or the first level of a topic, that is this caller's own. */
  own(name: string): string {
    return `${name}${this.#suffix}`
  }

  /** Runs a callback and gives its store. */
  async run<K extends CallbackName>(name: K, ctx: Ctx<K>, store: Store<K>): Promise<Store<K>> {
    await this.stack.execute(name, ctx, store, ...([] as never))
    return store
  }

  /** As the broker does it: everybody is told at once, and nobody waits for it. */
  removeSession(name: string): void {
    this.stack.chain('removeSession').tell({ clientId: this.own(name) }, undefined)
  }

  /** Settles when all that was written is as durable as it gets. */
  async commit(): Promise<void> {
    await this.stack.execute('commit', {})
  }
}

/** All items of a paged lookup. `between` runs after each page. */
export async function readAll<T>(
  lookup: (limit: number, cursor: unknown) => Promise<{ items: T[]; cursor?: unknown }>,
  limit: number,
  between?: (page: T[]) => Promise<void>
): Promise<T[]> {
  const all: T[] = []
  let cursor: unknown
  do {
    const page = await lookup(limit, cursor)
    if (page.items.length > limit) {
      throw new Error(`a page of at most ${limit} was asked for, ${page.items.length} came`)
    }
    all.push(...page.items)
    cursor = page.cursor
    await between?.(page.items)
  } while (cursor !== undefined)
  return all
}
