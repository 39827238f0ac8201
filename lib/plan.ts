import { builtInCallbacks } from './callbacks.js'
import type { Client } from './client.js'
import { type AnyMiddleware, Middleware } from './middleware.js'
import { type Cmd, cmds, type Packet } from './packets.js'
import type { AnyHandler, Steps } from './run.js'
import type { Tracer } from './trace.js'

/** A middleware with the name it goes by in this stack. */
export interface Member {
  readonly name: string
  readonly middleware: AnyMiddleware
}

/** What start() makes of the middlewares: one table per packet type, one per callback. Never changed, only replaced. */
export interface Plan {
  readonly members: readonly Member[]
  /** By packet type number. */
  readonly packets: readonly Steps[]
  readonly finish: readonly Steps[]
  readonly chains: ReadonlyMap<string, Steps>
  readonly outgoing: readonly OutgoingHook[]
}

export interface OutgoingHook {
  readonly owner: string
  readonly fn: (client: Client, packet: Packet) => Packet | null
}

export interface PlanOptions {
  strict: boolean
  report: (err: Error) => void
  /** When a trace is on, every handler is wrapped by it. */
  tracer: Tracer | null
}

/** Members of the interface; their names cannot be callbacks. */
const reserved = new Set<string>([
  ...Object.getOwnPropertyNames(Middleware.prototype),
  ...[
    'constructor',
    'name',
    'stack',
    'packets',
    'finishes',
    'requires',
    'executes',
    'exclusive',
    'muted',
    'after'
  ],
  ...[
    'before',
    'parts',
    'check',
    'start',
    'ready',
    'stop',
    'install',
    'uninstall',
    'handle',
    'finish',
    'outgoing'
  ],
  ...['exportState', 'importState', 'config']
])

/** Packets that mean nothing any more once the connection is gone; a PUBLISH still counts. */
const endWithConnection: ReadonlySet<string> = new Set<Cmd>(['connect', 'auth', 'subscribe', 'unsubscribe'])
const isOpen = (client: unknown) => (client as Client).isOpen

const packetNames = new Set<string>(cmds.filter(cmd => cmd !== undefined))

/** Composites are followed by their parts, or by what has taken the place of one. */
export function flatten(
  middlewares: readonly AnyMiddleware[],
  swapped: ReadonlyMap<AnyMiddleware, AnyMiddleware | null> = new Map()
): AnyMiddleware[] {
  return middlewares.flatMap(middleware => {
    const now = swapped.get(middleware)
    if (now === null) return []
    const taken = now ?? middleware
    return [taken, ...flatten(taken.parts ?? [], swapped)]
  })
}

/** Gives everybody a name of its own: a second Hooks is `hooks#2`. */
export function nameMembers(middlewares: readonly AnyMiddleware[]): Member[] {
  const taken = new Set<string>()
  return middlewares.map(middleware => {
    const base = baseName(middleware)
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}#${n}`
    taken.add(name)
    return { name, middleware }
  })
}

export function baseName(middleware: AnyMiddleware): string {
  return middleware.name ?? (isPlain(middleware) ? 'hooks' : middleware.constructor.name)
}

export function isPlain(middleware: object): boolean {
  const prototype = Object.getPrototypeOf(middleware)
  return prototype === Object.prototype || prototype === null
}

/** The names of the callbacks a middleware has methods for. */
export function callbackNames(middleware: AnyMiddleware): string[] {
  const names = new Set<string>()
  const plain = isPlain(middleware)
  for (let at: object | null = middleware; at && at !== Object.prototype && at !== Middleware.prototype; ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value !== 'function' || reserved.has(name) || name.startsWith('_')) continue
      if (plain && packetNames.has(name)) continue
      if (!middleware.muted?.has(name)) names.add(name)
    }
    at = Object.getPrototypeOf(at)
  }
  return [...names]
}

function packetHandlers(middleware: AnyMiddleware, cmd: Cmd): AnyHandler[] {
  const handlers: AnyHandler[] = []
  const methods = middleware as Record<string, unknown>
  if (middleware.handle && (!middleware.packets || middleware.packets.includes(cmd))) {
    handlers.push(bound(middleware.handle, middleware))
  }
  if (isPlain(middleware) && typeof methods[cmd] === 'function') {
    handlers.push(bound(methods[cmd] as AnyHandler, middleware))
  }
  return handlers
}

/** bind() keeps `length`, which decides how a handler settles. */
function bound(handler: unknown, middleware: AnyMiddleware): AnyHandler {
  return (handler as AnyHandler).bind(middleware)
}

/** Compiles members into tables. Does not judge them: see check.ts. */
export function compile(members: readonly Member[], options: PlanOptions): Plan {
  const build = (
    title: string,
    select: (middleware: AnyMiddleware) => AnyHandler[],
    reverse = false
  ): Steps => {
    const rows = members.flatMap(({ name, middleware }) => select(middleware).map(fn => ({ name, fn })))
    if (reverse) rows.reverse()
    const takesNext = rows.map(({ fn }) => fn.length >= 3)
    const { tracer } = options
    return {
      title,
      fns: tracer
        ? rows.map(({ name, fn }, i) => tracer.wrap(fn, name, title, takesNext[i]!))
        : rows.map(row => row.fn),
      takesNext,
      owners: rows.map(row => row.name),
      strict: options.strict,
      guard: endWithConnection.has(title) ? isOpen : null,
      report: options.report
    }
  }

  const finishes = ({ finishes, packets }: AnyMiddleware, cmd: Cmd) =>
    (finishes ?? packets)?.includes(cmd) ?? true
  const handled = new Set<string>(builtInCallbacks)
  for (const { middleware } of members) for (const name of callbackNames(middleware)) handled.add(name)
  const methods = (middleware: AnyMiddleware, name: string) =>
    callbackNames(middleware).includes(name)
      ? [bound((middleware as Record<string, unknown>)[name], middleware)]
      : []

  return {
    members,
    packets: cmds.map(cmd => build(cmd ?? 'reserved', m => (cmd ? packetHandlers(m, cmd) : []))),
    finish: cmds.map(cmd =>
      build(`${cmd} (finish)`, m => (cmd && m.finish && finishes(m, cmd) ? [bound(m.finish, m)] : []), true)
    ),
    chains: new Map([...handled].map(name => [name, build(name, m => methods(m, name))])),
    outgoing: members
      .flatMap(({ name, middleware: m }) => (m.outgoing ? [{ owner: name, fn: m.outgoing.bind(m) }] : []))
      .reverse()
  }
}
