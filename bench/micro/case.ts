import type { MaybePromise } from '../../lib/index.js'

/** Something small that is done many times and measured. */
export interface Case {
  /** `subject/what is done`. */
  readonly name: string
  /** What is there before the first operation. Called when the case is measured, not when it is listed. */
  prepare(): MaybePromise<Task>
  /** Bytes an operation allocates, where that is known: a wrong measurement is an error. */
  readonly known?: Allocation
}

/** A case that is ready. */
export interface Task {
  /** Does so many operations. Returns what they amounted to: bytes written, handlers called, filters found. */
  run(operations: number): number
  /** What one operation amounts to. A run that returns anything else did something else, and is an error. */
  readonly each: number
  /** Operations that only come together: the messages of a chunk. Default: 1. */
  readonly batch?: number
  /** The most operations of one run. Default: Infinity. */
  readonly most?: number
  /** Takes back what a run did. It is not measured. */
  reset?(): void
}

/** Bytes an operation allocates. */
export interface Allocation {
  /** In the heap of V8: objects, strings, small typed arrays. */
  readonly heap: number
  /** Outside of it: what buffers are views of. */
  readonly external: number
}

/** What is built once and stays: its price is the memory it keeps. */
export interface Weighing {
  readonly name: string
  readonly entries: number
  /** Makes what the structure is built from, which is not weighed, and returns what builds it. */
  prepare(): () => object
}

export type Measurable = Case | Weighing

/** A count that the task can do: whole batches, and no more than it takes. */
export function possible({ batch = 1, most = Number.POSITIVE_INFINITY }: Task, wanted: number): number {
  return Math.max(1, Math.floor(Math.min(wanted, most) / batch)) * batch
}

/** @throws Error when the run did not do its work. */
export function perform(name: string, task: Task, operations: number): void {
  check(name, task, operations, task.run(operations))
}

/** @throws Error when `result` is not what so many operations amount to. */
export function check(name: string, { each }: Task, operations: number, result: number): void {
  if (result === operations * each) return
  throw new Error(`${name}: ${operations} operations amounted to ${result} instead of ${operations * each}`)
}
