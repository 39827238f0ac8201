import { allocationOf, collect, keptBy, median } from './allocation.js'
import {
  type Allocation,
  type Case,
  type Measurable,
  perform,
  possible,
  type Task,
  type Weighing
} from './case.js'

/** What was measured; null where it is not measured. */
export interface Figures {
  readonly name: string
  /** CPU nanoseconds an operation or entry, of all threads: collections and compiler included. */
  readonly ns: number
  /** Bytes allocated for each operation. */
  readonly allocated: Allocation | null
  /** Bytes that stay for each entry. */
  readonly kept: number | null
}

export interface Effort {
  /** Times that are taken; the median counts. */
  readonly rounds: number
  /** How long one of them takes, in microseconds of CPU. */
  readonly length: number
}

/** Two hundred milliseconds a case, and as much before it to warm up. */
export const usual: Effort = { rounds: 11, length: 20_000 }

/** Bytes that an allocation may differ from what is known of it: nothing is exact to the last byte for ever. */
const tolerance = 0.02

/** @throws Error when the case did not do its work, or its known size was not found. */
export async function measure(one: Measurable, effort: Effort = usual): Promise<Figures> {
  return 'entries' in one ? weigh(one) : measureCase(one, effort)
}

function weigh({ name, entries, prepare }: Weighing): Figures {
  // A first one to warm up: the code that the compiler makes meanwhile would be weighed with it.
  prepare()()
  const { bytes, microseconds } = keptBy(prepare(), entries)
  return { name, ns: microseconds * 1000, allocated: null, kept: bytes }
}

async function measureCase({ name, prepare, known }: Case, effort: Effort): Promise<Figures> {
  const task = await prepare()
  // What the cases before it left is not to be collected at its expense.
  collect()
  const operations = warmUp(name, task, effort)
  const times: number[] = []
  while (times.length < effort.rounds) times.push((cpuOf(name, task, operations) / operations) * 1000)
  const allocated = allocationOf(name, task)
  if (known) compare(name, known, allocated)
  return { name, ns: median(times), allocated, kept: null }
}

/** Doubles the number of operations until a round is long enough, then as long again. */
function warmUp(name: string, task: Task, { rounds, length }: Effort): number {
  let operations = possible(task, 1)
  let cpu = cpuOf(name, task, operations)
  while (cpu < length && possible(task, operations * 2) > operations) {
    operations = possible(task, operations * 2)
    cpu = cpuOf(name, task, operations)
  }
  for (let round = 0; round < rounds / 2; round++) cpu = Math.max(1, cpuOf(name, task, operations))
  // By now it is faster than it was.
  return possible(task, (operations * length) / cpu)
}

/** Microseconds of one run. */
function cpuOf(name: string, task: Task, operations: number): number {
  const begin = process.cpuUsage()
  perform(name, task, operations)
  const { user, system } = process.cpuUsage(begin)
  task.reset?.()
  return user + system
}

function compare(name: string, known: Allocation, found: Allocation): void {
  const isNear = (a: number, b: number) => Math.abs(a - b) <= Math.max(1, b * tolerance)
  if (isNear(found.heap, known.heap) && isNear(found.external, known.external)) return
  const text = ({ heap, external }: Allocation) => `${heap} bytes in the heap and ${external} outside`
  throw new Error(`${name}: allocates ${text(known)}, measured were ${text(found)}`)
}
