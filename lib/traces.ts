import { toError } from './errors.js'
import { topicMatches } from './topics/index.js'
import { type TraceFilter, Tracer, type TraceSink, type TraceStep } from './trace.js'

export type { TraceFilter, TraceSink, TraceStep } from './trace.js'

/** The traces that are on; none means that the plan has no tracer in it. */
export class Traces {
  readonly #on = new Set<{ filter: TraceFilter; sink: TraceSink }>()
  readonly #report: (err: Error) => void

  constructor(report: (err: Error) => void) {
    this.#report = report
  }

  add(filter: TraceFilter, sink: TraceSink): () => void {
    const entry = { filter, sink }
    this.#on.add(entry)
    return () => this.#on.delete(entry)
  }

  tracer(now: () => number): Tracer | null {
    if (this.#on.size === 0) return null
    const wanted = (clientId: string, topic: string | null) =>
      [...this.#on].some(e => matches(e.filter, clientId, topic))
    const sink = (step: TraceStep) => {
      for (const entry of this.#on) {
        if (matches(entry.filter, step.clientId, step.topic)) this.#tell(entry.sink, step)
      }
    }
    return new Tracer(wanted, sink, now)
  }

  /** Who looks on must not change what happens. */
  #tell(sink: TraceSink, step: TraceStep): void {
    try {
      sink(step)
    } catch (thrown) {
      this.#report(toError(thrown))
    }
  }
}

function matches(filter: TraceFilter, clientId: string, topic: string | null): boolean {
  if (filter.clientId !== undefined && filter.clientId !== clientId) return false
  return filter.topic === undefined || (topic !== null && topicMatches(filter.topic, topic))
}
