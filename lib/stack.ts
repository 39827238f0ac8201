import type { Duplex } from 'node:stream'
import { EventEmitter } from 'eventemitter3'
import type { CallbackName, Ctx, Store, StoreArg } from './callbacks.js'
import { Chain } from './chain.js'
import { checkMembers } from './check.js'
import { Client, type ConnectionInfo } from './client.js'
import type { Clock } from './clock.js'
import { asPublish } from './codec/publish.js'
import { type Counters, newCounters } from './counters.js'
import { StackError, toError } from './errors.js'
import { explain } from './explain.js'
import { isThenable, type MaybePromise, type Next } from './flow.js'
import { Flusher } from './flusher.js'
import { Members } from './members.js'
import type { AnyMiddleware, Hooks } from './middleware.js'
import { OutputPool } from './output-pool.js'
import { type Packet, type PublishPacket, packetType } from './packets.js'
import { compile, type Plan } from './plan.js'
import { refuse } from './refuse.js'
import { WaitingRuns } from './registry.js'
import { advance, END, GoneError, Run, type Steps } from './run.js'
import type { Session } from './session/session.js'
import { type StackOptions, type StackSettings, stackSettings } from './stack-options.js'
import { isTopicName, TopicTable } from './topics/index.js'
import { type TraceFilter, type TraceSink, Traces } from './traces.js'

export interface StackEvents {
  client: [client: Client]
  error: [err: Error, client: Client | null, packet: Packet | null]
  stopping: []
  stopped: []
}

export type StackStatus = 'idle' | 'starting' | 'running' | 'draining' | 'stopped'

/** Pipes every packet of every client through ordered middlewares, which talk through named callback chains. */
export class Stack extends EventEmitter<StackEvents> implements AsyncDisposable {
  readonly options: StackSettings
  readonly clock: Clock
  readonly random: () => number
  /** Connected clients by id. Kept by Connection. */
  readonly clients = new Map<string, Client>()
  /** All open connections, also those that have not sent a CONNECT. */
  readonly connections = new Set<Client>()
  /** Live sessions by client id, online or not. Kept by SessionManager. */
  readonly sessions = new Map<string, Session>()
  readonly counters: Counters = newCounters()
  /** @internal */
  readonly topics: TopicTable
  /** @internal */
  readonly flusher: Flusher
  /** @internal */
  readonly outputPool = new OutputPool()
  readonly #members: Members
  readonly #traces = new Traces()
  readonly #chains = new Map<string, Chain<unknown, unknown>>()
  readonly #runs: WaitingRuns
  readonly #report = (err: Error) => this.#tellError(err, null, null)
  readonly #closing = new Map<Client, number>()
  #plan: Plan
  #status: StackStatus = 'idle'
  #slots = 0
  #sweep: { cancel(): void } | null = null
  #stopping: Promise<void> | null = null

  constructor(options: StackOptions = {}) {
    super()
    this.options = stackSettings(options)
    this.clock = this.options.clock
    this.random = this.options.random
    this.topics = new TopicTable(this.random())
    this.flusher = new Flusher(this.clock)
    this.#runs = new WaitingRuns(this.clock)
    this.#members = new Members(this)
    this.#plan = this.#compile()
  }

  get status(): StackStatus {
    return this.#status
  }

  /** The middlewares in order, parts of composites included. */
  get middlewares(): ReadonlyArray<{ readonly name: string; readonly middleware: AnyMiddleware }> {
    return this.#members.list
  }

  /**
   * Appends middlewares. On a running stack they are checked, started and put to work at once, or when the promise
   * of their start() resolves: see whenReady().
   * @throws StackError with everything that is wrong
   */
  use(...middlewares: Array<AnyMiddleware | Hooks>): this {
    this.#members.add(middlewares as AnyMiddleware[], {})
    return this
  }

  /** Like use(), at a place: before or after the middleware of that name. */
  insert(place: { before?: string; after?: string }, ...middlewares: Array<AnyMiddleware | Hooks>): this {
    this.#members.add(middlewares as AnyMiddleware[], place)
    return this
  }

  /**
   * Puts a middleware in the place of another, also on a running stack: connections stay up, packets under way
   * finish on the old plan, and the old one hands over its state (exportState, importState).
   */
  replace(name: string, middleware: AnyMiddleware | Hooks): Promise<this> {
    return this.#members.replace(name, middleware as AnyMiddleware).then(() => this)
  }

  remove(name: string): Promise<this> {
    return this.#members.replace(name, null).then(() => this)
  }

  /** Resolves when all changes of a running stack are at work; rejects when one failed. */
  whenReady(): Promise<void> {
    return this.#members.pending
  }

  /** Compiles again, after a middleware changed what it mutes. */
  refresh(): void {
    this.#plan = this.#compile()
  }

  /** Checks everything, compiles, and starts each middleware in order. */
  async start(): Promise<this> {
    if (this.#status !== 'idle') {
      throw new StackError('STACK_STARTED', `start() on a stack that is ${this.#status}: make a new Stack`)
    }
    checkMembers(this.#members.list)
    this.#status = 'starting'
    this.refresh()
    try {
      await this.#members.startAll()
    } catch (err) {
      this.#status = 'stopped'
      throw err
    }
    this.#status = 'running'
    this.#sweep = this.clock.every(1000, () => this.#sweepNow())
    return this
  }

  /** Refuses new connections, closes clients with 0x8B, lets chains finish, and stops each middleware in reverse. */
  stop(options: { timeout?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.timeout ?? this.options.drainTimeout)
    return this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** What a server calls with each connection: `net.createServer(stack.handler())`. */
  handler(): (stream: Duplex, info?: ConnectionInfo) => Client | null {
    return (stream, info) => {
      if (this.#status !== 'running') {
        stream.destroy()
        return null
      }
      const client = new Client(this, stream, info ?? {})
      this.connections.add(client)
      this.counters.connections++
      for (const { middleware } of this.#plan.members) middleware.install?.(client)
      this.emit('client', client)
      return client
    }
  }

  /** Sends a packet down the stack as if the client had sent it. */
  process(client: Client, packet: Packet, done?: Next): void {
    this.#walk(client, packet, packetType[packet.cmd], 0, done ?? null)
  }

  /** Runs a chain. Returns the store at once when every handler settled synchronously, else a promise of it. */
  execute<K extends CallbackName>(name: K, ctx: Ctx<K>, ...store: StoreArg<K>): MaybePromise<Store<K>>
  /** The same without ever making a promise. */
  execute<K extends CallbackName>(name: K, ctx: Ctx<K>, store: Store<K>, done: Next): void
  execute(name: CallbackName, ctx: object, store?: unknown, done?: Next): unknown {
    const chain = this.#known(name)
    if (done) return chain.call(ctx, store, done)
    const result = chain.run(ctx, store)
    return isThenable(result) ? (result as Promise<void>).then(() => store) : store
  }

  /** The chain itself, for those who execute it often. It follows every change of the stack. */
  chain<K extends CallbackName>(name: K): Chain<Ctx<K>, Store<K>> {
    return this.#chain(name) as unknown as Chain<Ctx<K>, Store<K>>
  }

  /** Whether anybody handles it, so that a caller need not build a context for nobody. */
  handles(name: CallbackName): boolean {
    return (this.#plan.chains.get(name)?.fns.length ?? 0) > 0
  }

  /** Publishes from the server: runs relayMessage. No client has to be authorized for it. */
  publish(packet: Partial<PublishPacket> & { topic: string }): MaybePromise<{ matched: number }> {
    if (!isTopicName(packet.topic)) {
      throw new StackError(
        'STACK_INVALID_OPTIONS',
        `'${packet.topic}' is no topic name: it is empty or has wildcards`
      )
    }
    const publish = asPublish(packet as PublishPacket)
    const expiry = publish.properties?.messageExpiryInterval
    if (expiry !== undefined && publish.expiresAt === 0) publish.expiresAt = this.clock.now() + expiry * 1000
    const store = { matched: 0 }
    const tell = () => {
      const published = this.chain('messagePublished')
      if (published.size > 0) published.tell({ client: null, packet: publish, matched: store.matched })
      return store
    }
    const result = this.chain('relayMessage').run({ client: null, packet: publish }, store)
    return isThenable(result) ? (result as Promise<void>).then(tell) : tell()
  }

  /** The compiled plan, for people: which middlewares see which packet, who handles which callback. */
  explain(): string {
    return explain(this.#plan)
  }

  /** Records each step of the packets of a client or a topic until the function it returns is called. */
  trace(filter: TraceFilter, sink: TraceSink): () => void {
    const end = this.#traces.add(filter, sink)
    this.refresh()
    return () => {
      end()
      this.refresh()
    }
  }

  /** @internal A number for a Slot. */
  nextSlot(): number {
    return this.#slots++
  }

  /** @internal One packet from the wire; false when it has to be waited for. */
  receive(client: Client, packet: Packet, type: number): boolean {
    if (!client.isOpen) return true
    return this.#walk(client, packet, type, 0, null)
  }

  /** Runs a packet that was stopped on from after a middleware, to its end: a CONNECT whose AUTH went well. */
  proceed(client: Client, packet: Packet, from: AnyMiddleware, done: Next): void {
    const type = packetType[packet.cmd]
    const name = this.#members.list.find(({ middleware }) => middleware === from)?.name
    const at = this.#plan.packets[type]!.owners.lastIndexOf(name ?? '')
    this.#walk(client, packet, type, at + 1, done)
  }

  /** @internal */
  outgoing<P extends Packet>(client: Client, packet: P): P | null {
    let out: Packet | null = packet
    for (const hook of this.#plan.outgoing) {
      if (out === null) return null
      out = hook(client, out)
    }
    return out as P | null
  }

  /** @internal Whether anybody wants to see packets before they are encoded. */
  get hasOutgoing(): boolean {
    return this.#plan.outgoing.length > 0
  }

  /** @internal */
  refuse(client: Client, packet: Packet | null, err: Error): void {
    if (err instanceof GoneError) return
    try {
      refuse(client, packet, err, this.options.refuse === 'close')
    } catch (fault) {
      client.destroy()
      this.#report(toError(fault))
    }
    this.#tellError(err, client, packet)
  }

  /** @internal */
  overflowing(client: Client): void {
    this.chain('clientCongested').tell({ client })
  }

  /** @internal */
  drained(client: Client): void {
    this.chain('clientDrained').tell({ client })
  }

  /** @internal The connection is over, whatever its socket still does. */
  gone(client: Client, err: Error | null): void {
    client.closedBy = err
    this.#closing.set(client, this.clock.now() + this.options.lingerTimeout)
    const { members } = this.#plan
    for (let i = members.length - 1; i >= 0; i--) {
      try {
        members[i]!.middleware.uninstall?.(client)
      } catch (thrown) {
        this.#tellError(toError(thrown), client, null)
      }
    }
  }

  /** @internal The socket is closed. */
  forget(client: Client): void {
    this.#closing.delete(client)
    this.connections.delete(client)
  }

  #walk(client: Client, packet: Packet, type: number, from: number, done: Next | null): boolean {
    const plan = this.#plan
    try {
      const result = advance(plan.packets[type]!, from, client, packet)
      if (result instanceof Run) {
        this.#wait(result, client, packet, done, stopped => {
          if (stopped || !this.#finish(plan, client, packet, type, done)) this.#over(client, done)
        })
        return false
      }
      if (result === END && this.#finish(plan, client, packet, type, done)) return false
    } catch (thrown) {
      this.refuse(client, packet, toError(thrown))
    }
    done?.()
    return true
  }

  /** True when it has to be waited for. */
  #finish(plan: Plan, client: Client, packet: Packet, type: number, done: Next | null): boolean {
    const steps = plan.finish[type]!
    if (steps.fns.length === 0) return false
    const result = advance(steps, 0, client, packet)
    if (!(result instanceof Run)) return false
    this.#wait(result, client, packet, done, () => this.#over(client, done))
    return true
  }

  #wait(run: Run, client: Client, packet: Packet, done: Next | null, then: (stopped: boolean) => void): void {
    this.#runs.waiting(run)
    run.settled = (err, stopped) => {
      this.#runs.over(run)
      try {
        if (err === null) return then(stopped)
        this.refuse(client, packet, err)
      } catch (thrown) {
        this.refuse(client, packet, toError(thrown))
      }
      this.#over(client, done)
    }
  }

  #over(client: Client, done: Next | null): void {
    if (done) done()
    else client.settled()
  }

  #known(name: string): Chain<unknown, unknown> {
    const chain = this.#chains.get(name)
    if (chain) return chain
    if (this.#members.knows(name)) return this.#chain(name)
    const text = `'${name}' is no callback of this stack: nobody handles, requires or executes it; is it misspelt?`
    throw new StackError('STACK_UNHANDLED_CALLBACK', text)
  }

  #chain(name: string): Chain<unknown, unknown> {
    let chain = this.#chains.get(name)
    if (!chain) {
      chain = new Chain(name, this.#plan.chains.get(name) ?? this.#nobody(name), this.#runs)
      this.#chains.set(name, chain)
    }
    return chain
  }

  #nobody(title: string): Steps {
    return { title, fns: [], takesNext: [], owners: [], strict: false, guard: null, report: this.#report }
  }

  #compile(): Plan {
    const plan = compile(this.#members.list, {
      strict: this.options.strict,
      report: this.#report,
      tracer: this.#traces.tracer(() => this.clock.now())
    })
    for (const chain of this.#chains.values()) {
      chain.steps = plan.chains.get(chain.name) ?? this.#nobody(chain.name)
    }
    return plan
  }

  #tellError(err: Error, client: Client | null, packet: Packet | null): void {
    this.options.onError(err, client, packet)
    this.emit('error', err, client, packet)
    client?.emit('error', err)
  }

  #sweepNow(): void {
    const now = this.clock.now()
    for (const [client, deadline] of this.#closing) if (now >= deadline) client.destroy()
    if (this.options.strict && this.#runs.size > 0) this.#runs.abortStalled(this.options.stallTimeout)
  }

  async #stop(timeout: number): Promise<void> {
    if (this.#status === 'idle') {
      this.#status = 'stopped'
      return
    }
    this.#status = 'draining'
    this.emit('stopping')
    for (const client of [...this.connections]) client.close('ServerShuttingDown')
    await this.#drain(timeout)
    this.#runs.abortAll()
    for (const client of [...this.connections]) client.destroy()
    this.#sweep?.cancel()
    const failures = await this.#members.stopAll()
    this.#status = 'stopped'
    this.emit('stopped')
    if (failures.length > 0) throw new AggregateError(failures, 'middlewares failed to stop')
  }

  #drain(timeout: number): Promise<void> {
    const emptied = [...this.connections].map(client => new Promise(resolve => client.once('close', resolve)))
    const finished = Promise.all([this.#runs.whenIdle(), ...emptied])
    return new Promise(resolve => {
      const timer = this.clock.after(timeout, resolve)
      finished.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }
}
