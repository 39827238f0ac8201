import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import { StackError } from '../errors.js'
import {
  attachWebSocket,
  type Inside,
  isLoopback,
  type Listenable,
  type Listener,
  type ListenerOptions,
  type ListenerSettings,
  listenerSettings,
  openListener
} from '../listeners/index.js'
import { unknownOptions } from '../options.js'
import type { Stack } from '../stack.js'

export type AttachOptions = Pick<ListenerOptions, 'path' | 'name' | 'allowAnonymous' | 'maxConnections'>

/** The listeners of a broker, and who may be let in through them. */
export class Doors {
  readonly #stack: Stack
  readonly #allowAnonymous: boolean | undefined
  readonly #inside: Inside
  readonly open: Listener[] = []
  #opening: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(stack: Stack, allowAnonymous: boolean | undefined) {
    this.#stack = stack
    this.#allowAnonymous = allowAnonymous
    this.#inside = {
      accept: stack.handler(),
      failed: err => stack.emit('error', err, null, null),
      maximumPacketSize: stack.options.maximumPacketSize,
      get isRunning() {
        return stack.status === 'running'
      }
    }
  }

  /** Opens all, or none and throws. `started`: resolves when the stack runs. */
  async listen(listenables: readonly Listenable[], started: () => Promise<unknown>): Promise<Listener[]> {
    const settings = listenables.map(listenable => this.#guarded(listenerSettings(listenable)))
    const opened = started().then(() => this.#listen(settings))
    this.#opening = Promise.allSettled([this.#opening, opened])
    return opened
  }

  attach(server: HttpServer | HttpsServer, options: AttachOptions): Listener {
    const problems = unknownOptions(options, ['path', 'name', 'allowAnonymous', 'maxConnections'], 'attach()')
    if (problems.length > 0) throw new StackError('STACK_INVALID_OPTIONS', problems.join('\n  '), problems)
    const settings = listenerSettings({ ...options, protocol: 'ws', port: 0 })
    const listener = attachWebSocket(server, settings, this.#inside)
    this.open.push(listener)
    return listener
  }

  /** Those that are just being opened are closed again. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.open.splice(0).map(listener => listener.close()))
  }

  /** Resolves when nothing is being opened any more. */
  async settled(): Promise<void> {
    await this.#opening
  }

  async #listen(settings: readonly ListenerSettings[]): Promise<Listener[]> {
    const opened: Listener[] = []
    try {
      for (const one of settings) opened.push(await openListener(one, this.#inside))
      if (this.#closed) throw new StackError('STACK_LISTEN', 'the broker was closed meanwhile')
    } catch (err) {
      await Promise.all(opened.map(listener => listener.close()))
      throw err
    }
    this.open.push(...opened)
    return opened
  }

  /** Nobody opens a broker without a lock to the world by accident. */
  #guarded(settings: ListenerSettings): ListenerSettings {
    const { protocol, host, allowAnonymous = this.#allowAnonymous } = settings
    const locked = allowAnonymous === false || this.#hasAuthenticator()
    if (protocol === 'unix' || allowAnonymous === true || locked) return { ...settings, allowAnonymous }
    if (host === undefined) return { ...settings, host: 'localhost' }
    if (isLoopback(host)) return settings
    throw new StackError(
      'STACK_LISTEN',
      `${host} is open to other machines and nobody authenticates clients: add an authenticateConnection hook, ` +
        'or say allowAnonymous: true'
    )
  }

  #hasAuthenticator(): boolean {
    return this.#stack.middlewares.some(
      ({ middleware }) => 'authenticateConnection' in middleware || 'authenticateExchange' in middleware
    )
  }
}
