import type { Duplex } from 'node:stream'
import type { CallbackName, Ctx, Store, StoreArg } from './callbacks.js'
import type { Chain } from './chain.js'
import { Chains } from './chains.js'
import { checkMembers, doubtful } from './check.js'
import { Client, type ConnectionInfo } from './client.js'
import type { Clock } from './clock.js'
import { asPublish } from './codec/publish.js'
import { Connections } from './connections.js'
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
import { GoneError } from './run.js'
import { SafeEmitter } from './safe-emitter.js'
import type { Session } from './session/session.js'
import { type StackOptions, type StackSettings, stackSettings } from './stack-options.js'
import { isTopicName, TopicTable } from './topics/index.js'
import { type TraceFilter, type TraceSink, Traces } from './traces.js'
import { Walker } from './walker.js'

export interface StackEvents {
  client: [client: Client]
  error: [err: Error, client: Client | null, packet: Packet | null]
  /** Strict mode: what works now and is likely to go wrong. */
  warning: [warning: StackError]
  stopping: []
  stopped: []
}

export type StackStatus = 'idle' | 'starting' | 'running' | 'draining' | 'stopped'

/** Pipes every packet of every client through ordered middlewares, which talk through named callback chains. */
export class Stack extends SafeEmitter<StackEvents> implements AsyncDisposable {
  readonly options: StackSettings
  readonly clock: Clock
  readonly random: () => number
  /** Connected clients by id. Kept by Connection. */
  readonly clients = new Map<string, Client>()
  /** All open connections, also those that have not sent a CONNECT. */
  readonly connections: Set<Client>
  /** Live sessions by client id, online or not. Kept by SessionManager. */
  readonly sessions = new Map<string, Session>()
  readonly counters: Counters = newCounters()
  /** @internal */
  readonly topics: TopicTable
  /** @internal */
  readonly flusher: Flusher
  /** @internal */
  readonly outputPool = new OutputPool()
  readonly #report = (err: Error) => this.#tellError(err, null, null)
  readonly #members: Members
  readonly #connections: Connections
  readonly #traces = new Traces(this.#report)
  readonly #runs: WaitingRuns
  readonly #chains: Chains
  readonly #walker: Walker
  #plan: Plan
  #status: StackStatus = 'idle'
  #slots = 0
  #sweep: { cancel(): void } | null = null
  #starting: Promise<this> | null = null
  #stopping: Promise<void> | null = null

  constructor(options: StackOptions = {}) {
    super()
    this.options = stackSettings(options)
    // One way for all: middlewares report with emit('error').
    this.on('error', this.options.onError)
    this.clock = this.options.clock
    this.random = this.options.random
    this.topics = new TopicTable(this.random())
    this.flusher = new Flusher(this.clock)
    this.#runs = new WaitingRuns(this.clock)
    this.#connections = new Connections(this.clock, (err, client) => this.#tellError(err, client, null))
    this.connections = this.#connections.all
    this.#members = new Members(this, this.#connections, this.#report)
    this.#chains = new Chains(this.#runs, this.#report)
    this.#plan = this.#compile()
    this.#walker = new Walker(this.#plan, this.#runs, (client, packet, err) =>
      this.refuse(client, packet, err)
    )
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
   * finish on the old plan, and the old one hands over its state (exportState, importState). A part of a composite
   * can be replaced too: `replace('MemoryRetained', mine)`.
   */
  replace(name: string, middleware: AnyMiddleware | Hooks): Promise<this> {
    return this.#members.replace(name, middleware as AnyMiddleware).then(() => this)
  }

  remove(name: string): Promise<this> {
    return this.#members.replace(name, null).then(() => this)
  }

  /** Resolves when all changes of a running stack are at work; rejects when one failed. */
  whenReady(): Promise<void> {
    return this.#members.settled
  }

  /** Compiles again, after a middleware changed what it mutes. */
  refresh(): void {
    this.#plan = this.#compile()
    this.#chains.follow(this.#plan)
    this.#walker.plan = this.#plan
  }

  /** Checks everything, compiles, and starts each middleware in order. */
  async start(): Promise<this> {
    if (this.#status !== 'idle') {
      throw new StackError('STACK_STARTED', `start() on a stack that is ${this.#status}: make a new Stack`)
    }
    checkMembers(this.#members.list)
    this.#status = 'starting'
    this.refresh()
    this.#starting = this.#start()
    return this.#starting
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
      this.#connections.all.add(client)
      this.counters.connections++
      if (!this.#connections.install(client, this.#plan.members)) return null
      this.emit('client', client)
      return client
    }
  }

  /** Sends a packet down the stack as if the client had sent it. */
  process(client: Client, packet: Packet, done?: Next): void {
    this.#walker.walk(client, packet, packetType[packet.cmd], 0, done ?? null)
  }

  /** Runs a chain. Returns the store at once when every handler settled synchronously, else a promise of it. */
  execute<K extends CallbackName>(name: K, ctx: Ctx<K>, ...store: StoreArg<K>): MaybePromise<Store<K>>
  /** The same without ever making a promise. */
  execute<K extends CallbackName>(name: K, ctx: Ctx<K>, store: Store<K>, done: Next): void
  execute(name: CallbackName, ctx: object, store?: unknown, done?: Next): unknown {
    const chain = this.#chainOf(name)
    if (done) return chain.call(ctx, store, done)
    const result = chain.run(ctx, store)
    return isThenable(result) ? (result as Promise<void>).then(() => store) : store
  }

  /** The chain itself, for those who execute it often. It follows every change of the stack. */
  chain<K extends CallbackName>(name: K): Chain<Ctx<K>, Store<K>> {
    return this.#chains.get(name) as unknown as Chain<Ctx<K>, Store<K>>
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
    this.#checkStarted('relayMessage')
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
    if (this.#status === 'idle') this.refresh()
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
    return this.#walker.walk(client, packet, type, 0, null)
  }

  /** Runs a packet that was stopped on from after a middleware, to its end: a CONNECT whose AUTH went well. */
  proceed(client: Client, packet: Packet, from: AnyMiddleware, done: Next): void {
    const type = packetType[packet.cmd]
    const name = this.#members.list.find(({ middleware }) => middleware === from)?.name
    const at = this.#plan.packets[type]!.owners.lastIndexOf(name ?? '')
    this.#walker.walk(client, packet, type, at + 1, done)
  }

  /** @internal */
  outgoing<P extends Packet>(client: Client, packet: P): P | null {
    let out: Packet | null = packet
    for (const { fn } of this.#plan.outgoing) {
      if (out === null) return null
      out = fn(client, out)
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
    this.#connections.closing(client, this.options.lingerTimeout)
    this.#connections.uninstall(client, this.#plan.members)
  }

  /** @internal The socket is closed. */
  forget(client: Client): void {
    this.#connections.closed(client)
  }

  /** @internal Tells what strict mode finds doubtful. Nobody listening: Node prints it. */
  warn(members: Plan['members']): void {
    if (!this.options.strict) return
    for (const warning of doubtful(members)) {
      if (!this.emit('warning', warning)) process.emitWarning(warning)
    }
  }

  protected override listenerFailed(err: Error): void {
    this.#report(err)
  }

  #chainOf(name: string): Chain {
    this.#checkStarted(name)
    const chain = this.#chains.made(name)
    if (chain) return chain
    if (this.#members.knows(name)) return this.#chains.get(name)
    const text = `'${name}' is no callback of this stack: nobody handles, requires or executes it; is it misspelt?`
    throw new StackError('STACK_UNHANDLED_CALLBACK', text)
  }

  /** A plan that is empty so far must not look like everybody's consent. */
  #checkStarted(name: string): void {
    if (this.#status !== 'idle') return
    throw new StackError('STACK_NOT_STARTED', `'${name}' was executed before start(): nobody would hear it`)
  }

  #compile(): Plan {
    return compile(this.#members.list, {
      strict: this.options.strict,
      report: this.#report,
      tracer: this.#traces.tracer(() => this.clock.now())
    })
  }

  #tellError(err: Error, client: Client | null, packet: Packet | null): void {
    this.emit('error', err, client, packet)
    client?.emit('error', err)
  }

  #sweepNow(): void {
    this.#connections.sweep()
    if (this.options.strict && this.#runs.size > 0) this.#runs.abortStalled(this.options.stallTimeout)
  }

  async #start(): Promise<this> {
    this.warn(this.#members.list)
    try {
      await this.#members.startAll()
    } catch (err) {
      if (this.#status === 'starting') this.#status = 'stopped'
      throw err
    }
    this.#status = 'running'
    this.#sweep = this.clock.every(1000, () => this.#sweepNow())
    return this
  }

  async #stop(timeout: number): Promise<void> {
    if (this.#status === 'idle' || this.#status === 'stopped') {
      this.#status = 'stopped'
      return
    }
    this.#status = 'draining'
    this.emit('stopping')
    for (const client of [...this.connections]) client.close('ServerShuttingDown')
    await this.#connections.drain([this.#runs.whenIdle(), this.#starting], timeout)
    this.#runs.abortAll()
    this.#connections.destroyAll()
    this.#sweep?.cancel()
    const failures = await this.#members.stopAll()
    this.#status = 'stopped'
    this.emit('stopped')
    if (failures.length > 0) throw new AggregateError(failures, 'middlewares failed to stop')
  }
}
