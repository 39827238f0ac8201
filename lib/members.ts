import { ChangeQueue } from './change-queue.js'
import { checkMembers, knownCallbacks } from './check.js'
import type { Connections } from './connections.js'
import { StackError, toError } from './errors.js'
import { after, isThenable, type MaybePromise } from './flow.js'
import { tryAll } from './in-order.js'
import type { AnyMiddleware } from './middleware.js'
import { baseName, flatten, type Member, nameMembers } from './plan.js'
import type { Stack } from './stack.js'

interface Place {
  before?: string
  after?: string
}

interface Swap {
  old: AnyMiddleware
  middleware: AnyMiddleware
}

/** What was given to use(), and what has taken the place of parts of composites. */
interface Layout {
  readonly entries: readonly AnyMiddleware[]
  /** By the part as its composite has it; null: it was removed. */
  readonly swapped: ReadonlyMap<AnyMiddleware, AnyMiddleware | null>
}

/** The ordered middlewares of a stack: what changes them before the start and while it runs. */
export class Members {
  readonly #stack: Stack
  readonly #connections: Connections
  readonly #report: (err: Error) => void
  readonly #changes = new ChangeQueue()
  #layout: Layout = { entries: [], swapped: new Map() }
  #started: AnyMiddleware[] = []
  list: readonly Member[] = []
  #known: ReadonlySet<string> | null = null

  constructor(stack: Stack, connections: Connections, report: (err: Error) => void) {
    this.#stack = stack
    this.#connections = connections
    this.#report = report
  }

  /** Resolves when all changes are at work; rejects when one failed. */
  get settled(): Promise<void> {
    return this.#changes.settled
  }

  /** Whether a callback of this name is built in, handled, or announced by somebody. */
  knows(name: string): boolean {
    this.#known ??= knownCallbacks(this.list)
    return this.#known.has(name)
  }

  add(middlewares: readonly AnyMiddleware[], place: Place): void {
    const changed = this.#changes.run(() => {
      const { entries, swapped } = this.#layout
      const at = this.#placeOf(place)
      this.#checkNew(middlewares)
      return this.#change({ entries: entries.toSpliced(at, 0, ...middlewares), swapped }, null)
    })
    if (isThenable(changed)) changed.then(undefined, reason => this.#report(toError(reason)))
  }

  /** Puts a middleware, or nothing, in the place of another. */
  async replace(name: string, middleware: AnyMiddleware | null): Promise<void> {
    await this.#changes.run(() => {
      const old = this.#named(name)
      if (middleware) this.#checkNew([middleware])
      return this.#change(this.#without(old, middleware), middleware && { old, middleware })
    })
  }

  /** Starts each in order; if one fails those that started are stopped in reverse. */
  async startAll(): Promise<void> {
    try {
      for (const { middleware } of this.list) {
        await middleware.start?.()
        this.#started.push(middleware)
        this.#checkStarting()
      }
      for (const { middleware } of this.list) {
        await middleware.ready?.()
        this.#checkStarting()
      }
    } catch (err) {
      await this.stopAll()
      throw err
    }
  }

  /** In reverse; gives what they failed with. */
  stopAll(): MaybePromise<unknown[]> {
    return stopInReverse(this.#started.splice(0))
  }

  #checkStatus(): void {
    const { status } = this.#stack
    if (status === 'idle' || status === 'running') return
    const when =
      status === 'starting' ? 'change it before start(), or when it has started' : 'make a new Stack'
    throw new StackError('STACK_NOT_STARTED', `the stack is ${status} and cannot be changed: ${when}`)
  }

  #checkStarting(): void {
    if (this.#stack.status === 'starting') return
    throw new StackError('STACK_NOT_STARTED', 'stop() was called while the stack was starting')
  }

  #checkNew(middlewares: readonly AnyMiddleware[]): void {
    this.#checkStatus()
    for (const middleware of middlewares) {
      if (middleware !== null && typeof middleware === 'object') continue
      const what = middleware === null ? 'null' : `a ${typeof middleware}`
      throw new StackError(
        'STACK_INVALID_MIDDLEWARE',
        `use() was given ${what}: give an instance of a middleware, or an object with hooks`
      )
    }
    const parts = flatten(middlewares)
    for (const [i, part] of parts.entries()) {
      const text = this.#stranger(part, parts.indexOf(part) !== i)
      if (text) throw new StackError('STACK_INVALID_MIDDLEWARE', `${baseName(part)} ${text}`)
    }
    for (const part of parts) part.stack = this.#stack
  }

  /** Why an instance cannot be taken. */
  #stranger(part: AnyMiddleware, twice: boolean): string | null {
    if (part.stack && part.stack !== this.#stack) return 'belongs to another stack: make an instance for each'
    if (!twice && this.list.every(({ middleware }) => middleware !== part)) return null
    return 'is in the stack already: make an instance for each place'
  }

  #placeOf({ before, after }: Place): number {
    if (before !== undefined) return this.#find(before)
    if (after !== undefined) return this.#find(after) + 1
    return this.#layout.entries.length
  }

  #find(name: string): number {
    const middleware = this.#named(name)
    const at = this.#layout.entries.indexOf(middleware)
    if (at !== -1) return at
    throw new StackError(
      'STACK_INVALID_MIDDLEWARE',
      `'${name}' is part of a composite and nothing can stand beside it: take a place before or after the composite`
    )
  }

  #named(name: string): AnyMiddleware {
    const member = this.list.find(member => member.name === name)
    if (member) return member.middleware
    const names = this.list.map(member => member.name)
    const there = names.length > 0 ? `there are ${names.join(', ')}` : 'the stack is empty'
    throw new StackError('STACK_INVALID_MIDDLEWARE', `no middleware is named '${name}': ${there}`)
  }

  /** The layout with something, or nothing, in the place of a middleware or a part of one. */
  #without(old: AnyMiddleware, instead: AnyMiddleware | null): Layout {
    const { entries, swapped } = this.#layout
    const at = entries.indexOf(old)
    if (at !== -1) return { entries: entries.toSpliced(at, 1, ...(instead ? [instead] : [])), swapped }
    const [original] = [...swapped].find(([, now]) => now === old) ?? [old]
    return { entries, swapped: new Map(swapped).set(original, instead) }
  }

  #change(layout: Layout, swap: Swap | null): MaybePromise<void> {
    this.#checkStatus()
    const list = nameMembers(flatten(layout.entries, layout.swapped))
    if (this.#stack.status !== 'running') return this.#take(layout, list)
    checkMembers(list, 'be changed')
    const added = list.filter(({ middleware }) => !this.#has(middleware))
    return after(startInOrder(added.map(({ middleware }) => middleware)), () => {
      this.#handOver(swap, added)
      return this.#putToWork(layout, list, added)
    })
  }

  #has(middleware: AnyMiddleware): boolean {
    return this.list.some(member => member.middleware === middleware)
  }

  /** The last step that may fail: after it the new middlewares are at work. */
  #handOver(swap: Swap | null, added: readonly Member[]): void {
    try {
      this.#checkStatus()
      if (swap) handOver(flatten([swap.old], this.#layout.swapped), flatten([swap.middleware]))
    } catch (thrown) {
      stopInReverse(added.map(({ middleware }) => middleware))
      throw thrown
    }
  }

  #putToWork(layout: Layout, list: readonly Member[], added: readonly Member[]): MaybePromise<void> {
    const now = list.map(({ middleware }) => middleware)
    const removed = this.list.filter(({ middleware }) => !now.includes(middleware))
    this.#take(layout, list)
    this.#started = now
    this.#stack.refresh()
    this.#stack.warn(added)
    for (const client of this.#connections.all) {
      // Those that are closing have been told already.
      if (client.isOpen) this.#connections.uninstall(client, removed)
      if (client.isOpen) this.#connections.install(client, added)
    }
    const told = tryAll([
      ...added.map(
        ({ middleware }) =>
          () =>
            middleware.ready?.()
      ),
      () => after(stopInReverse(removed.map(({ middleware }) => middleware)), throwAny)
    ])
    return after(told, throwAny)
  }

  #take(layout: Layout, list: readonly Member[]): void {
    this.#layout = layout
    this.list = list
    this.#known = null
  }
}

/** Synchronous as long as they are, so that use() on a running stack is at work when it returns. */
function startInOrder(middlewares: readonly AnyMiddleware[], from = 0): MaybePromise<void> {
  const fail = (at: number, thrown: unknown) => {
    stopInReverse(middlewares.slice(0, at))
    throw thrown
  }
  for (let i = from; i < middlewares.length; i++) {
    try {
      const started = middlewares[i]!.start?.()
      if (!isThenable(started)) continue
      return Promise.resolve(started).then(
        () => startInOrder(middlewares, i + 1),
        reason => fail(i, reason)
      )
    } catch (thrown) {
      fail(i, thrown)
    }
  }
}

/** The first takes over from the first, parts of composites from those of their name. Nothing is left: a new start. */
function handOver(
  [old, ...oldParts]: readonly AnyMiddleware[],
  [now, ...parts]: readonly AnyMiddleware[]
): void {
  const state = old?.exportState?.()
  if (state !== undefined) now?.importState?.(state)
  for (const part of parts) {
    const before = oldParts.find(other => baseName(other) === baseName(part))
    if (before) handOver([before], [part])
  }
}

function stopInReverse(middlewares: readonly AnyMiddleware[]): MaybePromise<unknown[]> {
  return tryAll(middlewares.toReversed().map(middleware => () => middleware.stop?.()))
}

function throwAny(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1) throw new AggregateError(failures, 'middlewares failed')
}
