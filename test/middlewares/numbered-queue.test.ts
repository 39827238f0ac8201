import fc from 'fast-check'
import t from 'tap'
import { NumberedQueue } from '../../middlewares/memory-backend/numbered-queue.js'

type Step = { add: number } | { remove: number } | { read: [from: number, limit: number] }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ add: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ remove: fc.integer({ min: 0, max: 4000 }) }),
  fc.record({ read: fc.tuple(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 300 })) })
)

t.test('a NumberedQueue does what a Map would do', async () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (steps, first) => {
      const queue = new NumberedQueue<string>(first)
      const plain = new Map<number, string>()
      let next = first
      for (const one of steps) {
        if ('add' in one) {
          for (let i = 0; i < one.add; i++, next++) {
            queue.add(`${next}`)
            plain.set(next, `${next}`)
          }
        } else if ('remove' in one) {
          // Mostly from the front, as queues are read, and one in the middle.
          const gone = [...plain.keys()].slice(0, one.remove)
          for (const key of [...gone, first + one.remove * 2]) {
            queue.delete(key)
            plain.delete(key)
          }
        } else {
          const [from, limit] = one.read
          const found: Array<[number, string]> = []
          const more = queue.read(from, limit, (key, value) => found.push([key, value]))
          const left = [...plain].filter(([key]) => key >= from)
          if (JSON.stringify(found) !== JSON.stringify(left.slice(0, limit))) return false
          if (more !== (left[limit]?.[0] ?? null)) return false
        }
        if (queue.size !== plain.size || queue.next !== next) return false
      }
      return true
    })
  )
})
