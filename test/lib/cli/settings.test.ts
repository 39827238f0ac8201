import t from 'tap'
import { misfits } from '../../../lib/cli/misfits.js'
import { parseOptions } from '../../../lib/cli/parse.js'
import { settingsOf } from '../../../lib/cli/settings.js'
import { createBroker, StackError } from '../../../lib/index.js'

const values = (line: string) => {
  const parsed = parseOptions(line.split(' ').filter(Boolean), {})
  if (parsed.problems.length > 0) throw new Error(parsed.problems.join('; '))
  return parsed.values
}
const settings = (line: string) => settingsOf(values(line))
const tls = '--tls-cert c --tls-key k'

t.test('without a port it listens on TCP 1883 and WebSocket 8083', async t => {
  const standard = [
    { protocol: 'tcp', port: 1883 },
    { protocol: 'ws', port: 8083 }
  ]
  t.same(settings('').listeners, standard)
  t.same(settings('--max-qos 1 --log-level warn').listeners, standard)
  t.same(settings('--host ::1 --ws-path /ws').listeners, [
    { protocol: 'tcp', port: 1883, host: '::1' },
    { protocol: 'ws', port: 8083, host: '::1', path: '/ws' }
  ])
})

t.test('with a port option it opens exactly the listeners named', async t => {
  t.same(settings('--port 0').listeners, [{ protocol: 'tcp', port: 0 }])
  t.same(settings('--ws-port 1 --ws-path x').listeners, [{ protocol: 'ws', port: 1, path: 'x' }])
  t.same(settings('--unix /tmp/s').listeners, [{ protocol: 'unix', path: '/tmp/s' }])
  t.same(
    settings(`--wss-port 3 --tls-port 2 --port 1 --unix s --host localhost --max-connections 5 ${tls}`)
      .listeners,
    [
      { protocol: 'tcp', port: 1, maxConnections: 5, host: 'localhost' },
      { protocol: 'tls', port: 2, maxConnections: 5, host: 'localhost' },
      { protocol: 'wss', port: 3, maxConnections: 5, host: 'localhost' },
      { protocol: 'unix', path: 's', maxConnections: 5 }
    ]
  )
})

t.test('options become those of createBroker()', async t => {
  t.same(settings('').broker, { strict: false })
  const { broker } = settings(
    '--max-qos 1 --no-retain --no-wildcards --no-shared --no-subscription-identifiers --no-topic-aliases ' +
      '--connect-timeout 2s --server-keep-alive 1m --max-session-expiry 1h --max-packet-size 1M ' +
      '--max-queued-messages unlimited --refuse close --allow-anonymous --response-information x'
  )
  t.same(broker, {
    ...{ strict: false, maximumQoS: 1, retainAvailable: false, wildcardSubscriptions: false },
    ...{ sharedSubscriptions: false, subscriptionIdentifiers: false, topicAliases: false },
    ...{
      connectTimeout: 2000,
      serverKeepAlive: 60,
      maximumSessionExpiry: 3600,
      maximumPacketSize: 1_048_576
    },
    ...{ maximumQueuedMessages: Number.POSITIVE_INFINITY, refuse: 'close', allowAnonymous: true },
    ...{ responseInformation: 'x' }
  })
  t.doesNotThrow(() => createBroker(broker))
})

t.test('a flag that is taken back says the opposite', async t => {
  t.same(settings('--no-retain=false --allow-anonymous=no').broker, {
    ...{ strict: false, retainAvailable: true, allowAnonymous: false }
  })
})

t.test('user, files and log', async t => {
  t.match(settings(''), { tls: null, user: null, level: 'info', format: null })
  t.match(settings(`--username ada --password x --tls-port 0 ${tls} --log-level debug --log-format json`), {
    user: { name: 'ada', password: 'x', passwordFile: undefined },
    tls: { cert: 'c', key: 'k', ca: undefined, requireClientCert: false },
    level: 'debug',
    format: 'json'
  })
})

t.test('a client certificate that is required is all a client needs, unless there is a user', async t => {
  const line = `--tls-port 0 --wss-port 0 --port 0 ${tls} --tls-ca a --tls-require-client-cert`
  t.same(
    settings(line).listeners.map(({ allowAnonymous }) => allowAnonymous),
    [undefined, true, true]
  )
  const withUser = settings(`${line} --username u --password p`).listeners
  t.same(
    withUser.map(({ allowAnonymous }) => allowAnonymous),
    [undefined, undefined, undefined]
  )
})

t.test('says what does not fit together', async t => {
  const cases: Array<[string, string[]]> = [
    ['--tls-port 0', ['--tls-port needs --tls-cert and --tls-key']],
    [
      '--tls-port 0 --wss-port 0 --tls-cert c',
      ['--tls-port needs --tls-cert and --tls-key', '--wss-port needs --tls-cert and --tls-key']
    ],
    [tls, ['--tls-cert needs --tls-port or --wss-port', '--tls-key needs --tls-port or --wss-port']],
    [`--tls-port 0 ${tls} --tls-require-client-cert`, ['--tls-require-client-cert needs --tls-ca']],
    ['--port 1 --ws-path /x', ['--ws-path needs --ws-port or --wss-port']],
    ['--username u', ['--username needs --password or --password-file']],
    ['--password p', ['a password needs --username']],
    [
      '--username u --password p --password-file f',
      ['--password and --password-file are both given: choose one']
    ]
  ]
  for (const [line, problems] of cases) t.same(misfits(values(line)), problems, line)
})

t.test('what fits together has no misfits', async t => {
  const fine = [
    ...['', '--ws-path /x', '--host 127.0.0.1', '--host localhost --port 0', '--unix s'],
    ...[`--tls-port 0 ${tls}`, `--wss-port 0 ${tls} --ws-path /x`, '--username u --password-file f'],
    `--tls-port 0 ${tls} --tls-ca a --tls-require-client-cert --host 0.0.0.0`
  ]
  for (const line of fine) t.same(misfits(values(line)), [], line)
})

t.test('an address that others reach needs a password, or the word that it does not', async t => {
  const text =
    '--host 0.0.0.0 is open to other machines and nobody needs a password there: ' +
    'add --username and --password-file, or --allow-anonymous to let everybody in'
  t.same(misfits(values('--host 0.0.0.0')), [text])
  t.same(
    misfits(values(`--host 0.0.0.0 --port 0 --tls-port 0 ${tls} --tls-ca a --tls-require-client-cert`)),
    [text]
  )
  for (const more of ['--allow-anonymous', '--allow-anonymous=false', '--username u --password p']) {
    t.same(misfits(values(`--host 0.0.0.0 ${more}`)), [], more)
  }
})

t.test('the broker judges addresses the same way', async t => {
  const broker = createBroker()
  t.teardown(() => broker.close())
  for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
    t.equal(misfits(values(`--host ${host}`)).length, 1, host)
    const err = await broker.listen({ port: 0, host }).catch(err => err)
    t.type(err, StackError)
    t.equal(err.code, 'STACK_LISTEN')
    t.match(err.message, /nobody authenticates clients/)
  }
})
