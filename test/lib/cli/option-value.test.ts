import t from 'tap'
import type { CommandOption } from '../../../lib/cli/option.js'
import { optionValue, ValueError } from '../../../lib/cli/option-value.js'

const option = (rest: Partial<CommandOption>): CommandOption => ({
  ...{ name: 'x', kind: 'count', group: 'messages', about: 'x' },
  ...rest
})
const refused = (rest: Partial<CommandOption>, text: string) => {
  try {
    return `took ${optionValue(option(rest), text)}`
  } catch (err) {
    if (err instanceof ValueError) return err.message
    throw err
  }
}

t.test('a count is an integer in its range', async t => {
  const port: Partial<CommandOption> = { kind: 'count', range: [0, 65_535] }
  t.equal(optionValue(option(port), '0'), 0)
  t.equal(optionValue(option(port), '65535'), 65_535)
  for (const text of [
    '65536',
    '-1',
    '1.5',
    'abc',
    '1e3',
    '0x10',
    '10K',
    'unlimited',
    ' ',
    'Infinity',
    'NaN'
  ]) {
    t.equal(refused(port, text), `is '${text}': give an integer from 0 to 65535`)
  }
})

t.test('what has no upper limit takes unlimited', async t => {
  const open: Partial<CommandOption> = { kind: 'count', range: [1, Number.POSITIVE_INFINITY] }
  t.equal(optionValue(option(open), 'unlimited'), Number.POSITIVE_INFINITY)
  t.equal(optionValue(option(open), '7'), 7)
  t.equal(refused(open, '0'), "is '0': give an integer of at least 1, or unlimited")
})

t.test('bytes may have a unit of 1024', async t => {
  const size: Partial<CommandOption> = { kind: 'bytes', range: [64, 268_435_460] }
  const sizes: Array<[string, number]> = [
    ...([
      ['64', 64],
      ['64K', 65_536],
      ['64k', 65_536],
      ['1KiB', 1024],
      ['1MB', 1_048_576]
    ] as Array<[string, number]>),
    ...([
      ['16M', 16_777_216],
      ['0.25G', 268_435_456],
      ['1.5K', 1536]
    ] as Array<[string, number]>)
  ]
  for (const [text, bytes] of sizes) t.equal(optionValue(option(size), text), bytes, text)
  for (const text of ['63', '1G', '5X', 'K', '0.3K']) {
    t.equal(refused(size, text), `is '${text}': give bytes from 64 to 268435460, as in 65536, 64K or 16M`)
  }
})

t.test('a duration without a unit is seconds, and becomes what its receiver counts in', async t => {
  const seconds: Partial<CommandOption> = { kind: 'duration', range: [0, 604_800] }
  const milliseconds: Partial<CommandOption> = { kind: 'duration', unit: 'ms', range: [1, 3_600_000] }
  for (const [text, value] of [
    ['10', 10],
    ['10s', 10],
    ['2m', 120],
    ['1h', 3600],
    ['7d', 604_800],
    ['2000ms', 2]
  ]) {
    t.equal(optionValue(option(seconds), text as string), value, text as string)
  }
  for (const [text, value] of [
    ['10', 10_000],
    ['0.5', 500],
    ['500ms', 500],
    ['1H', 3_600_000]
  ]) {
    t.equal(optionValue(option(milliseconds), text as string), value, text as string)
  }
  t.equal(
    refused(seconds, '500ms'),
    "is '500ms': give a time from 0s to 604800s, as in 10s, 500ms, 5m, 1h or 7d"
  )
  t.match(refused(seconds, '8d'), /^is '8d'/)
  t.match(refused(milliseconds, '0'), /^is '0': give a time from 1ms to 3600000ms/)
  t.match(refused(milliseconds, '5 weeks'), /^is '5 weeks'/)
})

t.test('a flag takes the usual words', async t => {
  for (const text of ['true', '1', 'yes', 'on', 'TRUE'])
    t.equal(optionValue(option({ kind: 'flag' }), text), true)
  for (const text of ['false', '0', 'no', 'off']) t.equal(optionValue(option({ kind: 'flag' }), text), false)
  t.equal(refused({ kind: 'flag' }, 'maybe'), "is 'maybe': give true or false")
})

t.test('a choice is one of its words, a text is anything', async t => {
  const choice: Partial<CommandOption> = { kind: 'choice', choices: ['a', 'b', 'c'] }
  t.equal(optionValue(option(choice), 'b'), 'b')
  t.equal(refused(choice, 'd'), "is 'd': give a, b or c")
  t.equal(optionValue(option({ kind: 'text' }), '--odd '), '--odd ')
  t.equal(optionValue(option({ kind: 'path' }), '/a b'), '/a b')
})
