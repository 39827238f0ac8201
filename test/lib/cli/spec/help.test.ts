import t from 'tap'
import { readArguments } from '../../../../lib/cli/arguments.js'
import type { AnyOption } from '../../../../lib/cli/option.js'
import { parseOptions } from '../../../../lib/cli/parse.js'
import { specHelp } from '../../../../lib/cli/spec/help.js'
import { caseList, coverageText } from '../../../../lib/cli/spec/lists.js'
import { specGroups, specOptions } from '../../../../lib/cli/spec/options.js'
import { suiteCases } from '../../../../spec-suite/index.js'

const help = specHelp()

t.test('the help of spec has every option, under its group, with what it takes', async t => {
  const text = help.replace(/\s+/g, ' ')
  for (const { name, value, about, fallback, choices, group } of specOptions as readonly AnyOption[]) {
    const from = text.indexOf(`--${name}${value ? ` ${value}` : ''} ${about}.`)
    t.ok(from > text.indexOf(specGroups[group as 'cases']), `--${name} after its group`)
    const entry = text.slice(from).split(/ (?=--[a-z-]+ )/)[0]!
    if (fallback) t.ok(entry.includes(`Default: ${fallback}.`), `--${name}: default`)
    if (choices) t.ok(entry.includes(`One of ${choices.join(', ')}.`), `--${name}: choices`)
  }
  for (const word of ['Examples', 'Capability file', 'Needs', 'Exit codes', 'NO_COLOR']) t.match(help, word)
  for (const line of help.split('\n')) t.ok(line.length <= 120, line)
})

t.test('the examples of the help can be typed', async t => {
  const examples = [...help.matchAll(/^ {2}stackmq spec (.*)$/gm)]
  t.ok(examples.length >= 6)
  for (const [, rest] of examples) {
    const set = { command: 'spec', options: specOptions, words: 1 }
    t.same(readArguments(rest!.split(' '), set).problems, [], rest!)
  }
})

t.test('a first word that is not expected is told', async t => {
  t.same(parseOptions(['extra'], {}).problems, ["'extra' is not expected here"])
})

t.test('lists the cases that are meant', async t => {
  const lines = caseList({ only: ['granted-qos'] })
    .trimEnd()
    .split('\n')
  t.same(
    lines.map(line => line.split(' ')[0]),
    ['3.1.1:granted-qos', '5.0:granted-qos']
  )
  t.match(lines[1], /a message is delivered at the lower of .* \[MQTT-3\.8\.4-8\]$/)
  t.equal(caseList({}).trimEnd().split('\n').length, suiteCases.length)
  t.match(caseList({ only: ['granted-qos'], versions: ['5.0'] }), /^5\.0:granted-qos .*\n$/)
})

t.test('the coverage counts every statement, and gives reasons', async t => {
  const text = coverageText()
  const totals = [...text.matchAll(/^ {2}all +(\d+) +(\d+) +(\d+) +(\d+)$/gm)].map(row =>
    row.slice(1).map(Number)
  )
  t.same(
    totals.map(([all]) => all),
    [141, 251]
  )
  for (const [all, testable, exercised, untestable] of totals) {
    t.equal(testable! + untestable!, all)
    t.ok(exercised! > 0 && exercised! <= testable!)
  }
  t.match(text, /No case can prove these\n {2}3\.1\.1 MQTT-2\.3\.1-2 +\S/)
  t.match(text, '(binds the client, after its last packet)')
})
