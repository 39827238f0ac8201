import t from 'tap'
import { parseOptions } from '../../../lib/cli/parse.js'

const given = (args: string[], env: Record<string, string> = {}) => {
  const { values, problems, help } = parseOptions(args, env)
  return { values: Object.fromEntries(values), problems, help }
}

t.test('reads options with a space and with an equals sign', async t => {
  const { values, problems } = given(['--port', '0', '--ws-port=8083', '--no-retain', '--host', '::1'])
  t.same(values, { port: 0, 'ws-port': 8083, 'no-retain': true, host: '::1' })
  t.same(problems, [])
})

t.test('an option wins over its environment variable', async t => {
  const env = { STACKMQ_PORT: '1', STACKMQ_MAX_QOS: '1', STACKMQ_NO_RETAIN: 'yes', PATH: '/bin' }
  t.same(given(['--port', '2'], env).values, { port: 2, 'max-qos': 1, 'no-retain': true })
})

t.test('a flag can take back what its variable says', async t => {
  t.same(given(['--allow-anonymous=false'], { STACKMQ_ALLOW_ANONYMOUS: '1' }).values, {
    'allow-anonymous': false
  })
})

t.test('an empty variable is none', async t => {
  t.same(given([], { STACKMQ_PORT: '' }), { values: {}, problems: [], help: false })
})

t.test('a bad variable is told by its name', async t => {
  t.same(given([], { STACKMQ_PORT: 'x' }).problems, ["STACKMQ_PORT is 'x': give an integer from 0 to 65535"])
})

t.test('what a container platform puts into the environment does no harm', async t => {
  const env = {
    STACKMQ_PORT: 'tcp://10.0.0.1:1883',
    STACKMQ_PORT_1883_TCP_ADDR: '10.0.0.1',
    STACKMQ_SERVICE_HOST: '10.0.0.1',
    STACKMQ_SERVICE_PORT: '1883'
  }
  t.same(given([], env), { values: {}, problems: [], help: false })
})

t.test('a misspelt variable is a problem: its limit would be none', async t => {
  const [problem] = given([], { STACKMQ_MAX_QO: '1' }).problems
  t.equal(problem, 'unknown environment variable STACKMQ_MAX_QO: did you mean STACKMQ_MAX_QOS?')
})

t.test('tells all problems at once', async t => {
  const { problems } = given(
    ['--prot', '1', '--max-qos', '3', 'extra', '--log-level', 'loud', '--host', '--no-retain=maybe'],
    { STACKMQ_SLOW_TIMEOUT: 'soon' }
  )
  t.same(problems, [
    "unknown option '--prot': did you mean --port?",
    "--max-qos is '3': give an integer from 0 to 2",
    "'extra' is not expected here",
    "--log-level is 'loud': give silent, fatal, error, warn, info, debug or trace",
    '--host needs a value: --host ADDRESS',
    "--no-retain is 'maybe': give true or false",
    "STACKMQ_SLOW_TIMEOUT is 'soon': give a time from 0ms to 3600000ms, as in 10s, 500ms, 5m, 1h or 7d"
  ])
})

t.test('an option without its value does not swallow the next one', async t => {
  const { values, problems } = given(['--port', '--no-shared', '--username'])
  t.same(problems, ['--port needs a value: --port PORT', '--username needs a value: --username NAME'])
  t.equal(values['no-shared'], true)
})

t.test('a value may begin with one dash', async t => {
  t.same(given(['--password', '-secret']).values, { password: '-secret' })
  t.same(given(['--port', '-1']).problems, ["--port is '-1': give an integer from 0 to 65535"])
})

t.test('an option may be given once', async t => {
  t.same(given(['--port', '1', '--port', '2']).problems, ['--port is given twice'])
})

t.test('an unknown option far from all is sent to the help, its value is not a second problem', async t => {
  t.same(given(['-p', '1883']).problems, ["unknown option '-p': see stackmq start --help"])
  t.same(given(['--nonsense']).problems, ["unknown option '--nonsense': see stackmq start --help"])
})

t.test('asks for help with either form, whatever else is wrong', async t => {
  t.equal(given(['--help']).help, true)
  t.equal(given(['--max-qos', '9', '-h']).help, true)
  t.equal(given(['--max-qos', '1']).help, false)
})

t.test('a value that is wrong still counts as given', async t => {
  const { values } = parseOptions(['--tls-port', 'x', '--wss-port'], {})
  t.same(
    [...values],
    [
      ['tls-port', undefined],
      ['wss-port', undefined]
    ]
  )
})
