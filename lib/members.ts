import { checkMembers, knownCallbacks } from './check.js'
import { StackError } from './errors.js'
import { isThenable, type MaybePromise } from './flow.js'
import type { AnyMiddleware } from './middleware.js'
import { baseName, flatten, type Member, nameMembers } from './plan.js'
import type { Stack } from './stack.js'

interface Place {
  before?: string
  after?: string
}

/** The ordered middlewares of a stack: what changes them before the start and while it runs. */
export class Members {
  readonly #stack: Stack
  /** As they were given to use(): composites not taken apart. */
  #entries: AnyMiddleware[] = []
  #started: AnyMiddleware[] = []
  list: readonly Member[] = []
  #known: ReadonlySet<string> | null = null
  pending: Promise<void> = Promise.resolve()

  constructor(stack: Stack) {
    this.#stack = stack
  }

  /** Whether a callback of this name is built in, handled, or announced by somebody. */
  knows(name: string): boolean {
    this.#known ??= knownCallbacks(this.list)
    return this.#known.has(name)
  }

  add(middlewares: readonly AnyMiddleware[], place: Place): void {
    for (const middleware of middlewares) this.#adopt(middleware)
    const entries = [...this.#entries]
    entries.splice(this.#placeOf(place), 0, ...middlewares)
    const changed = this.#change(entries, null)
    if (!isThenable(changed)) return
    this.pending = Promise.all([this.pending, changed]).then(() => {})
    this.pending.catch(err => this.#stack.emit('error', err, null, null))
  }

  async replace(name: string, middleware: AnyMiddleware | null): Promise<void> {
    await this.pending
    const at = this.#find(name)
    if (middleware) this.#adopt(middleware)
    const entries = [...this.#entries]
    const [old] = entries.splice(at, 1, ...(middleware ? [middleware] : []))
    await this.#change(entries, middleware && old ? { old, middleware } : null)
  }

  /** Starts each in order; if one fails those that started are stopped in reverse. */
  async startAll(): Promise<void> {
    try {
      for (const { middleware } of this.list) {
        await middleware.start?.()
        this.#started.push(middleware)
      }
      for (const { middleware } of this.list) await middleware.ready?.()
    } catch (err) {
      await this.stopAll()
      throw err
    }
  }

  async stopAll(): Promise<unknown[]> {
    const failures: unknown[] = []
    for (const middleware of this.#started.splice(0).reverse()) {
      try {
        await middleware.stop?.()
      } catch (err) {
        failures.push(err)
      }
    }
    return failures
  }

  #adopt(middleware: AnyMiddleware): void {
    if (middleware === null || typeof middleware !== 'object') {
      throw new StackError(
        'STACK_INVALID_MIDDLEWARE',
        `use() was given ${middleware === null ? 'null' : `a ${typeof middleware}`}: give an instance of a middleware, or an object with hooks`
      )
    }
    const { status } = this.#stack
    if (status === 'draining' || status === 'stopped') {
      throw new StackError('STACK_NOT_STARTED', `the stack is ${status}: it cannot be changed any more`)
    }
    for (const part of flatten([middleware])) {
      if (part.stack && part.stack !== this.#stack) {
        const text = `${baseName(part)} belongs to another stack: make an instance for each`
        throw new StackError('STACK_INVALID_MIDDLEWARE', text)
      }
      if (this.list.some(member => member.middleware === part)) {
        const text = `${baseName(part)} is in the stack already: make an instance for each place`
        throw new StackError('STACK_INVALID_MIDDLEWARE', text)
      }
      part.stack = this.#stack
    }
  }

  #placeOf({ before, after }: Place): number {
    if (before !== undefined) return this.#find(before)
    if (after !== undefined) return this.#find(after) + 1
    return this.#entries.length
  }

  #find(name: string): number {
    const middleware = this.list.find(member => member.name === name)?.middleware
    const at = this.#entries.indexOf(middleware as AnyMiddleware)
    if (at !== -1) return at
    const names = this.list
      .filter(member => this.#entries.includes(member.middleware))
      .map(member => member.name)
    throw new StackError(
      'STACK_INVALID_MIDDLEWARE',
      `no middleware is named '${name}': there are ${names.join(', ')}`
    )
  }

  #change(
    entries: AnyMiddleware[],
    swap: { old: AnyMiddleware; middleware: AnyMiddleware } | null
  ): MaybePromise<void> {
    const list = nameMembers(flatten(entries))
    if (this.#stack.status !== 'running') return this.#take(entries, list)
    checkMembers(list, 'be changed')
    const before = this.list.map(member => member.middleware)
    const now = list.map(member => member.middleware)
    const added = now.filter(middleware => !before.includes(middleware))
    const removed = before.filter(middleware => !now.includes(middleware))
    const started = startInOrder(added)
    const change = () => {
      if (swap) swap.middleware.importState?.(swap.old.exportState?.())
      this.#take(entries, list)
      this.#stack.refresh()
      for (const client of this.#stack.connections) {
        for (const middleware of removed.toReversed()) middleware.uninstall?.(client)
        for (const middleware of added) middleware.install?.(client)
      }
      this.#started = this.#started.filter(middleware => !removed.includes(middleware)).concat(added)
      for (const middleware of added) middleware.ready?.()
      return stopInReverse(removed)
    }
    return isThenable(started) ? (started as Promise<void>).then(change) : change()
  }

  #take(entries: AnyMiddleware[], list: readonly Member[]): void {
    this.#entries = entries
    this.list = list
    this.#known = null
  }
}

/** Synchronous as long as they are, so that use() on a running stack is at work when it returns. */
function startInOrder(middlewares: readonly AnyMiddleware[]): MaybePromise<void> {
  for (const [i, middleware] of middlewares.entries()) {
    const started = middleware.start?.()
    if (isThenable(started))
      return (started as Promise<void>).then(() => startInOrder(middlewares.slice(i + 1)))
  }
}

function stopInReverse(middlewares: readonly AnyMiddleware[]): MaybePromise<void> {
  const stopped = middlewares.toReversed().map(middleware => middleware.stop?.())
  if (stopped.some(isThenable)) return Promise.all(stopped).then(() => {})
}
