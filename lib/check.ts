import { builtInCallbacks } from './callbacks.js'
import { StackError, type StackErrorCode } from './errors.js'
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
    ...members.flatMap(misspelt)
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
    ...members.flatMap(({ middleware }) => [
      ...callbackNames(middleware),
      ...((middleware.requires ?? []) as readonly string[]),
      ...((middleware.executes ?? []) as readonly string[])
    ])
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

/** A plain object cannot be checked by the compiler when it comes from JavaScript; near misses are told. */
function misspelt({ name, middleware }: Member): Problem[] {
  if (!isPlain(middleware)) return []
  const known = new Set<string>(builtInCallbacks)
  return callbackNames(middleware)
    .filter(callback => !known.has(callback))
    .flatMap(callback => {
      const meant = builtInCallbacks.find(other => distance(callback.toLowerCase(), other.toLowerCase()) <= 2)
      if (!meant) return []
      const text = `${name} has a method '${callback}' that nothing executes: did you mean '${meant}'?`
      return [{ code: 'STACK_UNHANDLED_CALLBACK' as const, text }]
    })
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
