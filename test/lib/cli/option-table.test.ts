import t from 'tap'
import type { CommandOption } from '../../../lib/cli/option.js'
import { variableOf } from '../../../lib/cli/option.js'
import { optionNamed, optionTable } from '../../../lib/cli/option-table.js'
import { type BrokerOptions, createBroker, StackError } from '../../../lib/index.js'

const table = optionTable as readonly CommandOption[]

// Options for programs: what they need cannot be said on a command line, or is for who writes middlewares.
const programOnly = [
  'onError',
  'strict',
  'stallTimeout',
  'clock',
  'random',
  'willSweepInterval',
  'listeners'
] as const
type InTable = Extract<(typeof optionTable)[number], { broker: unknown }>['broker']
type Forgotten = Exclude<keyof BrokerOptions, InTable | (typeof programOnly)[number]>
// Does not compile when createBroker() has an option that the command has not.
const nothingForgotten: [Forgotten] extends [never] ? true : Forgotten = true

t.test('every option of createBroker() that fits a command line is an option of the command', async t => {
  t.ok(nothingForgotten)
  const mapped = table.flatMap(({ broker }) => (broker ? [broker] : []))
  t.same(new Set(mapped).size, mapped.length, 'and only one')
  t.same(
    mapped.filter(name => programOnly.includes(name as never)),
    []
  )
})

t.test('names are unique, and so are their variables', async t => {
  t.equal(new Set(table.map(({ name }) => name)).size, table.length)
  t.equal(new Set(table.map(({ name }) => variableOf(name))).size, table.length)
  t.equal(variableOf('max-qos'), 'STACKMQ_MAX_QOS')
  t.equal(optionNamed('max-qos')?.broker, 'maximumQoS')
  t.equal(optionNamed('max-qo'), undefined)
})

t.test('every option says what it takes and what it is for', async t => {
  for (const { name, kind, value, about, range, choices } of table) {
    t.match(name, /^[a-z]+(-[a-z]+)*$/)
    t.notMatch(about, /\.$/, `${name}: no full stop`)
    t.equal(value === undefined, kind === 'flag', `${name}: a value unless it is a flag`)
    t.equal(
      range !== undefined,
      ['count', 'bytes', 'duration'].includes(kind),
      `${name}: a range if it is a number`
    )
    t.equal(choices !== undefined, kind === 'choice', `${name}: choices`)
  }
})

t.test('the command takes exactly the numbers that createBroker() takes', async t => {
  const judged = (name: string, value: unknown) => {
    try {
      // Some need a directory; it is not touched before the start.
      createBroker({ data: 'data', [name]: value })
      return 'fine'
    } catch (err) {
      if (err instanceof StackError) return 'refused'
      throw err
    }
  }
  for (const { name, broker, range } of table) {
    if (!broker || !range) continue
    const [low, high] = range
    t.equal(judged(broker, low), 'fine', `${name}: ${low}`)
    t.equal(judged(broker, high), 'fine', `${name}: ${high}`)
    t.equal(judged(broker, low - 1), 'refused', `${name}: ${low - 1}`)
    if (Number.isFinite(high)) t.equal(judged(broker, high + 1), 'refused', `${name}: ${high + 1}`)
  }
})
