import t from 'tap'
import { groups, variableOf } from '../../lib/cli/option.js'
import { optionTable } from '../../lib/cli/option-table.js'
import {
  Broker,
  builtInCallbacks,
  createBroker,
  MqttError,
  Reason,
  type ReasonName
} from '../../lib/index.js'
import { stackSettings } from '../../lib/stack-options.js'
import { interfaceFields } from '../support/callback-types.js'
import { middlewareFacts } from '../support/middleware-facts.js'
import { type Row, readmeTable, sectionOf } from '../support/readme.js'
import { callbackRows, middlewareRows } from '../support/readme-facts.js'
import { readText } from '../support/sources.js'

/** Parts of composites have lines of their own below the table, and the options of their composites. */
const isPart = (name: string) => /^(Memory|Level)(?!Backend)/.test(name)

/** Values that are not the default, of options that are no switches and no limits. */
const others: Readonly<Record<string, unknown>> = {
  ...{ serverKeepAlive: 10, maximumKeepAlive: 10, allowAnonymous: true, responseInformation: 'text' },
  ...{ data: 'elsewhere', durability: 'disk' }
}

const only = (row: Row, columns: string[]): Row =>
  Object.fromEntries(columns.map(name => [name, row[name] ?? '']))

t.test('the table of middlewares says what the code says, in the order of the ready broker', t => {
  const rows = readmeTable('The middlewares')
  const columns = ['Middleware', 'Packets', 'Handles', 'Executes', 'Stands']
  const wanted = middlewareRows().filter(({ Middleware }) => !isPart(Middleware!))
  const order = createBroker().stack.middlewares.map(({ name }) => name)
  // In the place of MemoryBackend, with `data`.
  order.push('LevelBackend')
  wanted.sort((a, b) => order.indexOf(a.Middleware!) - order.indexOf(b.Middleware!))
  t.same(
    rows.map(row => only(row, columns)),
    wanted
  )
  for (const { name } of middlewareFacts()) t.match(sectionOf('The middlewares'), name)
  t.end()
})

t.test('the tables of callbacks say what the code says', t => {
  const sections = ['Who is let in', 'Connections and sessions', 'Messages', 'Stored things']
  const rows = sections.flatMap(section => readmeTable(section))
  const columns = ['Callback', 'ctx', 'store', 'Handled by', 'Executed by']
  t.same(
    rows.map(row => only(row, columns)),
    callbackRows()
  )
  t.ok(
    rows.every(row => row.What!.length > 5),
    'and each has a meaning'
  )
  t.end()
})

t.test(
  'the table of options has every option of createBroker() and of the middlewares, with its default',
  t => {
    const rows = readmeTable('Options')
    const names = rows.map(({ Option }) => Option!).filter(name => name !== '–')
    t.same([...new Set(names)].sort(), interfaceFields('lib/broker/options.ts', 'BrokerOptions').sort())
    const facts = middlewareFacts()
    const owned: string[] = []
    for (const row of rows) {
      const [owner = '', own = row.Option!] = row['Belongs to']!.split(' ')
      const middleware = facts.find(({ name }) => name === owner)
      if (!middleware) continue
      owned.push(`${owner}.${own}`)
      const config = middleware.instance.config as Record<string, unknown>
      const none = config[own] === undefined || config[own] === null || config[own] === ''
      t.equal(row.Default, none ? '–' : String(config[own]), `default of ${owner} ${own}`)
      if (row.Option !== '–')
        t.same(passedOn(row.Option!, config[own], owner, own), [], `${row.Option} is passed on`)
    }
    const all = facts
      .filter(({ name }) => !isPart(name))
      .flatMap(({ name, instance }) => Object.keys(instance.config).map(own => `${name}.${own}`))
    t.same(owned.sort(), all.sort(), 'no option of a middleware is missing')
    const foreign = facts
      .filter(({ name }) => isPart(name))
      .flatMap(({ name, instance }) =>
        Object.keys(instance.config).filter(
          own => !all.includes(`${name.match(/^[A-Z][a-z]+/)}Backend.${own}`)
        )
      )
    t.same(foreign, [], 'a part has no option that its composite has not')
    t.end()
  }
)

/** What comes out of it when an option of createBroker() does not reach its middleware. */
function passedOn(option: string, before: unknown, owner: string, own: string): unknown[] {
  const lower = before === Number.POSITIVE_INFINITY ? 1000 : (before as number) - 1
  const other = others[option] ?? (typeof before === 'boolean' ? !before : lower)
  // Without a directory nothing is stored on disk; nothing is opened before the start.
  const { stack } = createBroker({ ...(owner === 'LevelBackend' && { data: 'data' }), [option]: other })
  const { middleware } = stack.middlewares.find(({ name }) => name === owner)!
  const given = (middleware as { config: Record<string, unknown> }).config[own]
  return given === other ? [] : [given, other]
}

t.test('the defaults of the stack are those of the table', t => {
  const settings = stackSettings({}) as unknown as Record<string, unknown>
  const rows = readmeTable('Options').filter(row => row['Belongs to'] === 'Stack')
  t.same(rows.map(({ Option }) => Option).sort(), Object.keys(settings).sort())
  for (const { Option, Default } of rows) {
    const value = settings[Option!]
    if (typeof value === 'number' || typeof value === 'string')
      t.equal(Default, String(value), `default of ${Option}`)
  }
  t.end()
})

t.test('the tables of the broker have all its members, events and listener options', t => {
  const members = readmeTable('The broker')
    .map(({ Member }) => Member!)
    .join(' ')
  const own = Object.getOwnPropertyNames(Broker.prototype).filter(name => name !== 'constructor')
  for (const name of [...own, 'stack', 'retained']) {
    if (name === 'events') continue
    t.match(members, new RegExp(`\\b${name}\\b`), `${name} is in the table`)
  }
  const events = sectionOf('The broker')
  for (const name of interfaceFields('middlewares/packet-emitter.ts', 'BrokerEvents')) {
    t.match(events, `| \`${name}\` |`)
  }
  const listeners = readmeTable('Listeners').map(({ Option }) => Option)
  t.same(listeners.sort(), interfaceFields('lib/listeners/options.ts', 'ListenerOptions').sort())
  t.end()
})

t.test('the tables of the interface have all members of a middleware', t => {
  const members = readmeText('The interface')
  for (const name of interfaceFields('lib/middleware.ts', 'AnyMiddleware')) {
    if (name !== 'stack') t.match(members, new RegExp(`\`${name}\\b`), name)
  }
  t.end()
})

/** From a bold word to the next one. */
function readmeText(word: string): string {
  const text = readText('README.md')
  const at = text.indexOf(`**${word}`)
  return text.slice(at, text.indexOf('\n**', at + 2))
}

t.test('the tables of the command have all its options', t => {
  const section = sectionOf('The command')
  const lines = optionTable.map(option => {
    const { name, about } = option
    const value = 'value' in option ? ` ${option.value}` : ''
    return `| \`--${name}${value}\` | ${'fallback' in option ? option.fallback : '–'} | ${about} |`
  })
  t.same(section.match(/^\| `--.*$/gm)?.sort(), lines.sort())
  for (const title of Object.values(groups)) t.match(section, `\n${title}:\n`)
  t.match(section, `\`--max-qos\` is \`${variableOf('max-qos')}\``)
  t.end()
})

t.test('troubleshooting has every code of StackError, and codes of MqttError that exist', t => {
  const section = sectionOf('Troubleshooting')
  const codes = readText('lib/errors.ts')
    .match(/'STACK_\w+'/g)!
    .map(code => code.slice(1, -1))
  t.ok(codes.length > 5)
  t.same([...new Set(section.match(/STACK_\w+/g))].sort(), [...new Set(codes)].sort())
  const wire = (Object.keys(Reason) as ReasonName[]).map(name => {
    const { code, reason } = new MqttError(name)
    return `| \`${code}\` | 0x${reason.toString(16).toUpperCase().padStart(2, '0')} |`
  })
  const named = section.match(/^\| `MQTT_\w+` \| 0x\w+ \|/gm)!
  t.ok(named.length > 15)
  t.same(
    named.filter(row => !wire.includes(row)),
    []
  )
  t.end()
})

t.test('storage groups have every callback of the backends', t => {
  const rows = readmeTable('Storage')
  const named = rows.flatMap(({ Callbacks }) => Callbacks!.split(', '))
  const stored = builtInCallbacks.slice(builtInCallbacks.indexOf('storeSession'), -1)
  t.same(named.sort(), [...stored].sort())
  for (const row of rows) {
    for (const column of ['In memory', 'On disk']) {
      const { handles } = middlewareFacts().find(({ name }) => name === row[column])!
      t.same(
        row.Callbacks!.split(', ').filter(name => !handles.includes(name)),
        [],
        `${row.Group}, ${column}`
      )
    }
  }
  t.end()
})
