import { join } from 'node:path'
import t from 'tap'
import { coverageOf, percent, worst } from '../support/coverage.js'

const root = t.testdir({
  lib: {
    'a.ts': 'export const a = 1\n',
    'never.ts': 'export const b = 1\nexport const c = 2\n',
    'types.ts': "import type { X } from './x.js'\n/** Says nothing. */\nexport interface Y extends X {}\n",
    deep: { 'b.ts': 'export const b = 1\n' },
    'notes.md': 'no source'
  },
  other: { 'c.ts': 'export const c = 1\n' }
})
const lines = (total: number, covered: number) => ({ lines: { total, covered } })
const summary = {
  total: lines(1000, 1),
  [join(root, 'lib/a.ts')]: lines(10, 9),
  [join(root, 'lib/deep/b.ts')]: lines(90, 90),
  [join(root, 'other/c.ts')]: lines(50, 0)
}

t.test(
  'counts the files of the rooms, and those that no test loaded, but not those with types only',
  async t => {
    const files = coverageOf(summary, root, ['lib'])
    t.same(
      files.sort((a, b) => a.path.localeCompare(b.path)),
      [
        { path: 'lib/a.ts', lines: 10, covered: 9 },
        { path: 'lib/deep/b.ts', lines: 90, covered: 90 },
        { path: 'lib/never.ts', lines: 2, covered: 0 }
      ]
    )
  }
)

t.test('percent is rounded down: nearly 95 is not 95', async t => {
  t.equal(percent([{ path: 'a', lines: 100_000, covered: 94_999 }]), 94.99)
  t.equal(percent([{ path: 'a', lines: 100, covered: 95 }]), 95)
  t.equal(percent([]), 100)
})

t.test('the worst files are those with the most lines that did not run', async t => {
  const files = [
    { path: 'full', lines: 10, covered: 10 },
    { path: 'big', lines: 1000, covered: 900 },
    { path: 'small', lines: 2, covered: 0 }
  ]
  t.same(worst(files, 10), ['   90.00 %  big (100 lines)', '    0.00 %  small (2 lines)'])
  t.same(worst(files, 1), ['   90.00 %  big (100 lines)'])
})
