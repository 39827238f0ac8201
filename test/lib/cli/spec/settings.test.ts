import t from 'tap'
import { CommandError } from '../../../../lib/cli/command-error.js'
import { specSettings } from '../../../../lib/cli/spec/settings.js'
import { client, server } from '../../../support/certs.js'

const dir = t.testdir({
  ...{ 'ca.pem': server.cert, 'client.pem': client.cert, 'client.key': client.key, secret: 'lovelace\n' },
  'broker.json': JSON.stringify({
    capabilities: { maximumQos: 1 },
    knownFailures: { 'granted-qos': 'issue 1' },
    also: [{ url: 'mqtt://b', username: 'eve', capabilities: { retain: false } }]
  }),
  'wrong.json': '{ "capabilites": {} }'
})

const settings = (line: string, env: Record<string, string> = {}) =>
  specSettings(line.split(' ').filter(Boolean), env)
function problems(line: string, env: Record<string, string> = {}): readonly string[] {
  try {
    settings(line, env)
    return []
  } catch (err) {
    if (!(err instanceof CommandError)) throw err
    t.equal(err.code, 2)
    return err.lines
  }
}

t.test('a URL is enough', async t => {
  const { what, suite, against, reporter, output } = settings('mqtt://localhost')
  t.same(
    { what, against, reporter, output },
    { what: 'run', against: null, reporter: 'pretty', output: null }
  )
  t.match(suite, { target: { name: 'mqtt://localhost:1883' }, also: [], only: [] })
  t.same(
    [suite.versions, suite.limit, suite.parallel, suite.username],
    [undefined, undefined, undefined, undefined]
  )
})

t.test('options, in any order', async t => {
  const { suite, reporter, output, against } = settings(
    '--version 5 --only 3.8,granted-qos mqtt://a --only=4.7.3-1 --timeout 500ms --parallel 3 ' +
      '--reporter html --output o.html --also mqtt://b --also mqtt://c:1 --against ws://d/mqtt'
  )
  t.match(suite, { versions: ['5.0'], limit: 500, parallel: 3, only: ['3.8', 'granted-qos', '4.7.3-1'] })
  t.match(suite.also, [{ target: { name: 'mqtt://b:1883' } }, { target: { name: 'mqtt://c:1' } }])
  t.match(against, { target: { name: 'ws://d/mqtt' } })
  t.same([reporter, output], ['html', 'o.html'])
  t.same(settings('mqtt://a --version 3.1.1').suite.versions, ['3.1.1'])
  t.same(settings('mqtt://a --version all').suite.versions, undefined)
})

t.test('who the clients are: the command line, then the environment, then the URL', async t => {
  const env = { STACKMQ_USERNAME: 'env', STACKMQ_PASSWORD: 'e' }
  const login = (line: string, env = {}) => {
    const { username, password } = settings(line, env).suite
    return [username, password]
  }
  t.same(login('mqtt://ada:l%40@a'), ['ada', 'l@'])
  t.same(login('mqtt://ada:l@a', env), ['env', 'e'])
  t.same(login('mqtt://ada:l@a --username bob --password b', env), ['bob', 'b'])
  t.same(login(`mqtt://a --username bob --password-file ${dir}/secret`, env), ['bob', 'lovelace'])
  const { suite, against } = settings(
    'mqtt://a --username bob --password b --also mqtt://eve:x@b --against mqtt://c'
  )
  t.match(suite.also, [{ username: 'eve', password: 'x' }])
  t.match(against, { username: 'bob', password: 'b' })
})

t.test('a capability file', async t => {
  const { suite } = settings(`mqtt://a --capabilities ${dir}/broker.json --username ada`)
  t.match(suite, { capabilities: { maximumQos: 1 }, knownFailures: { 'granted-qos': 'issue 1' } })
  t.match(suite.also, [
    { target: { name: 'mqtt://b:1883' }, username: 'eve', capabilities: { retain: false } }
  ])
})

t.test('lists need no broker', async t => {
  t.match(settings('--list --only 3.8'), { what: 'list', suite: { only: ['3.8'] } })
  t.equal(settings('--coverage').what, 'coverage')
  t.equal(settings('--list mqtt://a').what, 'list')
  t.equal(settings('--prot --help').what, 'help')
})

t.test('everything that is wrong is told at once', async t => {
  t.same(
    problems(
      `localhost:1883 more --onyl 3 --version 4 --only grante-qos,99 --tls-ca /no/file --capabilities ${dir}/wrong.json`
    ),
    [
      "'more' is not expected here",
      "unknown option '--onyl': did you mean --only?",
      "--version is '4': give 3.1.1, 5, 5.0 or all",
      "'localhost:1883' is no URL: did you mean mqtt://localhost:1883?",
      '--tls-ca needs a URL with mqtts:// or wss://',
      "--only: there is no case 'grante-qos': did you mean granted-qos?",
      "--only: there is no case '99': give a statement (3.8.4-8), a chapter (3, 3.8) or a name of stackmq spec --list",
      '--tls-ca /no/file does not exist',
      `${dir}/wrong.json: unknown key 'capabilites': did you mean capabilities?`
    ]
  )
})

t.test('what does not fit together', async t => {
  const cases: Array<[string, string[]]> = [
    ['', ['give the URL of a broker: stackmq spec mqtt://localhost:1883']],
    ['--prot mqtt://a', ["unknown option '--prot': see stackmq spec --help"]],
    [
      'http://a',
      ["'http://a' is no broker: give mqtt://host:port, mqtts://…, ws://host:port/path or wss://…"]
    ],
    [`mqtts://a --tls-cert ${dir}/client.pem`, ['--tls-cert needs --tls-key']],
    [`mqtts://a --tls-key ${dir}/client.key`, ['--tls-key needs --tls-cert']],
    [
      `mqtts://a --tls-ca ${dir}/ca.pem --tls-insecure`,
      ['--tls-ca and --tls-insecure are both given: choose one']
    ],
    ['mqtt://a --password x', ['a password needs --username']],
    ['mqtt://a --only ,', ['--only names nothing']],
    [
      `mqtt://a --username u --password x --password-file ${dir}/secret`,
      ['--password and --password-file are both given: choose one']
    ],
    ['--list --coverage', ['--list and --coverage are both given: choose one']],
    [
      'mqtt://a --against mqtt://b --reporter tap',
      ['--against is shown by the reporters pretty, json and html, not by tap']
    ],
    ['mqtt://a --timeout', ['--timeout needs a value: --timeout TIME']],
    ['mqtt://a --parallel 0', ["--parallel is '0': give an integer from 1 to 1000"]],
    ['mqtt://a --output x --output y', ['--output is given twice']],
    [
      'mqtt://a --version 3.1.1 --only no-local',
      ['--only and --version leave no case: no-local in MQTT 3.1.1']
    ]
  ]
  for (const [line, wanted] of cases) t.same(problems(line), wanted, line)
  t.same(
    problems(`mqtts://a --tls-ca ${dir}/ca.pem --tls-cert ${dir}/client.pem --tls-key ${dir}/client.key`),
    []
  )
  t.same(problems('wss://a --tls-insecure'), [])
})
