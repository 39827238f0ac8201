import t from 'tap'
import { TapOutput } from '../support/tap-output.js'

function read(tap: string) {
  const output = new TapOutput()
  const printed = tap.split('\n').flatMap(line => output.line(line))
  return { printed, output }
}

const passing = `TAP version 14
# Subtest: test/a.test.ts
    # Subtest: one
        ok 1 - should be equal
        ok 2 - should be equal
        1..2
    ok 1 - one # time=5.1ms
    
    ok 2 - at the top
    1..2
    # time=20ms
ok 1 - test/a.test.ts # time=1234.5ms
`

t.test('a file that passed is one line, with its assertions and not its subtests', async t => {
  t.same(read(passing).printed, ['ok   test/a.test.ts (3 passed, 1.2 s)'])
})

t.test('a failure is told with the titles around it and what was wrong', async t => {
  const { printed } = read(`# Subtest: test/a.test.ts
    # Subtest: outer
        # Subtest: inner
            ok 1 - fine
            not ok 2 - objects
              ---
              diff: |
                - 2
                + 1
              ...
            1..2
        not ok 1 - inner # time=1ms
          ---
          at:
            lineNumber: 2
          ...
        ok 2 - after it
        1..2
    not ok 1 - outer # time=2ms
      ---
      at:
        lineNumber: 1
      ...
    1..1
not ok 1 - test/a.test.ts # time=100ms
  ---
  exitCode: 1
  ...
`)
  t.same(printed, [
    'FAIL test/a.test.ts (2 passed, 0.1 s)',
    '',
    '    ✖ outer › inner › objects',
    '              diff: |',
    '                - 2',
    '                + 1'
  ])
})

t.test('a file that fails as a whole is told', async t => {
  const { printed, output } = read(`# Subtest: test/a.test.ts
    1..0 # no tests found
not ok 1 - test/a.test.ts # time=619.6ms
  ---
  exitCode: 3
  ...
`)
  t.same(printed, ['FAIL test/a.test.ts (0 passed, 0.6 s)'])
  t.same(output.empty, [])
})

t.test('a file without an assertion proves nothing', async t => {
  const { printed, output } = read(`# Subtest: test/a.test.ts
    1..0 # no tests found
ok 1 - test/a.test.ts # time=6ms # SKIP no tests found
`)
  t.same(printed, ['FAIL test/a.test.ts: no assertion'])
  t.same(output.empty, ['test/a.test.ts'])
})

t.test('a subtest without assertions counts as one, as it does for tap', async t => {
  const { printed } = read(`# Subtest: test/a.test.ts
    # Subtest: throws if it fails
        1..0
    ok 1 - throws if it fails # time=5.1ms
    
    # Subtest: does throw
        1..0
    not ok 2 - does throw # time=5.1ms
      ---
      code: X
      ...
    1..2
not ok 1 - test/a.test.ts # time=100ms
`)
  t.same(printed, ['FAIL test/a.test.ts (1 passed, 0.1 s)', '', '    ✖ does throw', '      code: X'])
})

t.test('files do not mix', async t => {
  const two = read(passing + passing.replaceAll('a.test', 'b.test'))
  t.same(two.printed, ['ok   test/a.test.ts (3 passed, 1.2 s)', 'ok   test/b.test.ts (3 passed, 1.2 s)'])
})

t.test("the totals are tap's own", async t => {
  t.equal(read(passing).output.totals, null)
  t.same(read('# { total: 6, pass: 4, fail: 2 }').output.totals, { passed: 4, failed: 2 })
  t.same(read('# { total: 175, pass: 175 }').output.totals, { passed: 175, failed: 0 })
})
