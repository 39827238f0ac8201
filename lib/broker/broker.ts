import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { EventEmitter } from 'eventemitter3'
import {
  type BrokerEvents,
  LocalSubscriptions,
  type MessageHandler,
  PacketEmitter,
  RetainManager,
  Router
} from '../../middlewares/index.js'
import type { Client, ConnectionInfo } from '../client.js'
import { StackError } from '../errors.js'
import {
  attachWebSocket,
  isLoopback,
  type Listenable,
  type Listener,
  type ListenerOptions,
  type ListenerSettings,
  listenerSettings,
  openListener
} from '../listeners/index.js'
import type { AnyMiddleware, Hooks } from '../middleware.js'
import type { MessageProperties, QoS } from '../packets.js'
import type { Stack } from '../stack.js'
import { defaultStack } from './default-stack.js'
import { type BrokerOptions, checkNames } from './options.js'
import { Retained } from './retained.js'

export interface PublishOptions {
  qos?: QoS
  retain?: boolean
  properties?: MessageProperties
}

export interface BrokerStats {
  /** Seconds. */
  uptime: number
  clients: { connected: number; total: number }
  sessions: number
  subscriptions: number
  retained: { messages: number; bytes: number }
  messages: { received: number; sent: number; dropped: number }
  bytes: { received: number; sent: number }
}

/** A ready broker: the default stack, its listeners, and what a program wants of it. */
export class Broker implements AsyncDisposable {
  /** For changes: stack.replace('RetainManager', mine), stack.explain(), stack.trace(…). */
  readonly stack: Stack
  readonly retained: Retained
  readonly #options: BrokerOptions
  readonly #listeners: Listener[] = []
  #starting: Promise<unknown> | null = null
  #startedAt = 0
  #closing: Promise<void> | null = null

  constructor(options: BrokerOptions = {}) {
    checkNames(options)
    this.#options = options
    this.stack = defaultStack(options)
    this.retained = new Retained(this.stack)
  }

  /** The listeners that are open. */
  get listeners(): readonly Listener[] {
    return this.#listeners
  }

  /** Connected clients by id. */
  get clients(): ReadonlyMap<string, Client> {
    return this.stack.clients
  }

  /** connect, disconnect, publish, subscribe, unsubscribe, delivered, dropped, error. */
  get events(): EventEmitter<BrokerEvents> {
    return this.#find(PacketEmitter).events
  }

  on<E extends keyof BrokerEvents>(event: E, listener: (...args: BrokerEvents[E]) => void): this {
    this.events.on(event, listener as never)
    return this
  }

  once<E extends keyof BrokerEvents>(event: E, listener: (...args: BrokerEvents[E]) => void): this {
    this.events.once(event, listener as never)
    return this
  }

  off<E extends keyof BrokerEvents>(event: E, listener: (...args: BrokerEvents[E]) => void): this {
    this.events.off(event, listener as never)
    return this
  }

  /**
   * Adds middlewares or hooks right behind Connection, so that they see every packet of every client that has sent
   * its CONNECT before the others act on it. For another place: `stack.insert`.
   */
  use(...middlewares: Array<AnyMiddleware | Hooks>): this {
    const last = this.#hooked ?? 'Connection'
    this.stack.insert({ after: last }, ...middlewares)
    const newest = middlewares.at(-1)
    this.#hooked = this.stack.middlewares.find(({ middleware }) => middleware === newest)?.name ?? last
    return this
  }

  #hooked: string | null = null

  /** Checks everything and starts the stack; listen() does it when it has not been done. */
  async start(): Promise<this> {
    this.#starting ??= this.stack.start().then(() => {
      this.#startedAt = this.stack.clock.now()
    })
    await this.#starting
    return this
  }

  /**
   * Opens a listener: a port, a URL (`ws://localhost:8083/mqtt`) or options. Without arguments, those of the option
   * `listeners`, or port 1883.
   * @throws StackError that says why it cannot be opened, or is not safe
   */
  async listen(...listenables: Listenable[]): Promise<Listener[]> {
    const wanted = listenables.length > 0 ? listenables : (this.#options.listeners ?? [1883])
    const settings = wanted.map(listenable => this.#guarded(listenerSettings(listenable)))
    await this.start()
    const accept = this.stack.handler()
    const opened: Listener[] = []
    try {
      for (const one of settings) opened.push(await openListener(one, accept))
    } catch (err) {
      await Promise.all(opened.map(listener => listener.close()))
      throw err
    }
    this.#listeners.push(...opened)
    return opened
  }

  /** WebSocket on a path of an HTTP server that exists. Default path: `/mqtt`. The stack has to be started. */
  attach(
    server: HttpServer | HttpsServer,
    options: Pick<ListenerOptions, 'path' | 'name' | 'allowAnonymous' | 'maxConnections'> = {}
  ): Listener {
    const settings = listenerSettings({ ...options, protocol: 'ws', name: options.name ?? 'ws', port: 0 })
    const listener = attachWebSocket(server, settings, this.stack.handler())
    this.#listeners.push(listener)
    return listener
  }

  /** Takes any byte stream as a connection: for transports of your own, and for tests. */
  connect(stream: Duplex, info: ConnectionInfo = {}): Client | null {
    return this.stack.handler()(stream, info)
  }

  /** Says goodbye to everybody (DISCONNECT 0x8B), lets what is under way finish, and stops. */
  close(): Promise<void> {
    this.#closing ??= Promise.all(this.#listeners.splice(0).map(listener => listener.close())).then(() =>
      this.stack.stop()
    )
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Publishes from the server. `matched`: how many subscribers it went to. */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    options: PublishOptions = {}
  ): Promise<{ matched: number }> {
    await this.start()
    return this.stack.publish({ topic, payload: Buffer.from(payload as string), ...options })
  }

  /**
   * Calls a function with every message that matches, retained ones of before left out. Resolves to a function that
   * ends it.
   */
  async subscribe(filter: string, handler: MessageHandler): Promise<() => Promise<void>> {
    await this.start()
    return this.#find(LocalSubscriptions).add(filter, handler)
  }

  stats(): BrokerStats {
    const { stack } = this
    const { counters } = stack
    return {
      uptime: this.#startedAt ? Math.floor((stack.clock.now() - this.#startedAt) / 1000) : 0,
      clients: { connected: stack.clients.size, total: counters.connections },
      sessions: stack.sessions.size,
      subscriptions: this.#lookFor(Router)?.size ?? 0,
      retained: this.#lookFor(RetainManager)?.usage ?? { messages: 0, bytes: 0 },
      messages: {
        received: counters.messagesReceived,
        sent: counters.messagesSent,
        dropped: counters.messagesDropped
      },
      bytes: { received: counters.bytesReceived, sent: counters.bytesSent }
    }
  }

  /** Nobody opens a broker without a lock to the world by accident. */
  #guarded(settings: ListenerSettings): ListenerSettings {
    const { protocol, host, allowAnonymous = this.#options.allowAnonymous } = settings
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
    return this.stack.middlewares.some(
      ({ middleware }) => 'authenticateConnection' in middleware || 'authenticateExchange' in middleware
    )
  }

  #lookFor<M>(kind: new (...args: never[]) => M): M | undefined {
    return this.stack.middlewares
      .map(({ middleware }) => middleware)
      .find(middleware => middleware instanceof kind) as M | undefined
  }

  #find<M>(kind: new (...args: never[]) => M): M {
    const found = this.#lookFor(kind)
    if (found) return found
    throw new StackError(
      'STACK_UNHANDLED_CALLBACK',
      `this needs ${kind.name}, which was removed from the stack`
    )
  }
}

/** Composes the ready broker. Open it with `listen()`. @throws StackError with everything that is wrong */
export function createBroker(options: BrokerOptions = {}): Broker {
  return new Broker(options)
}
