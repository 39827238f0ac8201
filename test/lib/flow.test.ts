import t from 'tap'
import { tryAll } from '../../lib/in-order.js'
import { after, isThenable } from '../../lib/index.js'

t.test('isThenable() knows promises and their like from everything else', t => {
  t.ok(isThenable(Promise.resolve()))
  // biome-ignore lint/suspicious/noThenProperty: what this is about
  t.ok(isThenable({ then() {} }))
  // biome-ignore lint/suspicious/noThenProperty: what this is about
  for (const value of [undefined, null, 0, 'then', {}, { then: 1 }, () => {}]) t.notOk(isThenable(value))
  t.end()
})

t.test('after() is synchronous for values and waits for promises', async t => {
  t.equal(
    after(1, value => value + 1),
    2
  )
  const promise = after(Promise.resolve(1), value => value + 1)
  t.ok(promise instanceof Promise)
  t.equal(await promise, 2)
  t.equal(await after(1, async value => value + 1), 2)
  const no = new Error('no')
  const rejected = after(Promise.reject(no), () => t.fail('it went on'))
  await t.rejects(rejected as Promise<unknown>, no)
})

t.test('tryAll() runs all steps in order, synchronously as long as they are', async t => {
  const log: string[] = []
  const step = (name: string) => () => void log.push(name)
  t.same(tryAll([step('a'), step('b')]), [])
  t.same(log, ['a', 'b'])
  const [one, two] = [new Error('one'), new Error('two')]
  log.length = 0
  const failures = tryAll([
    () => {
      throw one
    },
    step('a'),
    () => Promise.reject(two),
    step('b'),
    async () => void log.push('c'),
    step('d')
  ])
  t.same(log, ['a'])
  t.same(await failures, [one, two])
  t.same(log, ['a', 'b', 'c', 'd'])
})
