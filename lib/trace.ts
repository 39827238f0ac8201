import type { Client } from './client.js'
import { toError } from './errors.js'
import { badReturn, notSettled, settledTwice } from './faults.js'
import { DONE, isThenable, type Next } from './flow.js'
import type { Packet } from './packets.js'
import type { AnyHandler } from './run.js'

/** One handler that a packet came by. */
export interface TraceStep {
  /** Milliseconds since the epoch. */
  at: number
  clientId: string
  /** The packet type or the callback: `publish`, `relayMessage`. */
  step: string
  middleware: string
  topic: string | null
  /** `waits` is followed by a second record when it settled. */
  outcome: 'next' | 'done' | 'waits' | 'refused'
  /** Why it was refused. */
  error: Error | null
}

export interface TraceFilter {
  clientId?: string
  /** A topic name or filter; packets without a topic are left out. */
  topic?: string
}

export type TraceSink = (step: TraceStep) => void

/** What contexts of callbacks have that says whom and what they are about. */
interface Subject {
  client?: Client | null
  session?: { id: string }
  clientId?: string | null
  packet?: Packet
  message?: { packet: Packet }
  subscription?: { topic?: string }
  topic?: string
}

type Recorder = (outcome: TraceStep['outcome'], error?: Error) => void

/**
 * Records each step of chosen packets. It works by wrapping the handlers of a plan of its own: while no trace is
 * on, the stack runs the plain plan and pays nothing.
 */
export class Tracer {
  readonly #wanted: (clientId: string, topic: string | null) => boolean
  readonly #sink: TraceSink
  readonly #now: () => number

  constructor(
    wanted: (clientId: string, topic: string | null) => boolean,
    sink: TraceSink,
    now: () => number
  ) {
    this.#wanted = wanted
    this.#sink = sink
    this.#now = now
  }

  wrap(fn: AnyHandler, middleware: string, step: string, takesNext: boolean): AnyHandler {
    const trace = takesNext ? traceSettling : traceReturning
    return (a, b, next, done) => {
      const subject = isPacket(b) ? { client: a as Client, packet: b } : (a as Subject)
      const clientId = clientIdOf(subject)
      const topic = topicOf(subject)
      if (!this.#wanted(clientId, topic)) return fn(a, b, next, done)
      const record: Recorder = (outcome, error) =>
        this.#sink({ at: this.#now(), clientId, step, middleware, topic, outcome, error: error ?? null })
      return trace({ middleware, step, record }, (n, d) => fn(a, b, n, d), next, done)
    }
  }
}

interface Visit {
  middleware: string
  step: string
  record: Recorder
}

type Call = (next: Next, done: Next) => unknown

/** A handler that returns: what the kernel makes of its value is what is recorded. */
function traceReturning({ middleware, step, record }: Visit, call: Call, next: Next, done: Next): unknown {
  const judge = (value: unknown) => {
    if (value === undefined) record('next')
    else if (value === DONE) record('done')
    else record('refused', badReturn(middleware, step, value))
    return value
  }
  const refuse = (thrown: unknown) => {
    record('refused', toError(thrown))
    throw thrown
  }
  let result: unknown
  try {
    result = call(next, done)
  } catch (thrown) {
    return refuse(thrown)
  }
  if (!isThenable(result)) return judge(result)
  record('waits')
  return Promise.resolve(result).then(judge, refuse)
}

/** A handler that takes next: it settles by calling it, now or later. */
function traceSettling({ middleware, step, record }: Visit, call: Call, next: Next, done: Next): unknown {
  let settled = false
  const refused = (error: Error) => {
    settled = true
    record('refused', error)
  }
  const settling =
    (settle: Next, outcome: 'next' | 'done'): Next =>
    err => {
      if (settled) refused(settledTwice(middleware, step))
      else if (err) refused(toError(err))
      else record(outcome)
      settled = true
      settle(err)
    }
  let result: unknown
  try {
    result = call(settling(next, 'next'), settling(done, 'done'))
  } catch (thrown) {
    refused(toError(thrown))
    throw thrown
  }
  if (!settled) record('waits')
  if (!isThenable(result)) return result
  return Promise.resolve(result).then(
    value => {
      if (!settled) refused(notSettled(middleware, step))
      return value
    },
    reason => {
      if (!settled) refused(toError(reason))
      throw reason
    }
  )
}

function isPacket(value: unknown): value is Packet {
  return value !== null && typeof value === 'object' && typeof (value as Packet).cmd === 'string'
}

/** A CONNECT is its client's before the client has taken the id. */
function clientIdOf({ client, session, clientId, packet }: Subject): string {
  if (client) return client.id === '' && packet?.cmd === 'connect' ? packet.clientId : client.id
  return session?.id ?? clientId ?? ''
}

function topicOf({ packet, message, subscription, topic }: Subject): string | null {
  const about = packet ?? message?.packet
  if (about?.cmd === 'publish') return about.topic
  return topic ?? subscription?.topic ?? null
}
