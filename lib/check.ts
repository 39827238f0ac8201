import { builtInCallbacks } from './callbacks.js'
import { StackError, type StackErrorCode } from './errors.js'
import type { AnyMiddleware } from './middleware.js'
import { cmds } from './packets.js'
import { callbackNames, isPlain, type Member } from './plan.js'

interface Problem {
  code: StackErrorCode
  text: string
}

/** Everything that is wrong with a stack, in one StackError whose text says what to add or move. */
export function checkMembers(members: readonly Member[], verb = 'start'): void {
  const problems = [
    ...members.flatMap(invalidOptions),
    ...members.flatMap(member => unhandled(member, members)),
    ...members.flatMap(member => shared(member, members)),
    ...members.flatMap((member, i) => misplaced(member, i, members)),
    ...members.flatMap(member => misspelt(member, members))
  ]
  const [first] = problems
  if (!first) return
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const lines = problems.map(({ text }, i) => `  ${i + 1} ${text}`)
  const order = `order: ${members.map(({ name }) => name).join(', ')}`
  throw new StackError(
    first.code,
    [`the stack cannot ${verb}, ${count}`, ...lines, order].join('\n'),
    problems.map(({ text }) => text)
  )
}

/** Names of callbacks that somebody executes, handles or that are built in. */
export function knownCallbacks(members: readonly Member[]): Set<string> {
  return new Set<string>([
    ...builtInCallbacks,
    ...announcedCallbacks(members),
    ...members.flatMap(({ middleware }) => callbackNames(middleware))
  ])
}

/** Names of callbacks that somebody says to execute. */
export function announcedCallbacks(members: readonly Member[]): string[] {
  return members.flatMap(({ middleware }) => [
    ...((middleware.requires ?? []) as readonly string[]),
    ...((middleware.executes ?? []) as readonly string[])
  ])
}

function invalidOptions({ name, middleware }: Member): Problem[] {
  const texts = middleware.check?.() ?? []
  return texts.map(text => ({ code: 'STACK_INVALID_OPTIONS' as const, text: `${name}: ${text}` }))
}

function unhandled({ name, middleware }: Member, members: readonly Member[]): Problem[] {
  return ((middleware.requires ?? []) as readonly string[])
    .filter(callback => !members.some(other => callbackNames(other.middleware).includes(callback)))
    .map(callback => ({
      code: 'STACK_UNHANDLED_CALLBACK' as const,
      text: `${name} requires '${callback}' and nobody handles it: add a middleware with a ${callback} method`
    }))
}

function shared({ name, middleware }: Member, members: readonly Member[]): Problem[] {
  return ((middleware.exclusive ?? []) as readonly string[]).flatMap(callback =>
    members
      .filter(other => other.middleware !== middleware && callbackNames(other.middleware).includes(callback))
      .map(other => ({
        code: 'STACK_DUPLICATE_HANDLER' as const,
        text: `'${callback}' is exclusive to ${name}, but ${other.name} handles it too: remove one of them`
      }))
  )
}

function misplaced({ name, middleware }: Member, at: number, members: readonly Member[]): Problem[] {
  const wrong = (names: readonly string[] | undefined, word: string, bad: (i: number) => boolean) =>
    (names ?? []).flatMap(other =>
      members.some((member, i) => baseOf(member) === other && bad(i))
        ? [
            {
              code: 'STACK_ORDER' as const,
              text: `${name} must stand ${word} ${other} (declared by ${name})`
            }
          ]
        : []
    )
  return [
    ...wrong(middleware.after, 'after', i => i > at),
    ...wrong(middleware.before, 'before', i => i < at)
  ]
}

function baseOf({ name }: Member): string {
  return name.replace(/#\d+$/, '')
}

/** What a plain object may have besides callbacks. */
const hookNames = [
  ...cmds.filter(cmd => cmd !== undefined),
  ...['install', 'uninstall', 'handle', 'finish', 'outgoing', 'exportState', 'importState']
]

/** A plain object cannot be checked by the compiler when it comes from JavaScript; near misses are told. */
function misspelt({ name, middleware }: Member, members: readonly Member[]): Problem[] {
  if (!isPlain(middleware)) return []
  const known = [...builtInCallbacks, ...hookNames, ...announcedCallbacks(members)]
  return callbackNames(middleware)
    .filter(callback => !known.includes(callback))
    .flatMap(callback => {
      const meant = known.find(other => isNear(callback, other))
      if (!meant) return []
      const text =
        `${name} has a method '${callback}' that nothing executes: did you mean '${meant}'? ` +
        'The name of a method for its own use begins with _'
      return [{ code: 'STACK_UNHANDLED_CALLBACK' as const, text }]
    })
}

/** Two slips in a long name, one in a short one: short words are near to each other by nature. */
function isNear(a: string, b: string): boolean {
  return distance(a.toLowerCase(), b.toLowerCase()) <= (b.length < 9 ? 1 : 2)
}

/** What may work and is likely not to do what was meant. */
export function doubtful(members: readonly Member[]): StackError[] {
  return [...asyncWithNext(members), ...deafHandlers(members)]
}

/** In a class a method named like a packet is a callback that nobody executes. */
function deafHandlers(members: readonly Member[]): StackError[] {
  const announced = announcedCallbacks(members)
  return members.flatMap(({ name, middleware }) =>
    isPlain(middleware)
      ? []
      : callbackNames(middleware)
          .filter(method => (cmds as readonly unknown[]).includes(method) && !announced.includes(method))
          // It takes the client and the packet: a method for others, such as connect(), rarely looks like this.
          .filter(method => (middleware as Record<string, { length: number }>)[method]!.length >= 2)
          .map(
            method =>
              new StackError(
                'STACK_UNHANDLED_CALLBACK',
                `${name}.${method} handles no packets: in a class handle() does, with packets = ['${method}']; ` +
                  'methods named like packets are for plain objects'
              )
          )
  )
}

/**
 * Handlers that are async and take next: what is thrown after next() can refuse nothing any more, and a path
 * without next() is only seen when the promise has resolved.
 */
function asyncWithNext(members: readonly Member[]): StackError[] {
  return members.flatMap(({ name, middleware }) =>
    [...new Set(['handle', 'finish', ...packetHookNames(middleware), ...callbackNames(middleware)])]
      .filter(method => isAsyncWithNext((middleware as Record<string, unknown>)[method]))
      .map(
        method =>
          new StackError(
            'STACK_ASYNC_NEXT',
            `${name}.${method} is async and takes next: take two parameters and return, or do not make it async`
          )
      )
  )
}

function packetHookNames(middleware: AnyMiddleware): string[] {
  return isPlain(middleware) ? hookNames.filter(hook => Object.hasOwn(middleware, hook)) : []
}

function isAsyncWithNext(method: unknown): boolean {
  if (typeof method !== 'function' || method.length < 3) return false
  return Object.prototype.toString.call(method) === '[object AsyncFunction]'
}

/** Levenshtein distance; names are short and this runs at start only. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
