import t from 'tap'
import { generalHelp, startHelp } from '../../../lib/cli/help.js'
import { type CommandOption, groups } from '../../../lib/cli/option.js'
import { optionTable } from '../../../lib/cli/option-table.js'
import { parseOptions } from '../../../lib/cli/parse.js'

const table = optionTable as readonly CommandOption[]
const help = startHelp()

t.test('the help of start begins with examples', async t => {
  t.ok(help.indexOf('Examples') < help.indexOf(groups.listeners))
  t.equal(help.split('\n')[2], 'Examples')
})

t.test('the help of start has every option, under its group, with what it takes and its default', async t => {
  const text = help.replace(/\s+/g, ' ')
  for (const { name, value, about, fallback, choices, group } of table) {
    const from = text.indexOf(`--${name}${value ? ` ${value}` : ''} ${about}.`)
    t.ok(from > text.indexOf(groups[group]), `--${name} after ${groups[group]}`)
    const entry = text.slice(from).split(/ (?=--[a-z-]+ )/)[0]!
    if (fallback) t.ok(entry.includes(`Default: ${fallback}.`), `--${name}: default`)
    if (choices) t.ok(entry.includes(`One of ${choices.join(', ')}.`), `--${name}: choices`)
  }
  t.match(text, /--max-qos is STACKMQ_MAX_QOS/)
})

t.test('the help of start keeps to two columns', async t => {
  const listed = help.slice(help.indexOf(groups.listeners), help.indexOf('Times are seconds'))
  for (const line of listed.split('\n')) {
    t.ok(line.length <= 100, line)
    if (line.startsWith('  --')) t.match(line, /^ {2}--[a-z-]+( [A-Z]+)?( {2,}\S.*)?$/)
    else if (line.startsWith(' ')) t.match(line, /^ {34}\S/)
  }
})

t.test('the examples of the help can be typed', async t => {
  const examples = [...`${help}\n${generalHelp}`.matchAll(/^ {2}((?:STACKMQ_\w+=\S+ )*)stackmq start(.*)$/gm)]
  t.ok(examples.length >= 6)
  for (const [line, variables, rest] of examples) {
    const env = Object.fromEntries(
      variables!
        .trim()
        .split(' ')
        .filter(Boolean)
        .map(pair => pair.split('='))
    )
    const args = rest!
      .replace(/ {2,}.*$/, '')
      .split(' ')
      .filter(Boolean)
    t.same(parseOptions(args, env).problems, [], line.trim())
  }
})
