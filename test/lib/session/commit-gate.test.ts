import t from 'tap'
import type { Stack } from '../../../lib/index.js'
import { CommitGate } from '../../../lib/session/commit-gate.js'
import { turn } from '../../support/fake-clock.js'
import { FakeStack } from '../../support/fake-stack.js'

function waiting(name: string, told: string[]) {
  return { committed: (err: Error | null) => void told.push(err ? `${name}: ${err.message}` : name) }
}

t.test('one commit at the end of a turn for all that waits', async t => {
  const stack = new FakeStack({ commit: () => {} })
  const gate = new CommitGate(stack as unknown as Stack)
  t.equal(gate.isOpen, false)
  const told: string[] = []
  gate.add(waiting('a', told))
  gate.add(waiting('b', told))
  t.same(told, [])
  await turn()
  t.same(told, ['a', 'b'])
  t.equal(stack.of('commit').length, 1)
})

t.test('where nobody commits nothing has to wait', async t => {
  t.equal(new CommitGate(new FakeStack() as unknown as Stack).isOpen, true)
})

t.test('everybody is told of a failure; who fails then keeps nobody else from it', async t => {
  let fails = true
  const errors: Error[] = []
  const stack = new FakeStack({
    commit: () => {
      if (fails) throw new Error('disk')
    }
  })
  stack.on('error', err => errors.push(err))
  const gate = new CommitGate(stack as unknown as Stack)
  const told: string[] = []
  const broken = {
    committed: () => {
      throw new Error('mine')
    }
  }
  for (const one of [waiting('a', told), broken, waiting('b', told)]) gate.add(one)
  await turn()
  t.same(told, ['a: disk', 'b: disk'])
  t.same(
    errors.map(({ message }) => message),
    ['disk', 'mine']
  )
  t.match(gate.failure, { message: 'disk' })
  fails = false
  gate.add(waiting('c', told))
  await turn()
  t.equal(told.at(-1), 'c')
  t.equal(gate.failure, null)
})
