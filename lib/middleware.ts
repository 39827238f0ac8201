import type { CallbackHandlers, CallbackName } from './callbacks.js'
import type { Client } from './client.js'
import type { MaybePromise, Next, Outcome } from './flow.js'
import type { Cmd, Packet, PacketOf } from './packets.js'
import type { Stack } from './stack.js'

/** What the stack needs of a middleware; a plain object will do. */
export interface AnyMiddleware {
  /** Default: the class name, `hooks` for a plain object. A second one of a name gets `#2`. */
  readonly name?: string
  /** Assigned by use(). */
  stack?: Stack
  /** The packets handle() sees. Default: every packet. */
  readonly packets?: readonly Cmd[]
  /** The packets finish() sees. Default: those of handle(). */
  readonly finishes?: readonly Cmd[]
  /** Executed by it, pointless without a handler. */
  readonly requires?: readonly CallbackName[]
  /** Executed by it, fine if nobody handles them. */
  readonly executes?: readonly CallbackName[]
  /** No other middleware may handle these. */
  readonly exclusive?: readonly CallbackName[]
  /** Callbacks it has methods for but does not want to handle now; stack.refresh() after a change. */
  readonly muted?: ReadonlySet<string>
  /** Names that must stand earlier, if present. */
  readonly after?: readonly string[]
  /** Names that must stand later, if present. */
  readonly before?: readonly string[]
  /** A composite: its parts take its place in the stack. */
  readonly parts?: readonly AnyMiddleware[]
  /** What is wrong with its options, in sentences that say what to do. Asked by start() before anything runs. */
  check?(): readonly string[]
  start?(): MaybePromise<void>
  /** Everybody has started: callbacks may be executed. */
  ready?(): MaybePromise<void>
  stop?(): MaybePromise<void>
  /** A connection was made. */
  install?(client: Client): void
  /** The connection is gone (`client.isOpen` is false) or this middleware leaves: exactly once, in reverse order. */
  uninstall?(client: Client): void
  /** Every packet on its way down the stack. */
  handle?(client: Client, packet: never, next: Next, done: Next): Outcome
  /** A packet went through the whole stack: nobody stopped or refused it. In reverse order. */
  finish?(client: Client, packet: never): Outcome
  /** The last word before the encoder, in reverse order; null drops the packet. Synchronous. */
  outgoing?(client: Client, packet: Packet): Packet | null
  /** Hands its state to the middleware that replaces it on a running stack; parts of a composite by their names. */
  exportState?(): unknown
  /** Called between start() and ready(), when the replaced one had a state: whatever that one exported. */
  importState?(state: unknown): void
}

/** A handler of one packet type in a plain object: `{ publish (client, packet) { … } }`. */
export type PacketHooks = {
  [C in Cmd]?: (client: Client, packet: PacketOf<C>, next: Next, done: Next) => Outcome
}

/** Hooks as a plain object: packet handlers by packet name, callback handlers by callback name. */
export type Hooks = AnyMiddleware & PacketHooks & CallbackHandlers

/**
 * The base of the middlewares written as classes. It has no `handle` of its own: a middleware is only on the
 * path of the packets it lists. A method named like a packet (`publish`) handles packets in plain objects only: here
 * it is a callback like any other.
 */
export abstract class Middleware<Config extends object = object, C extends Cmd = Cmd>
  implements AnyMiddleware
{
  readonly config: Readonly<Config>
  declare stack: Stack
  readonly packets?: readonly C[]
  readonly finishes?: readonly Cmd[]
  readonly requires?: readonly CallbackName[]
  readonly executes?: readonly CallbackName[]
  readonly exclusive?: readonly CallbackName[]
  readonly after?: readonly string[]
  readonly before?: readonly string[]
  readonly parts?: readonly AnyMiddleware[]

  constructor(config?: Partial<Config>, defaults?: Config) {
    this.config = withDefaults(config, defaults)
  }

  get name(): string {
    return this.constructor.name
  }

  check?(): readonly string[]
  start?(): MaybePromise<void>
  /** Everybody has started: callbacks may be executed. */
  ready?(): MaybePromise<void>
  stop?(): MaybePromise<void>
  install?(client: Client): void
  uninstall?(client: Client): void
  handle?(client: Client, packet: PacketOf<C>, next: Next, done: Next): Outcome
  finish?(client: Client, packet: never): Outcome
  outgoing?(client: Client, packet: Packet): Packet | null
  exportState?(): unknown
  importState?(state: unknown): void
}

/** An option that is given as undefined keeps its default. */
function withDefaults<Config extends object>(config?: Partial<Config>, defaults?: Config): Config {
  const merged = { ...defaults } as Record<string, unknown>
  for (const [key, value] of Object.entries(config ?? {})) {
    if (value !== undefined) merged[key] = value
  }
  return merged as Config
}
