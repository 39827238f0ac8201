import type { Case } from './case.js'

/** Keeps what was made last, so that the compiler cannot leave it out. */
const last: unknown[] = new Array(64).fill(null)

/** Allocations of known size: they prove the measurement of the others. */
export const knownCases: readonly Case[] = [
  {
    name: 'known/nothing',
    known: { heap: 0, external: 0 },
    prepare: () => ({ each: 1, run: operations => operations })
  },
  {
    // Map, properties, elements and four fields, of 8 bytes each.
    name: 'known/an object with four fields',
    known: { heap: 56, external: 0 },
    prepare: () => ({
      each: 1,
      run(operations) {
        for (let i = 0; i < operations; i++) last[i & 63] = { a: i, b: 1, c: 2, d: 3 }
        return operations
      }
    })
  },
  {
    // A map and a number of 8 bytes each.
    name: 'known/a number that is no integer',
    known: { heap: 16, external: 0 },
    prepare: () => ({
      each: 1,
      run(operations) {
        for (let i = 0; i < operations; i++) last[i & 63] = i + 0.5
        return operations
      }
    })
  },
  {
    // The object of a buffer, and the one of its memory, are in the heap.
    name: 'known/a buffer of 1 000 bytes',
    known: { heap: 184, external: 1000 },
    prepare: () => ({
      each: 1000,
      run(operations) {
        let bytes = 0
        for (let i = 0; i < operations; i++) {
          const buf = Buffer.allocUnsafeSlow(1000)
          last[i & 63] = buf
          bytes += buf.length
        }
        return bytes
      }
    })
  }
]
