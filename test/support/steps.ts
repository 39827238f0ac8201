import { type AnyHandler, advance, END, Run, type Steps } from '../../lib/run.js'

/** A row of handlers as the plan would compile it; its owners are A, B, C … */
export function stepsOf(
  handlers: readonly AnyHandler[],
  options: Partial<Steps> = {}
): Steps & { reported: Error[] } {
  const reported: Error[] = []
  return {
    title: 'probe',
    fns: handlers,
    takesNext: handlers.map(handler => handler.length >= 3),
    owners: handlers.map((_, i) => String.fromCharCode(65 + i)),
    strict: true,
    guard: null,
    report: err => reported.push(err),
    reported,
    ...options
  }
}

export interface Ended {
  /** How it ended: at the end of the row, stopped by a handler, or refused. */
  how: 'end' | 'stopped' | 'refused'
  error: Error | null
  sync: boolean
}

/** Runs a row; resolves when it settled. */
export function ended(steps: Steps, a: unknown = {}, b: unknown = {}): Promise<Ended> {
  return new Promise(resolve => {
    try {
      const result = advance(steps, 0, a, b)
      if (!(result instanceof Run)) {
        resolve({ how: result === END ? 'end' : 'stopped', error: null, sync: true })
        return
      }
      result.settled = (error, stopped) => {
        resolve({ how: error ? 'refused' : stopped ? 'stopped' : 'end', error, sync: false })
      }
    } catch (error) {
      resolve({ how: 'refused', error: error as Error, sync: true })
    }
  })
}

/** A row that waits: what it needs to be watched while it does. */
export function waiting(steps: Steps, a: unknown = {}, b: unknown = {}): { run: Run; ends: Ended[] } {
  const run = advance(steps, 0, a, b)
  if (!(run instanceof Run)) throw new Error(`nothing waits: ${String(run)}`)
  const ends: Ended[] = []
  run.settled = (error, stopped) => {
    ends.push({ how: error ? 'refused' : stopped ? 'stopped' : 'end', error, sync: false })
  }
  return { run, ends }
}
