import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { EventEmitter } from 'eventemitter3'
import {
  type BrokerEvents,
  Connection,
  LocalSubscriptions,
  type MessageHandler,
  PacketEmitter,
  RetainManager,
  Router
} from '../../middlewares/index.js'
import type { Client, ConnectionInfo } from '../client.js'
import { StackError } from '../errors.js'
import type { Listenable, Listener } from '../listeners/index.js'
import type { AnyMiddleware, Hooks } from '../middleware.js'
import { flatten } from '../plan.js'
import type { Stack } from '../stack.js'
import { defaultStack } from './default-stack.js'
import { type AttachOptions, Doors } from './doors.js'
import { messageOf, type PublishOptions } from './message.js'
import type { BrokerOptions } from './options.js'
import { Retained } from './retained.js'

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
  readonly #listeners: readonly Listenable[]
  readonly #doors: Doors
  /** What use() was given, parts of composites included. */
  readonly #hooked = new Set<AnyMiddleware>()
  #starting: Promise<unknown> | null = null
  #startedAt = 0
  #closing: Promise<void> | null = null

  /** @throws StackError with everything that is wrong with the options */
  constructor(options: BrokerOptions = {}) {
    this.stack = defaultStack(options)
    this.#listeners = options.listeners ?? [1883]
    this.#doors = new Doors(this.stack, options.allowAnonymous)
    this.retained = new Retained(this.stack, () => this.start())
  }

  /** The listeners that are open. */
  get listeners(): readonly Listener[] {
    return this.#doors.open
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
   * Adds middlewares or hooks right behind Connection and those added before, so that they see every packet before
   * the others act on it. For another place: `stack.insert`. Also on a running broker.
   */
  use(...middlewares: Array<AnyMiddleware | Hooks>): this {
    const { stack } = this
    const names = stack.middlewares
    const first = names.findIndex(({ middleware }) => middleware instanceof Connection) + 1
    const next = names.slice(first).find(({ middleware }) => !this.#hooked.has(middleware))
    if (next) stack.insert({ before: next.name }, ...middlewares)
    else stack.use(...middlewares)
    for (const middleware of flatten(middlewares)) this.#hooked.add(middleware)
    return this
  }

  /** Checks everything and starts the stack; listen() does it when it has not been done. @throws StackError */
  async start(): Promise<this> {
    this.#checkOpen()
    this.#starting ??= this.#start()
    await this.#starting
    return this
  }

  /**
   * Opens listeners: ports, URLs (`ws://localhost:8083/mqtt`) or options; all of them or none. Without arguments,
   * those of the option `listeners`, or port 1883.
   * @throws StackError that says why one cannot be opened, or is not safe
   */
  async listen(...listenables: Listenable[]): Promise<Listener[]> {
    this.#checkOpen()
    return this.#doors.listen(listenables.length > 0 ? listenables : this.#listeners, () => this.start())
  }

  /**
   * WebSocket on a path of an HTTP server that exists. Default path: `/mqtt`. Answers 503 until the broker has
   * started.
   */
  attach(server: HttpServer | HttpsServer, options: AttachOptions = {}): Listener {
    this.#checkOpen()
    return this.#doors.attach(server, options)
  }

  /** Takes any byte stream as a connection: for transports of your own, and for tests. */
  connect(stream: Duplex, info: ConnectionInfo = {}): Client | null {
    return this.stack.handler()(stream, info)
  }

  /** Says goodbye to everybody (DISCONNECT 0x8B), lets what is under way finish, and stops. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Publishes from the server. `matched`: how many subscribers it went to.
   * @throws StackError for what cannot be published
   */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    options: PublishOptions = {}
  ): Promise<{ matched: number }> {
    const message = messageOf(topic, payload, options)
    await this.start()
    return this.stack.publish(message)
  }

  /**
   * Calls a function with every message that matches, retained ones of before left out. Resolves to a function that
   * ends it. What the handler throws or rejects with is an 'error' event.
   * @throws StackError for a filter that is none
   */
  async subscribe(filter: string, handler: MessageHandler): Promise<() => Promise<void>> {
    if (typeof handler !== 'function') {
      const text = `the handler of '${filter}' is ${String(handler)}: give a function`
      throw new StackError('STACK_INVALID_OPTIONS', text)
    }
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

  async #start(): Promise<void> {
    try {
      await this.stack.start()
      this.#startedAt = this.stack.clock.now()
    } catch (err) {
      // What start() complains about can be mended while nothing has run.
      if (this.stack.status === 'idle') this.#starting = null
      throw err
    }
  }

  async #close(): Promise<void> {
    await this.#doors.close()
    await this.stack.stop()
    await this.#doors.settled()
  }

  #checkOpen(): void {
    if (!this.#closing) return
    throw new StackError('STACK_NOT_STARTED', 'the broker is closed: make a new one')
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
