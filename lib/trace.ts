import type { Client } from './client.js'
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

interface Subject {
  client?: Client | null
  session?: { id: string }
  clientId?: string | null
  packet?: Packet
  subscription?: { topic?: string }
  topic?: string
}

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
    const traced: AnyHandler = (a, b, next, done) => {
      const subject = isPacket(b) ? { client: a as Client, packet: b } : (a as Subject)
      const clientId = subject.client?.id ?? subject.session?.id ?? (subject as Subject).clientId ?? ''
      const topic = topicOf(subject)
      if (!this.#wanted(clientId, topic)) return fn(a, b, next, done)
      const record = (outcome: TraceStep['outcome'], error: Error | null = null) =>
        this.#sink({ at: this.#now(), clientId, step, middleware, topic, outcome, error })
      const settling =
        (settle: Next, outcome: 'next' | 'done'): Next =>
        err => {
          record(err ? 'refused' : outcome, err ?? null)
          settle(err)
        }
      let result: unknown
      try {
        result = fn(
          a,
          b,
          takesNext ? settling(next, 'next') : next,
          takesNext ? settling(done, 'done') : done
        )
      } catch (thrown) {
        record('refused', thrown instanceof Error ? thrown : new Error(String(thrown)))
        throw thrown
      }
      if (isThenable(result)) {
        record('waits')
        const settle = (value: unknown) => {
          if (!takesNext) record(value === DONE ? 'done' : 'next')
          return value
        }
        return result.then(settle, reason => {
          record('refused', reason instanceof Error ? reason : new Error(String(reason)))
          throw reason
        })
      }
      if (!takesNext) record(result === DONE ? 'done' : 'next')
      return result
    }
    return traced
  }
}

function isPacket(value: unknown): value is Packet {
  return value !== null && typeof value === 'object' && typeof (value as Packet).cmd === 'string'
}

function topicOf({ packet, subscription, topic }: Subject): string | null {
  if (packet?.cmd === 'publish') return packet.topic
  return topic ?? subscription?.topic ?? null
}
