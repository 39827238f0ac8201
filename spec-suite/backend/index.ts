import type { AnyMiddleware, MaybePromise } from '../../lib/index.js'
import { after, Stack } from '../../lib/index.js'
import { callbackNames, flatten } from '../../lib/plan.js'
import { type BackendCase, type BackendGroup, type GroupCases, Use } from './case.js'
import { delayed } from './delayed.js'
import { inflight } from './inflight.js'
import { offline } from './offline.js'
import { retained } from './retained.js'
import { sessions } from './sessions.js'
import { subscriptions } from './subscriptions.js'
import { wills } from './wills.js'

export type { BackendGroup }

/** A test function of tap or node:test; what a test body throws has to fail it. */
export type SuiteTest = (name: string, fn: () => Promise<void>) => unknown

export interface BackendSuiteOptions<B extends AnyMiddleware> {
  test: SuiteTest
  /** A fresh backend with a storage of its own, at every call. */
  create: () => MaybePromise<B>
  /** A backend on the storage of one that was stopped; without it nothing has to outlive stop(). */
  reopen?: (previous: B) => MaybePromise<B>
  /** Default: every group of whose callbacks the backend, or one of its parts, handles any. */
  groups?: readonly BackendGroup[]
}

const allGroups: readonly GroupCases[] = [sessions, subscriptions, retained, inflight, offline, wills]

/** How many callers there are when clients interleave. */
const crowd = 20

/**
 * The contract of storage as tests: each promise of each group, settled at once, with every handler a turn late, by
 * many clients at a time, and across a restart. Each test has a backend of its own in a stack of its own.
 * Tests are defined when it returns, or when its promise resolves where `create` makes one.
 */
export function backendSuite<B extends AnyMiddleware>(options: BackendSuiteOptions<B>): MaybePromise<void> {
  const { groups } = options
  if (groups) return define(options, groups)
  return after(options.create(), backend => {
    const handled = handledBy(backend)
    // Every group that is of a session handles removeSession.
    const isOwn = (name: string) => name !== 'removeSession' && handled.has(name)
    const found = allGroups.filter(({ callbacks }) => callbacks.some(isOwn))
    define(
      options,
      found.map(({ group }) => group)
    )
  })
}

function define<B extends AnyMiddleware>(
  options: BackendSuiteOptions<B>,
  groups: readonly BackendGroup[]
): void {
  const { test, create, reopen } = options
  for (const { group, callbacks, cases } of allGroups.filter(one => groups.includes(one.group))) {
    test(`${group}: handles every callback of the group`, async () => {
      const handled = handledBy(await create())
      const missing = callbacks.filter(name => !handled.has(name))
      if (missing.length > 0) throw new Error(`nobody handles ${missing.join(', ')}`)
    })
    for (const one of cases) {
      test(`${group}: ${one.name}`, () => alone(one, create, backend => [backend]))
      test(`${group}: ${one.name}, every handler a turn late`, () => alone(one, create, delayed))
      test(`${group}: ${one.name}, many clients at a time`, () => crowded(one, create))
      if (reopen) {
        test(`${group}: ${one.name}, after stop and start`, () => acrossRestart(one, create, reopen))
      }
    }
  }
}

async function alone<B extends AnyMiddleware>(
  { write, read }: BackendCase,
  create: () => MaybePromise<B>,
  wrap: (backend: B) => AnyMiddleware[]
): Promise<void> {
  await inStack(wrap(await create()), async stack => {
    const use = new Use(stack, '')
    await write(use)
    await read(use)
  })
}

async function crowded<B extends AnyMiddleware>(
  { write, read }: BackendCase,
  create: () => MaybePromise<B>
): Promise<void> {
  await inStack(delayed(await create()), async stack => {
    const callers = Array.from({ length: crowd }, (_, i) => new Use(stack, `-${i}`))
    await Promise.all(
      callers.map(async use => {
        await write(use)
        await read(use)
      })
    )
  })
}

async function acrossRestart<B extends AnyMiddleware>(
  { write, read }: BackendCase,
  create: () => MaybePromise<B>,
  reopen: (previous: B) => MaybePromise<B>
): Promise<void> {
  const before = await create()
  await inStack([before], async stack => {
    const use = new Use(stack, '')
    await write(use)
    await use.commit()
  })
  await inStack([await reopen(before)], stack => read(new Use(stack, '')))
}

/** What nobody waited for may fail, too: the stack reports it. */
async function inStack(backend: AnyMiddleware[], act: (stack: Stack) => Promise<void>): Promise<void> {
  const errors: Error[] = []
  {
    await using stack = new Stack({ onError: err => errors.push(err) })
    stack.use(...backend)
    await stack.start()
    await act(stack)
  }
  if (errors[0]) throw errors[0]
}

function handledBy(backend: AnyMiddleware): Set<string> {
  return new Set(flatten([backend]).flatMap(part => [...callbackNames(part)]))
}
