import fc from 'fast-check'
import t from 'tap'
import { type Step, World } from '../support/delivery-world.js'

const subscribers = 3

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constant('publish' as const), qos: fc.constantFrom(0, 1, 2) })
  },
  { weight: 4, arbitrary: on('answer') },
  { weight: 1, arbitrary: on('cut') },
  { weight: 1, arbitrary: on('leave') },
  { weight: 2, arbitrary: on('connect') },
  { weight: 1, arbitrary: fc.constant({ act: 'cutPublisher' as const }) }
)

function on<A extends 'answer' | 'cut' | 'leave' | 'connect'>(act: A) {
  return fc.record({
    act: fc.constant(act),
    who: fc.integer({ min: 0, max: subscribers - 1 }),
    many: fc.integer({ min: 1, max: 5 })
  })
}

t.test(
  'whatever connections do: QoS 1 at least once, QoS 2 exactly once, in order, and nothing from nowhere',
  async t => {
    let runs = 0
    for (const late of [false, true]) {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 60 }),
          fc.constantFrom(1, 2, 20),
          async (steps, receiveMaximum) => {
            runs++
            const world = await World.open(subscribers, receiveMaximum, late)
            try {
              for (const one of steps) await world.take(one)
              await world.finish()
              const problems = world.problems()
              if (problems.length > 0) throw new Error(problems.join('\n'))
            } finally {
              await world.close()
            }
          }
        ),
        { numRuns: 40 }
      )
    }
    t.ok(runs >= 80)
  }
)
