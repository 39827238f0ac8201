import t from 'tap'
import { each } from '../../lib/each.js'

t.test('synchronous acts are done at once', t => {
  const seen: number[] = []
  t.equal(
    each([1, 2, 3], n => void seen.push(n)),
    undefined
  )
  t.same(seen, [1, 2, 3])
  t.end()
})

t.test('an act that waits holds up those behind it', async t => {
  const seen: string[] = []
  const going = each([1, 2, 3], n => {
    seen.push(`begins ${n}`)
    if (n === 2) return Promise.resolve().then(() => void seen.push('waited'))
  })
  t.same(seen, ['begins 1', 'begins 2'])
  await going
  t.same(seen, ['begins 1', 'begins 2', 'waited', 'begins 3'])
})

t.test('it ends when it is not to go on, also after a wait', async t => {
  for (const later of [false, true]) {
    const seen: number[] = []
    const act = (n: number) => {
      seen.push(n)
      return later ? Promise.resolve() : undefined
    }
    await each([1, 2, 3], act, () => seen.length < 2)
    t.same(seen, [1, 2])
  }
})

t.test('what an act throws or rejects with ends it', async t => {
  const seen: number[] = []
  const fail = () => {
    throw new Error('no')
  }
  t.throws(() => each([1], fail), { message: 'no' })
  const rejecting = (n: number) => (seen.push(n) === 2 ? Promise.reject(new Error('no')) : Promise.resolve())
  await t.rejects(Promise.resolve(each([1, 2, 3], rejecting)), { message: 'no' })
  t.same(seen, [1, 2])
})
