import t from 'tap'
import { range, unknownOptions } from '../../lib/options.js'

const ranges = { size: [1, 10], limit: [0, Number.POSITIVE_INFINITY] } as const

t.test('numbers in range are fine, edges and missing ones included', t => {
  for (const size of [1, 5, 10, undefined]) t.same(range({ size }, ranges), [])
  for (const limit of [0, 2 ** 40, Number.POSITIVE_INFINITY]) t.same(range({ limit }, ranges), [])
  t.same(range({ size: 3, other: 'text' }, { size: [1, 10] }), [], 'others are not judged')
  t.end()
})

t.test('numbers out of range are told, with what to give', t => {
  t.same(range({ size: 0, limit: -1 }, ranges), [
    'size is 0: give an integer from 1 to 10',
    'limit is -1: give an integer of at least 0'
  ])
  for (const size of [11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null, true, {}]) {
    t.same(range({ size }, { size: [1, 10] }), [`size is ${size}: give an integer from 1 to 10`])
  }
  t.end()
})

t.test('options that do not exist are told, with what was probably meant', t => {
  const known = ['keepAliveFactor', 'maximumQueueLength', 'strict']
  t.same(unknownOptions({ strict: true, maximumQueueLength: 1 }, known, 'the broker'), [])
  const meant = (name: string) => unknownOptions({ [name]: 1 }, known, 'the broker')
  t.same(meant('keepAlivFactor'), [
    "'keepAlivFactor' is no option of the broker: did you mean 'keepAliveFactor'?"
  ])
  t.match(meant('maxQueueLength')[0], "did you mean 'maximumQueueLength'?")
  t.match(meant('STRICT')[0], "did you mean 'strict'?")
  t.same(meant('colour'), [
    "'colour' is no option of the broker: there are keepAliveFactor, maximumQueueLength, strict"
  ])
  t.equal(unknownOptions({ a: 1, b: 2 }, known, 'x').length, 2)
  t.end()
})
