import v8 from 'node:v8'
import vm from 'node:vm'
import { type Allocation, check, possible, type Task } from './case.js'

/** Bytes that one sample should allocate: many blocks of the pool that small buffers come from. */
const sampleSize = 4_000_000
const samples = 5
const mostOperations = 50_000

interface Growth extends Allocation {
  readonly result: number
  /** Collections that ran meanwhile: with any, the difference says nothing. */
  readonly collections: number
}

interface Clean {
  readonly sample: Allocation
  readonly operations: number
}

/**
 * Bytes a task allocates for each operation: the median of five samples.
 *
 * Between two collections V8 hands out memory by moving a pointer, so the growth of `heapUsed` over a run is what was
 * allocated, to the byte, whether it became garbage or not; `arrayBuffers` is the same for the memory of buffers. A
 * collection would spoil it. So each sample begins with an empty young generation, and GCProfiler tells whether it was
 * filled all the same: then the sample is thrown away, and half as long the next time. Only the young generation is
 * collected before it: after a full collection some of the compiler's code is gone, and what runs instead allocates up
 * to twice as much for a while. For the same reason the code has to be warm: measure times first.
 *
 * What taking a sample allocates itself, some 240 bytes, is measured with an empty run and taken off. The compiler at
 * work in the background allocates, too, hence the median. What is left is the end of each page of 256 KiB, where the
 * next object did not fit: nothing for small ones, 3 % for those of 8 KiB.
 *
 * Cases of known size (known.ts) are measured with the others and have to come out right.
 */
export function allocationOf(name: string, task: Task): Allocation {
  const empty = growth(() => 0)
  let operations = possible(task, 100)
  const first = clean(name, task, operations, empty)
  const weight = Math.max(1, first.sample.heap + first.sample.external) / first.operations
  operations = possible(task, Math.min(mostOperations, sampleSize / weight))
  const all: Allocation[] = []
  while (all.length < samples) {
    const { sample, operations: done } = clean(name, task, operations, empty)
    operations = done
    all.push({ heap: sample.heap / done, external: sample.external / done })
  }
  return { heap: median(all.map(({ heap }) => heap)), external: median(all.map(({ external }) => external)) }
}

/** A sample without collections, of as many operations or fewer. */
function clean(name: string, task: Task, wanted: number, empty: Allocation): Clean {
  for (let operations = wanted; ; operations = possible(task, operations / 2)) {
    const { result, heap, external, collections } = growth(() => task.run(operations))
    check(name, task, operations, result)
    task.reset?.()
    const sample = { heap: heap - empty.heap, external: external - empty.external }
    if (collections === 0) return { sample, operations }
    if (operations === possible(task, 1))
      throw new Error(`${name}: its least number of operations fills a heap`)
  }
}

function growth(run: () => number): Growth {
  collectYoung()
  const profiler = new v8.GCProfiler()
  profiler.start()
  const before = process.memoryUsage()
  const result = run()
  const after = process.memoryUsage()
  const collections = profiler.stop().statistics.length
  const heap = after.heapUsed - before.heapUsed
  return { result, heap, external: after.arrayBuffers - before.arrayBuffers, collections }
}

/** Bytes in use that a build leaves behind for each entry, and what it took to build in microseconds. */
export function keptBy(build: () => object, entries: number): { bytes: number; microseconds: number } {
  collect()
  const before = process.memoryUsage()
  const begin = process.cpuUsage()
  const kept = [build()]
  const { user, system } = process.cpuUsage(begin)
  collect()
  const after = process.memoryUsage()
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  // Read after the second measurement: until then it has to be alive.
  return { bytes: (bytes * kept.length) / entries, microseconds: (user + system) / entries }
}

v8.setFlagsFromString('--expose-gc')
const gc: (how?: { type: 'minor' }) => void = vm.runInNewContext('gc')

/** Twice: the memory of dead buffers is freed in the background, and the second one waits for that. */
export function collect(): void {
  gc()
  gc()
}

/** Twice, too: what survives one is moved out of the young generation by the next. */
function collectYoung(): void {
  gc({ type: 'minor' })
  gc({ type: 'minor' })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
